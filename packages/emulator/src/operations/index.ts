import { createEvaluator, deleteEvaluator, getEvaluator, updateEvaluator } from './evaluators.ts'
import { listAccounts, listEvaluators } from './list.ts'
import type { Operations } from './operation.ts'
import { getBuildLogEndpoint, getSourceCodeSignedUrl, getUploadEndpoint, validateUpload } from './upload.ts'

/** What each operation of the OpenAPI document does. */
export const operations: Operations = {
  Gateway_ListAccounts: listAccounts,
  Gateway_ListEvaluators: listEvaluators,
  Gateway_GetEvaluator: getEvaluator,
  Gateway_UpdateEvaluator: updateEvaluator,
  Gateway_DeleteEvaluator: deleteEvaluator,
  Gateway_GetEvaluatorBuildLogEndpoint: getBuildLogEndpoint,
  Gateway_GetEvaluatorSourceCodeEndpoint: getSourceCodeSignedUrl,
  Gateway_GetEvaluatorUploadEndpoint: getUploadEndpoint,
  Gateway_ValidateEvaluatorUpload: validateUpload,
  Gateway_CreateEvaluatorV2: createEvaluator,
}
