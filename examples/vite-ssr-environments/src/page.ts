import { lengthScore } from './score.ts'

const [answer, output] = [document.querySelector('input'), document.querySelector('output')]
answer?.addEventListener('input', () => {
  if (output) output.value = lengthScore(answer.value).toFixed(2)
})
