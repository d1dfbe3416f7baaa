// Generated from openapi/evaluators.yaml by `pnpm --filter @fw/evaluator-emulator generate`. Do not edit.
import type { OpenApiDocument } from '../openapi-document.ts'

export const document: OpenApiDocument = {
  "openapi": "3.1.0",
  "info": {
    "title": "Fireworks gateway: evaluators",
    "version": "4.259.0"
  },
  "servers": [
    {
      "url": "https://api.fireworks.ai"
    }
  ],
  "security": [
    {
      "BearerAuth": []
    }
  ],
  "paths": {
    "/v1/accounts": {
      "get": {
        "operationId": "Gateway_ListAccounts",
        "responses": {
          "200": {
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/gatewayListAccountsResponse"
                }
              }
            },
            "description": "OK"
          }
        },
        "parameters": [
          {
            "name": "pageSize",
            "in": "query",
            "required": false,
            "schema": {
              "type": "integer",
              "format": "int32"
            }
          },
          {
            "name": "pageToken",
            "in": "query",
            "required": false,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "filter",
            "in": "query",
            "required": false,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "orderBy",
            "in": "query",
            "required": false,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "readMask",
            "in": "query",
            "required": false,
            "schema": {
              "type": "string"
            }
          }
        ],
        "tags": [
          "Gateway"
        ]
      }
    },
    "/v1/accounts/{account_id}/evaluators": {
      "get": {
        "operationId": "Gateway_ListEvaluators",
        "responses": {
          "200": {
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/gatewayListEvaluatorsResponse"
                }
              }
            },
            "description": "OK"
          }
        },
        "parameters": [
          {
            "name": "pageSize",
            "in": "query",
            "required": false,
            "schema": {
              "type": "integer",
              "format": "int32"
            }
          },
          {
            "name": "pageToken",
            "in": "query",
            "required": false,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "filter",
            "in": "query",
            "required": false,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "orderBy",
            "in": "query",
            "required": false,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "readMask",
            "in": "query",
            "required": false,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "account_id",
            "in": "path",
            "required": true,
            "schema": {
              "type": "string"
            }
          }
        ],
        "tags": [
          "Gateway"
        ]
      }
    },
    "/v1/accounts/{account_id}/evaluators/{evaluator_id}": {
      "get": {
        "operationId": "Gateway_GetEvaluator",
        "responses": {
          "200": {
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/gatewayEvaluator"
                }
              }
            },
            "description": "OK"
          }
        },
        "parameters": [
          {
            "name": "readMask",
            "in": "query",
            "required": false,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "account_id",
            "in": "path",
            "required": true,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "evaluator_id",
            "in": "path",
            "required": true,
            "schema": {
              "type": "string"
            }
          }
        ],
        "tags": [
          "Gateway"
        ]
      },
      "patch": {
        "operationId": "Gateway_UpdateEvaluator",
        "responses": {
          "200": {
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/gatewayEvaluator"
                }
              }
            },
            "description": "OK"
          }
        },
        "parameters": [
          {
            "name": "prepareCodeUpload",
            "in": "query",
            "required": false,
            "schema": {
              "type": "boolean"
            }
          },
          {
            "name": "account_id",
            "in": "path",
            "required": true,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "evaluator_id",
            "in": "path",
            "required": true,
            "schema": {
              "type": "string"
            }
          }
        ],
        "requestBody": {
          "content": {
            "application/json": {
              "schema": {
                "type": "object",
                "properties": {
                  "displayName": {
                    "type": "string"
                  },
                  "description": {
                    "type": "string"
                  },
                  "createTime": {
                    "type": "string",
                    "format": "date-time",
                    "readOnly": true
                  },
                  "createdBy": {
                    "type": "string",
                    "readOnly": true
                  },
                  "updateTime": {
                    "type": "string",
                    "format": "date-time",
                    "readOnly": true
                  },
                  "state": {
                    "$ref": "#/components/schemas/gatewayEvaluatorState",
                    "readOnly": true
                  },
                  "criteria": {
                    "type": "array",
                    "items": {
                      "type": "object",
                      "$ref": "#/components/schemas/gatewayCriterion"
                    }
                  },
                  "requirements": {
                    "type": "string"
                  },
                  "entryPoint": {
                    "type": "string"
                  },
                  "status": {
                    "$ref": "#/components/schemas/gatewayStatus",
                    "readOnly": true
                  },
                  "commitHash": {
                    "type": "string"
                  },
                  "source": {
                    "$ref": "#/components/schemas/EvaluatorSource"
                  },
                  "defaultDataset": {
                    "type": "string"
                  }
                }
              }
            }
          },
          "required": true
        },
        "tags": [
          "Gateway"
        ]
      },
      "delete": {
        "operationId": "Gateway_DeleteEvaluator",
        "responses": {
          "200": {
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "properties": {}
                }
              }
            },
            "description": "OK"
          }
        },
        "parameters": [
          {
            "name": "account_id",
            "in": "path",
            "required": true,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "evaluator_id",
            "in": "path",
            "required": true,
            "schema": {
              "type": "string"
            }
          }
        ],
        "tags": [
          "Gateway"
        ]
      }
    },
    "/v1/accounts/{account_id}/evaluators/{evaluator_id}:getBuildLogEndpoint": {
      "get": {
        "operationId": "Gateway_GetEvaluatorBuildLogEndpoint",
        "responses": {
          "200": {
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/gatewayGetEvaluatorBuildLogEndpointResponse"
                }
              }
            },
            "description": "OK"
          }
        },
        "parameters": [
          {
            "name": "readMask",
            "in": "query",
            "required": false,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "account_id",
            "in": "path",
            "required": true,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "evaluator_id",
            "in": "path",
            "required": true,
            "schema": {
              "type": "string"
            }
          }
        ],
        "tags": [
          "Gateway"
        ]
      }
    },
    "/v1/accounts/{account_id}/evaluators/{evaluator_id}:getSourceCodeSignedUrl": {
      "get": {
        "operationId": "Gateway_GetEvaluatorSourceCodeEndpoint",
        "responses": {
          "200": {
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/gatewayGetEvaluatorSourceCodeEndpointResponse"
                }
              }
            },
            "description": "OK"
          }
        },
        "parameters": [
          {
            "name": "readMask",
            "in": "query",
            "required": false,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "account_id",
            "in": "path",
            "required": true,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "evaluator_id",
            "in": "path",
            "required": true,
            "schema": {
              "type": "string"
            }
          }
        ],
        "tags": [
          "Gateway"
        ]
      }
    },
    "/v1/accounts/{account_id}/evaluators/{evaluator_id}:getUploadEndpoint": {
      "post": {
        "operationId": "Gateway_GetEvaluatorUploadEndpoint",
        "responses": {
          "200": {
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/gatewayGetEvaluatorUploadEndpointResponse"
                }
              }
            },
            "description": "OK"
          }
        },
        "parameters": [
          {
            "name": "account_id",
            "in": "path",
            "required": true,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "evaluator_id",
            "in": "path",
            "required": true,
            "schema": {
              "type": "string"
            }
          }
        ],
        "requestBody": {
          "content": {
            "application/json": {
              "schema": {
                "$ref": "#/components/schemas/GatewayGetEvaluatorUploadEndpointBody"
              }
            }
          },
          "required": true
        },
        "tags": [
          "Gateway"
        ]
      }
    },
    "/v1/accounts/{account_id}/evaluators/{evaluator_id}:validateUpload": {
      "post": {
        "operationId": "Gateway_ValidateEvaluatorUpload",
        "responses": {
          "200": {
            "content": {
              "application/json": {
                "schema": {
                  "type": "object",
                  "properties": {}
                }
              }
            },
            "description": "OK"
          }
        },
        "parameters": [
          {
            "name": "account_id",
            "in": "path",
            "required": true,
            "schema": {
              "type": "string"
            }
          },
          {
            "name": "evaluator_id",
            "in": "path",
            "required": true,
            "schema": {
              "type": "string"
            }
          }
        ],
        "requestBody": {
          "content": {
            "application/json": {
              "schema": {
                "$ref": "#/components/schemas/GatewayValidateEvaluatorUploadBody"
              }
            }
          },
          "required": true
        },
        "tags": [
          "Gateway"
        ]
      }
    },
    "/v1/accounts/{account_id}/evaluatorsV2": {
      "post": {
        "operationId": "Gateway_CreateEvaluatorV2",
        "responses": {
          "200": {
            "content": {
              "application/json": {
                "schema": {
                  "$ref": "#/components/schemas/gatewayEvaluator"
                }
              }
            },
            "description": "OK"
          }
        },
        "parameters": [
          {
            "name": "account_id",
            "in": "path",
            "required": true,
            "schema": {
              "type": "string"
            }
          }
        ],
        "requestBody": {
          "content": {
            "application/json": {
              "schema": {
                "$ref": "#/components/schemas/GatewayCreateEvaluatorV2Body"
              }
            }
          },
          "required": true
        },
        "tags": [
          "Gateway"
        ]
      }
    }
  },
  "components": {
    "schemas": {
      "EvaluatorSource": {
        "type": "object",
        "properties": {
          "type": {
            "$ref": "#/components/schemas/EvaluatorSourceType"
          },
          "githubRepositoryName": {
            "type": "string"
          }
        }
      },
      "EvaluatorSourceType": {
        "type": "string",
        "enum": [
          "TYPE_UNSPECIFIED",
          "TYPE_UPLOAD",
          "TYPE_GITHUB",
          "TYPE_TEMPORARY"
        ],
        "default": "TYPE_UNSPECIFIED"
      },
      "GatewayCreateEvaluatorV2Body": {
        "type": "object",
        "properties": {
          "evaluator": {
            "$ref": "#/components/schemas/gatewayEvaluator"
          },
          "evaluatorId": {
            "type": "string"
          }
        },
        "required": [
          "evaluator"
        ]
      },
      "GatewayGetEvaluatorUploadEndpointBody": {
        "type": "object",
        "properties": {
          "filenameToSize": {
            "type": "object",
            "additionalProperties": {
              "type": "string",
              "format": "int64"
            }
          },
          "readMask": {
            "type": "string"
          }
        },
        "required": [
          "filenameToSize"
        ]
      },
      "GatewayValidateEvaluatorUploadBody": {
        "type": "object"
      },
      "gatewayAccount": {
        "type": "object",
        "properties": {
          "name": {
            "type": "string",
            "readOnly": true
          },
          "displayName": {
            "type": "string"
          },
          "email": {
            "type": "string"
          }
        }
      },
      "gatewayCode": {
        "type": "string",
        "enum": [
          "OK",
          "CANCELLED",
          "UNKNOWN",
          "INVALID_ARGUMENT",
          "DEADLINE_EXCEEDED",
          "NOT_FOUND",
          "ALREADY_EXISTS",
          "PERMISSION_DENIED",
          "UNAUTHENTICATED",
          "RESOURCE_EXHAUSTED",
          "FAILED_PRECONDITION",
          "ABORTED",
          "OUT_OF_RANGE",
          "UNIMPLEMENTED",
          "INTERNAL",
          "UNAVAILABLE",
          "DATA_LOSS"
        ],
        "default": "OK"
      },
      "gatewayCodeSnippets": {
        "type": "object",
        "properties": {
          "language": {
            "type": "string"
          },
          "fileContents": {
            "type": "object",
            "additionalProperties": {
              "type": "string"
            }
          },
          "entryFile": {
            "type": "string"
          },
          "entryFunc": {
            "type": "string"
          }
        }
      },
      "gatewayCriterion": {
        "type": "object",
        "properties": {
          "type": {
            "$ref": "#/components/schemas/gatewayCriterionType"
          },
          "name": {
            "type": "string"
          },
          "description": {
            "type": "string"
          },
          "codeSnippets": {
            "$ref": "#/components/schemas/gatewayCodeSnippets"
          }
        }
      },
      "gatewayCriterionType": {
        "type": "string",
        "enum": [
          "TYPE_UNSPECIFIED",
          "CODE_SNIPPETS"
        ],
        "default": "TYPE_UNSPECIFIED"
      },
      "gatewayEvaluator": {
        "type": "object",
        "properties": {
          "name": {
            "type": "string",
            "readOnly": true
          },
          "displayName": {
            "type": "string"
          },
          "description": {
            "type": "string"
          },
          "createTime": {
            "type": "string",
            "format": "date-time",
            "readOnly": true
          },
          "createdBy": {
            "type": "string",
            "readOnly": true
          },
          "updateTime": {
            "type": "string",
            "format": "date-time",
            "readOnly": true
          },
          "state": {
            "$ref": "#/components/schemas/gatewayEvaluatorState",
            "readOnly": true
          },
          "criteria": {
            "type": "array",
            "items": {
              "type": "object",
              "$ref": "#/components/schemas/gatewayCriterion"
            }
          },
          "requirements": {
            "type": "string"
          },
          "entryPoint": {
            "type": "string"
          },
          "status": {
            "$ref": "#/components/schemas/gatewayStatus",
            "readOnly": true
          },
          "commitHash": {
            "type": "string"
          },
          "source": {
            "$ref": "#/components/schemas/EvaluatorSource"
          },
          "defaultDataset": {
            "type": "string"
          }
        }
      },
      "gatewayEvaluatorState": {
        "type": "string",
        "enum": [
          "STATE_UNSPECIFIED",
          "ACTIVE",
          "BUILDING",
          "BUILD_FAILED"
        ],
        "default": "STATE_UNSPECIFIED"
      },
      "gatewayGetEvaluatorBuildLogEndpointResponse": {
        "type": "object",
        "properties": {
          "buildLogSignedUri": {
            "type": "string"
          }
        }
      },
      "gatewayGetEvaluatorSourceCodeEndpointResponse": {
        "type": "object",
        "properties": {
          "filenameToSignedUrls": {
            "type": "object",
            "additionalProperties": {
              "type": "string"
            }
          }
        }
      },
      "gatewayGetEvaluatorUploadEndpointResponse": {
        "type": "object",
        "properties": {
          "filenameToSignedUrls": {
            "type": "object",
            "additionalProperties": {
              "type": "string"
            }
          }
        }
      },
      "gatewayListAccountsResponse": {
        "type": "object",
        "properties": {
          "accounts": {
            "type": "array",
            "items": {
              "type": "object",
              "$ref": "#/components/schemas/gatewayAccount"
            }
          },
          "nextPageToken": {
            "type": "string"
          },
          "totalSize": {
            "type": "integer",
            "format": "int32"
          }
        }
      },
      "gatewayListEvaluatorsResponse": {
        "type": "object",
        "properties": {
          "evaluators": {
            "type": "array",
            "items": {
              "type": "object",
              "$ref": "#/components/schemas/gatewayEvaluator"
            }
          },
          "nextPageToken": {
            "type": "string"
          },
          "totalSize": {
            "type": "integer",
            "format": "int32"
          }
        }
      },
      "gatewayStatus": {
        "type": "object",
        "properties": {
          "code": {
            "$ref": "#/components/schemas/gatewayCode"
          },
          "message": {
            "type": "string"
          }
        }
      }
    },
    "securitySchemes": {
      "BearerAuth": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "API_KEY"
      }
    }
  }
}
