export const score = (answer) => (answer.trim() === '42' ? 1 : 0)
