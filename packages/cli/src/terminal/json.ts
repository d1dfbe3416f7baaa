/** Characters that JSON allows, but that control a terminal or change the order of text. They are escaped. */
const NOT_FOR_TERMINALS = /[\u007f-\u009f\u2028\u2029\p{Bidi_Control}]/gu

/** A JSON document that is harmless on a terminal. The value is the same. */
export function jsonDocument(value: unknown): string {
  return escapeForTerminal(JSON.stringify(value, null, 2))
}

/** `text` between the quotes of a JSON string. */
export function jsonText(text: string): string {
  return escapeForTerminal(JSON.stringify(text)).slice(1, -1)
}

function escapeForTerminal(document: string): string {
  return document.replace(
    NOT_FOR_TERMINALS,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
