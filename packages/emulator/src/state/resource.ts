import type { EvaluatorFields, EvaluatorRecord, State } from './state.ts'

/**
 * An evaluator in an answer of the gateway. It has unset fields, as `""`, `[]` or null, and one field that is not in
 * the OpenAPI document, as in recordings of the service.
 */
export function toResource(state: State, record: EvaluatorRecord): Record<string, unknown> {
  const { fields } = record
  return {
    name: `accounts/${state.accountId}/evaluators/${record.id}`,
    displayName: fields.displayName ?? '',
    description: fields.description ?? '',
    createTime: record.createTime,
    createdBy: `${state.accountId}@example.com`,
    updateTime: record.updateTime,
    state: record.state,
    criteria: fields.criteria ?? [],
    requirements: fields.requirements ?? '',
    entryPoint: fields.entryPoint ?? '',
    status: record.status,
    commitHash: fields.commitHash ?? '',
    source: fields.source ?? null,
    defaultDataset: fields.defaultDataset ?? '',
    encryptionState: 'ENCRYPTION_STATE_UNSPECIFIED',
  }
}

/** Only the given fields that a client may write. */
export function writableFields(given: EvaluatorFields): EvaluatorFields {
  const { displayName, description, criteria, requirements, entryPoint, commitHash, source, defaultDataset } =
    given
  return {
    ...(displayName !== undefined && { displayName }),
    ...(description !== undefined && { description }),
    ...(criteria !== undefined && { criteria }),
    ...(requirements !== undefined && { requirements }),
    ...(entryPoint !== undefined && { entryPoint }),
    ...(commitHash !== undefined && { commitHash }),
    ...(source !== undefined && { source }),
    ...(defaultDataset !== undefined && { defaultDataset }),
  }
}
