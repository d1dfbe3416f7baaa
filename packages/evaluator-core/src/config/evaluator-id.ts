import { EvaluatorUploadError } from '../errors.ts'

/** From the service's documentation, of evaluators; those of accounts are held to the same. */
const LEGAL_ID = /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/
const LEGAL_CHARACTERS = '1 to 63 of a–z, 0–9 and "-", starts with a letter and does not end in "-"'
const RESOURCE_NAME = /^(?:accounts\/([^/]+)\/)?evaluators\/([^/]+)$/

export interface EvaluatorName {
  readonly evaluatorId: string
  /** Only if the full name was given. */
  readonly accountId?: string
}

/**
 * Whether the service accepts `id` as the id of an evaluator.
 *
 * @example
 * ```ts
 * isEvaluatorId('my-evaluator') // true
 * isEvaluatorId('My_Evaluator') // false
 * ```
 */
export function isEvaluatorId(id: string): boolean {
  return LEGAL_ID.test(id)
}

/**
 * Reads `my-evaluator` or `accounts/<account>/evaluators/my-evaluator`; without the account too, as a dry run that
 * knows none names it.
 * @throws EvaluatorUploadError FW_CONFIG, with the nearest legal id in the hint
 */
export function parseEvaluatorName(name: unknown): EvaluatorName {
  if (typeof name !== 'string' || name === '') {
    throw new EvaluatorUploadError('FW_CONFIG', 'No evaluator id was given.', {
      hint: 'Set evaluatorId, for example "my-evaluator".',
    })
  }
  const full = RESOURCE_NAME.exec(name)
  const evaluatorId = full?.[2] ?? name
  if (!isEvaluatorId(evaluatorId)) {
    const legal = nearestEvaluatorId(evaluatorId)
    throw new EvaluatorUploadError(
      'FW_CONFIG',
      `"${evaluatorId}" cannot be an evaluator's id: it takes ${LEGAL_CHARACTERS}.`,
      { hint: legal ? `For example: "${legal}".` : 'For example: "my-evaluator".' },
    )
  }
  return full?.[1] ? { evaluatorId, accountId: checkAccountId(full[1]) } : { evaluatorId }
}

/**
 * An account id becomes a part of a path: a slash or a dot too many would make it another path.
 * @param code FW_GATEWAY where it is the service that named it
 * @throws EvaluatorUploadError
 */
export function checkAccountId(accountId: string, code: 'FW_CONFIG' | 'FW_GATEWAY' = 'FW_CONFIG'): string {
  if (LEGAL_ID.test(accountId)) return accountId
  const by = code === 'FW_GATEWAY' ? ', as which the service names it,' : ''
  throw new EvaluatorUploadError(
    code,
    `"${accountId}"${by} cannot be an account's id: it takes ${LEGAL_CHARACTERS}.`,
    {
      hint: 'It is the word after "accounts/" in the names that the dashboard shows; FIREWORKS_ACCOUNT_ID sets it.',
    },
  )
}

/**
 * An id that is much like `text`, which may be any name; `undefined` where nothing of it can stay.
 *
 * @example
 * ```ts
 * nearestEvaluatorId('@acme/Größe') // 'acme-gro-e'
 * ```
 */
export function nearestEvaluatorId(text: string): string | undefined {
  const legal = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+/, '')
    .slice(0, 63)
    .replace(/-+$/, '')
  return LEGAL_ID.test(legal) ? legal : undefined
}
