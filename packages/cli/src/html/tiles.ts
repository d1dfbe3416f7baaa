import { hierarchy, treemap } from 'd3-hierarchy'
import type { Measure } from './rows.ts'
import { biggest, type TreeNode } from './tree.ts'

/** A rectangle of the map, in CSS pixels. */
export interface Tile {
  readonly node: TreeNode
  /** 1: in the shown folder; 2 and 3: one level deeper each. */
  readonly depth: number
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Space for the name of a folder, above its children. */
const LABEL_HEIGHT = 22
/** The largest number of a folder's children with their own tile, by level: nobody could see or reach more. */
const MOST_CHILDREN = [40, 40, 20]
/** Nobody can point at a smaller tile. */
const LEAST_SIDE = 3

interface ShownNode {
  node: TreeNode
  shown: ShownNode[]
}

/**
 * Lays out a folder, three levels deep. Areas are proportional to the measure, except frames. Empty files have no tile.
 */
export function layOut(
  folder: TreeNode,
  { measure, width, height }: { measure: Measure; width: number; height: number },
): Tile[] {
  const show = (node: TreeNode, depth: number): ShownNode => ({
    node,
    shown: biggest(node, measure, MOST_CHILDREN[depth] ?? 0).map((child) => show(child, depth + 1)),
  })
  const root = hierarchy(show(folder, 0), ({ shown }) => shown).sum(({ node, shown }) =>
    shown.length === 0 ? node[measure] : 0,
  )
  const layout = treemap<ShownNode>()
    .size([width, height])
    .paddingInner(2)
    // A folder frames its children, below its name. If there is no room, its tile is empty.
    .paddingTop(({ depth, data }) => (depth > 0 && data.shown.length > 0 ? LABEL_HEIGHT : 0))
    .paddingRight(({ depth }) => (depth > 0 ? 2 : 0))
    .paddingBottom(({ depth }) => (depth > 0 ? 2 : 0))
    .paddingLeft(({ depth }) => (depth > 0 ? 2 : 0))
    .round(true)
  const tiles: Tile[] = []
  // Children follow their folder, which is the order for arrow keys and screen readers.
  layout(root).eachBefore(({ data, depth, x0, y0, x1, y1 }) => {
    const tile = { node: data.node, depth, x: x0, y: y0, width: x1 - x0, height: y1 - y0 }
    if (depth > 0 && tile.width >= LEAST_SIDE && tile.height >= LEAST_SIDE) tiles.push(tile)
  })
  return tiles
}
