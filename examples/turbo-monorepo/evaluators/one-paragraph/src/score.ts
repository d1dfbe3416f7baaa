/** 1 for one paragraph, less for more. */
export function score(answer: string): number {
  const paragraphs = answer.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== '')
  return paragraphs.length === 0 ? 0 : 1 / paragraphs.length
}
