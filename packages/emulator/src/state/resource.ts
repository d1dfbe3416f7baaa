import type { EvaluatorFields, EvaluatorRecord, State } from './state.ts'

/**
 * An evaluator as the gateway shows it. Unset fields are there, as `""`, `[]` or null, and so is one that the OpenAPI
 * document does not know, as in recordings of the service.
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

/** Only what a client may write; what was not given is not there. */
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
