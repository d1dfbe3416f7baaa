import type { FaultAction } from '../../faults/faults.ts'

/** A value of a fault. */
export interface FaultField {
  name: string
  label: string
  /** The minimum of a whole number. A field without it is text. */
  min?: number
  max?: number
  /** The value in an untouched form. */
  initial?: string
  required?: boolean
}

/** The label of each fault, and its fields in the form. */
export const faultKinds: Readonly<
  Record<FaultAction['kind'], { label: string; fields?: readonly FaultField[] }>
> = {
  status: {
    label: 'Answers with a status',
    fields: [
      { name: 'status', label: 'Status', min: 200, max: 599, initial: '503', required: true },
      { name: 'body', label: 'Body' },
    ],
  },
  reset: { label: 'Connection reset before anything is done' },
  'reset-after': { label: 'Connection reset after the work is done' },
  'reset-mid-body': {
    label: 'Connection reset during the upload',
    fields: [{ name: 'bytes', label: 'After bytes', min: 0 }],
  },
  hang: { label: 'No answer' },
  stall: { label: 'Half an answer, then nothing' },
  slow: {
    label: 'Slow',
    fields: [
      { name: 'delayMs', label: 'Wait first, ms', min: 0, initial: '2000' },
      { name: 'bytesPerSecond', label: 'Bytes a second', min: 1 },
    ],
  },
  'half-body': { label: 'Connection closed before the end of the answer' },
  garbage: { label: 'Bytes that are not HTTP' },
  html: {
    label: "A proxy's page",
    fields: [{ name: 'status', label: 'Status', min: 200, max: 599, initial: '502' }],
  },
  redirect: {
    label: 'A redirect',
    fields: [
      { name: 'location', label: 'Location', initial: 'https://example.com/', required: true },
      { name: 'status', label: 'Status', min: 300, max: 399, initial: '302' },
    ],
  },
  'truncated-json': { label: 'Half a JSON document' },
  'huge-json': { label: 'A huge JSON document', fields: [{ name: 'bytes', label: 'Bytes', min: 0 }] },
  'wrong-md5': { label: 'The store reports another md5' },
  'expired-url': { label: 'The URL has expired' },
  'empty-urls': { label: 'No URL in the answer' },
  'wrong-filename': { label: 'The URL has another name' },
  'signed-header': {
    label: 'The URL needs one more header',
    fields: [
      { name: 'name', label: 'Name', initial: 'x-goog-meta-extra', required: true },
      { name: 'value', label: 'Value', initial: '1', required: true },
    ],
  },
  'not-landed': { label: 'The store has not written the file yet' },
  'build-fails': {
    label: 'The build fails',
    fields: [
      { name: 'message', label: 'Message' },
      { name: 'log', label: 'Log' },
    ],
  },
  'build-never-ends': { label: 'The build never ends' },
  'clock-skew': {
    label: "The server's clock is wrong",
    fields: [{ name: 'ms', label: 'Ahead, ms', min: -1e12, initial: '3600000', required: true }],
  },
}
