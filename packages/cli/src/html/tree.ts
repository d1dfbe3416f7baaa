import type { Measure, Sizes } from './rows.ts'

/** A folder or a file. */
export interface TreeNode extends Sizes {
  readonly name: string
  /** From the root; empty for the root itself. */
  readonly path: string
  /** Undefined for a file. */
  readonly children: readonly TreeNode[] | undefined
  /** Files in it; 1 for a file. */
  readonly count: number
  /** True for a node that replaces many small ones. */
  readonly isRest?: boolean
}

interface OpenFolder {
  folders: Map<string, OpenFolder>
  files: Map<string, Sizes>
}

/** The folders and files of a list of paths. */
export function buildTree(files: Iterable<readonly [path: string, sizes: Sizes]>): TreeNode {
  const root: OpenFolder = { folders: new Map(), files: new Map() }
  for (const [path, sizes] of files) {
    const names = path.split('/')
    const fileName = names.pop() ?? path
    let folder = root
    for (const name of names) {
      const next = folder.folders.get(name) ?? { folders: new Map(), files: new Map() }
      folder.folders.set(name, next)
      folder = next
    }
    folder.files.set(fileName, sizes)
  }
  return closeFolder(root, '', '')
}

function closeFolder({ folders, files }: OpenFolder, name: string, path: string): TreeNode {
  const below = (child: string): string => (path === '' ? child : `${path}/${child}`)
  const children = [
    ...Array.from(folders, ([child, folder]) => closeFolder(folder, child, below(child))),
    ...Array.from(files, ([child, sizes]): TreeNode => {
      return { name: child, path: below(child), children: undefined, count: 1, ...sizes }
    }),
  ]
  return { name, path, children, ...sum(children) }
}

function sum(nodes: readonly TreeNode[]): Sizes & { count: number } {
  let size = 0
  let compressed = 0
  let count = 0
  for (const node of nodes) {
    size += node.size
    compressed += node.compressed
    count += node.count
  }
  return { size, compressed, count }
}

/** The folder at `path`, if the tree has it. */
export function findFolder(root: TreeNode, path: string): TreeNode | undefined {
  if (path === '') return root
  let node: TreeNode | undefined = root
  for (const name of path.split('/')) {
    node = node?.children?.find((child) => child.children && child.name === name)
  }
  return node
}

/** The biggest `most` children, the biggest first, and one node for all the others. */
export function biggest(node: TreeNode, measure: Measure, most: number): readonly TreeNode[] {
  if (most === 0) return []
  const children = (node.children ?? []).toSorted((a, b) => b[measure] - a[measure])
  if (children.length <= most) return children
  const rest = children.slice(most - 1)
  const { count, ...sizes } = sum(rest)
  const name = `${count.toLocaleString('en')} smaller files`
  return [
    ...children.slice(0, most - 1),
    { name, path: node.path, children: undefined, count, ...sizes, isRest: true },
  ]
}
