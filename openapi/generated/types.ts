// Generated from openapi/evaluators.yaml by `pnpm --filter @fw/openapi generate`. Do not edit.
export interface paths {
    "/v1/accounts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Gateway_ListAccounts"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{account_id}/evaluators": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Gateway_ListEvaluators"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{account_id}/evaluators/{evaluator_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Gateway_GetEvaluator"];
        put?: never;
        post?: never;
        delete: operations["Gateway_DeleteEvaluator"];
        options?: never;
        head?: never;
        patch: operations["Gateway_UpdateEvaluator"];
        trace?: never;
    };
    "/v1/accounts/{account_id}/evaluators/{evaluator_id}:getBuildLogEndpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Gateway_GetEvaluatorBuildLogEndpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{account_id}/evaluators/{evaluator_id}:getSourceCodeSignedUrl": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get: operations["Gateway_GetEvaluatorSourceCodeEndpoint"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{account_id}/evaluators/{evaluator_id}:getUploadEndpoint": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Gateway_GetEvaluatorUploadEndpoint"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{account_id}/evaluators/{evaluator_id}:validateUpload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Gateway_ValidateEvaluatorUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/accounts/{account_id}/evaluatorsV2": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post: operations["Gateway_CreateEvaluatorV2"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        EvaluatorSource: {
            type?: components["schemas"]["EvaluatorSourceType"];
            githubRepositoryName?: string;
        };
        /**
         * @default TYPE_UNSPECIFIED
         * @enum {string}
         */
        EvaluatorSourceType: "TYPE_UNSPECIFIED" | "TYPE_UPLOAD" | "TYPE_GITHUB" | "TYPE_TEMPORARY";
        GatewayCreateEvaluatorV2Body: {
            evaluator: components["schemas"]["gatewayEvaluator"];
            evaluatorId?: string;
        };
        GatewayGetEvaluatorUploadEndpointBody: {
            filenameToSize: {
                [key: string]: string;
            };
            readMask?: string;
        };
        GatewayValidateEvaluatorUploadBody: Record<string, never>;
        gatewayAccount: {
            readonly name?: string;
            displayName?: string;
            email?: string;
        };
        /**
         * @default OK
         * @enum {string}
         */
        gatewayCode: "OK" | "CANCELLED" | "UNKNOWN" | "INVALID_ARGUMENT" | "DEADLINE_EXCEEDED" | "NOT_FOUND" | "ALREADY_EXISTS" | "PERMISSION_DENIED" | "UNAUTHENTICATED" | "RESOURCE_EXHAUSTED" | "FAILED_PRECONDITION" | "ABORTED" | "OUT_OF_RANGE" | "UNIMPLEMENTED" | "INTERNAL" | "UNAVAILABLE" | "DATA_LOSS";
        gatewayCodeSnippets: {
            language?: string;
            fileContents?: {
                [key: string]: string;
            };
            entryFile?: string;
            entryFunc?: string;
        };
        gatewayCriterion: {
            type?: components["schemas"]["gatewayCriterionType"];
            name?: string;
            description?: string;
            codeSnippets?: components["schemas"]["gatewayCodeSnippets"];
        };
        /**
         * @default TYPE_UNSPECIFIED
         * @enum {string}
         */
        gatewayCriterionType: "TYPE_UNSPECIFIED" | "CODE_SNIPPETS";
        gatewayEvaluator: {
            readonly name?: string;
            displayName?: string;
            description?: string;
            /** Format: date-time */
            readonly createTime?: string;
            readonly createdBy?: string;
            /** Format: date-time */
            readonly updateTime?: string;
            readonly state?: components["schemas"]["gatewayEvaluatorState"];
            criteria?: components["schemas"]["gatewayCriterion"][];
            requirements?: string;
            entryPoint?: string;
            readonly status?: components["schemas"]["gatewayStatus"];
            commitHash?: string;
            source?: components["schemas"]["EvaluatorSource"];
            defaultDataset?: string;
        };
        /**
         * @default STATE_UNSPECIFIED
         * @enum {string}
         */
        gatewayEvaluatorState: "STATE_UNSPECIFIED" | "ACTIVE" | "BUILDING" | "BUILD_FAILED";
        gatewayGetEvaluatorBuildLogEndpointResponse: {
            buildLogSignedUri?: string;
        };
        gatewayGetEvaluatorSourceCodeEndpointResponse: {
            filenameToSignedUrls?: {
                [key: string]: string;
            };
        };
        gatewayGetEvaluatorUploadEndpointResponse: {
            filenameToSignedUrls?: {
                [key: string]: string;
            };
        };
        gatewayListAccountsResponse: {
            accounts?: components["schemas"]["gatewayAccount"][];
            nextPageToken?: string;
            /** Format: int32 */
            totalSize?: number;
        };
        gatewayListEvaluatorsResponse: {
            evaluators?: components["schemas"]["gatewayEvaluator"][];
            nextPageToken?: string;
            /** Format: int32 */
            totalSize?: number;
        };
        gatewayStatus: {
            code?: components["schemas"]["gatewayCode"];
            message?: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    Gateway_ListAccounts: {
        parameters: {
            query?: {
                pageSize?: number;
                pageToken?: string;
                filter?: string;
                orderBy?: string;
                readMask?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["gatewayListAccountsResponse"];
                };
            };
        };
    };
    Gateway_ListEvaluators: {
        parameters: {
            query?: {
                pageSize?: number;
                pageToken?: string;
                filter?: string;
                orderBy?: string;
                readMask?: string;
            };
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["gatewayListEvaluatorsResponse"];
                };
            };
        };
    };
    Gateway_GetEvaluator: {
        parameters: {
            query?: {
                readMask?: string;
            };
            header?: never;
            path: {
                account_id: string;
                evaluator_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["gatewayEvaluator"];
                };
            };
        };
    };
    Gateway_DeleteEvaluator: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
                evaluator_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    Gateway_UpdateEvaluator: {
        parameters: {
            query?: {
                prepareCodeUpload?: boolean;
            };
            header?: never;
            path: {
                account_id: string;
                evaluator_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    displayName?: string;
                    description?: string;
                    /** Format: date-time */
                    readonly createTime?: string;
                    readonly createdBy?: string;
                    /** Format: date-time */
                    readonly updateTime?: string;
                    readonly state?: components["schemas"]["gatewayEvaluatorState"];
                    criteria?: components["schemas"]["gatewayCriterion"][];
                    requirements?: string;
                    entryPoint?: string;
                    readonly status?: components["schemas"]["gatewayStatus"];
                    commitHash?: string;
                    source?: components["schemas"]["EvaluatorSource"];
                    defaultDataset?: string;
                };
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["gatewayEvaluator"];
                };
            };
        };
    };
    Gateway_GetEvaluatorBuildLogEndpoint: {
        parameters: {
            query?: {
                readMask?: string;
            };
            header?: never;
            path: {
                account_id: string;
                evaluator_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["gatewayGetEvaluatorBuildLogEndpointResponse"];
                };
            };
        };
    };
    Gateway_GetEvaluatorSourceCodeEndpoint: {
        parameters: {
            query?: {
                readMask?: string;
            };
            header?: never;
            path: {
                account_id: string;
                evaluator_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["gatewayGetEvaluatorSourceCodeEndpointResponse"];
                };
            };
        };
    };
    Gateway_GetEvaluatorUploadEndpoint: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
                evaluator_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GatewayGetEvaluatorUploadEndpointBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["gatewayGetEvaluatorUploadEndpointResponse"];
                };
            };
        };
    };
    Gateway_ValidateEvaluatorUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
                evaluator_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GatewayValidateEvaluatorUploadBody"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    Gateway_CreateEvaluatorV2: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                account_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["GatewayCreateEvaluatorV2Body"];
            };
        };
        responses: {
            /** @description OK */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["gatewayEvaluator"];
                };
            };
        };
    };
}
