import { expect, test } from 'vitest'
import { layOut } from './tiles.ts'
import { buildTree } from './tree.ts'

const area = { width: 600, height: 400 }
const sizes = (size: number, compressed: number): { size: number; compressed: number } => ({
  size,
  compressed,
})

test('areas are proportional to the chosen size', () => {
  const tree = buildTree([
    ['big', sizes(30, 10)],
    ['small', sizes(10, 30)],
  ])
  const widths = (measure: 'size' | 'compressed'): [string, number][] =>
    layOut(tree, { ...area, measure }).map(({ node, width }) => [node.name, width])
  expect(widths('size')).toEqual([
    ['big', 450],
    ['small', 148],
  ])
  expect(widths('compressed')).toEqual([
    ['small', 450],
    ['big', 148],
  ])
})

test('three levels: a folder frames its children, below its name', () => {
  const tree = buildTree([
    ['lib/deep/er/a.js', sizes(3, 3)],
    ['lib/deep/a.js', sizes(2, 2)],
    ['lib/b.js', sizes(5, 5)],
    ['c.js', sizes(1, 1)],
  ])
  const tiles = layOut(tree, { ...area, measure: 'size' })
  expect(tiles.map(({ node, depth }) => [node.path, depth])).toEqual([
    ['lib', 1],
    ['lib/deep', 2],
    ['lib/deep/er', 3],
    ['lib/deep/a.js', 3],
    ['lib/b.js', 2],
    ['c.js', 1],
  ])
  expect(tiles[0]).toMatchObject({ x: 0, y: 0, height: area.height })
  expect(tiles.filter(({ depth }) => depth === 2).every(({ y }) => y >= 22)).toBe(true)
  expect(tiles.filter(({ depth }) => depth === 3).every(({ y }) => y >= 44)).toBe(true)
})

test('ten thousand files in one folder are a few tiles, and their sum is complete', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => `f${index}`)
  const tree = buildTree(names.map((name, index) => [name, sizes(index, index)]))
  const tiles = layOut(tree, { ...area, measure: 'size' })
  expect(tiles).toHaveLength(40)
  expect(tiles.reduce((sum, { node }) => sum + node.count, 0)).toBe(10_000)
})

test('empty files have no tile', () => {
  expect(layOut(buildTree([['empty', sizes(0, 2)]]), { ...area, measure: 'size' })).toEqual([])
})
