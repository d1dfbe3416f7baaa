import { expect, test } from 'vitest'
import { biggest, buildTree, findFolder } from './tree.ts'

const sizes = (size: number, compressed = size): { size: number; compressed: number } => ({
  size,
  compressed,
})
const tree = buildTree([
  ['a.js', sizes(5)],
  ['lib/b.js', sizes(10, 4)],
  ['lib/deep/c.js', sizes(20, 30)],
])

test('folders have the sums of their files', () => {
  expect(tree).toMatchObject({ path: '', size: 35, compressed: 39, count: 3 })
  expect(findFolder(tree, 'lib')).toMatchObject({
    name: 'lib',
    path: 'lib',
    size: 30,
    compressed: 34,
    count: 2,
  })
  expect(findFolder(tree, 'lib/deep')?.children).toMatchObject([
    { name: 'c.js', path: 'lib/deep/c.js', count: 1 },
  ])
})

test('a file or an unknown path is not found as a folder', () => {
  expect(findFolder(tree, '')).toBe(tree)
  expect(findFolder(tree, 'a.js')).toBe(undefined)
  expect(findFolder(tree, 'gone/deep')).toBe(undefined)
})

test('names such as `constructor` are names like others', () => {
  const odd = buildTree([['__proto__/constructor', sizes(1)]])
  expect(findFolder(odd, '__proto__')).toMatchObject({ count: 1, size: 1 })
})

test('the biggest children, and one node for the rest', () => {
  const many = buildTree(Array.from({ length: 10 }, (_, index) => [`f${index}`, sizes(index, 9 - index)]))
  expect(biggest(many, 'size', 10)).toHaveLength(10)
  expect(biggest(many, 'size', 4).map(({ name, size }) => [name, size])).toEqual([
    ['f9', 9],
    ['f8', 8],
    ['f7', 7],
    ['7 smaller files', 21],
  ])
  expect(biggest(many, 'compressed', 2)).toMatchObject([
    { name: 'f0' },
    { isRest: true, count: 9, compressed: 36 },
  ])
})
