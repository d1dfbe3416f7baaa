import { h } from '@fw/pages/dom'
import { formatBytes, formatPercent, plural, printable } from '@fw/pages/format'
import type { Change } from '../rows.ts'
import { layOut, type Tile } from '../tiles.ts'
import { findFolder, type TreeNode } from '../tree.ts'
import { kindOf } from './kinds.ts'
import type { Store } from './state.ts'

/** Smaller tiles have no room for a name. The line below the map shows it, and screen readers read it. */
const LEAST_NAMED = { width: 40, height: 18 }
/** A folder's size is next to its name, a file's below it. */
const LEAST_SIZED = { width: 90, folder: 18, file: 38 }

interface MapParts {
  name: string
  root: TreeNode
  store: Store
  /** With two archives: how the file at that path changed. */
  changeOf: ((path: string) => Change) | undefined
  /** Shows the full text of a tile that has no room for it. */
  tell(text: string): void
  /** Scrolls to the table of files, which lists the choice. */
  showInTable(): void
}

/** A map of one archive. It is one stop for Tab; the arrow keys move from tile to tile. */
export function createTreemap({ name, root, store, changeOf, tell, showInTable }: MapParts): HTMLElement {
  const map = h('div', { class: 'map', role: 'group' })
  let width = 0

  const draw = (): void => {
    const { folder, measure } = store.state
    const shown = findFolder(root, folder)
    map.setAttribute('aria-label', `Map of ${name}, by ${measure === 'size' ? '' : 'compressed '}size`)
    if (!shown || shown.count === 0) {
      map.replaceChildren(
        h('p', { class: 'empty' }, shown ? 'No files.' : 'This archive has no such folder.'),
      )
      return
    }
    const tiles = layOut(shown, { measure, width, height: map.clientHeight })
    map.replaceChildren(...tiles.map((tile) => draw_(tile, shown)))
    const [first] = map.children
    if (first) first.setAttribute('tabindex', '0')
    else map.append(h('p', { class: 'empty' }, 'All files here are empty.'))
  }

  const draw_ = (tile: Tile, shown: TreeNode): HTMLElement => {
    const { node, depth, x, y } = tile
    const { measure } = store.state
    const share = shown[measure] === 0 ? 0 : node[measure] / shown[measure]
    const size = formatBytes(node[measure])
    const what = node.isRest
      ? `in ${node.path || name}`
      : node.children && `folder with ${plural(node.count, 'file')}`
    const parts = [`${node.isRest ? node.name : node.path} ${size}`, formatPercent(share), what]
    // It begins with the text on the tile, for people who control their browser by voice.
    const label = printable(parts.filter(Boolean).join(', '))
    const hasName = tile.width >= LEAST_NAMED.width && tile.height >= LEAST_NAMED.height
    const hasSize =
      tile.width >= LEAST_SIZED.width && tile.height >= LEAST_SIZED[node.children ? 'folder' : 'file']
    const color = node.isRest || node.children ? 'none' : changeOf ? changeOf(node.path) : kindOf(node.name)
    const element = h(
      'button',
      { type: 'button', tabindex: -1, class: `tile ${color} depth-${depth}`, 'aria-label': label },
      hasName ? h('span', {}, printable(node.name)) : undefined,
      hasSize ? ' ' : undefined,
      hasSize ? h('span', { class: 'size' }, size) : undefined,
    )
    if (node.children) element.classList.add('folder')
    Object.assign(element.style, {
      left: `${x}px`,
      top: `${y}px`,
      width: `${tile.width}px`,
      height: `${tile.height}px`,
    })
    element.addEventListener('click', () => open(node))
    element.addEventListener('mouseenter', () => tell(label))
    element.addEventListener('focus', () => tell(label))
    return element
  }

  const open = (node: TreeNode): void => {
    if (node.children) {
      store.set({ folder: node.path })
      focusFirst()
    } else {
      store.set(node.isRest ? { folder: node.path, text: '' } : { text: node.path })
      showInTable()
    }
  }
  const focusFirst = (): void => map.querySelector('button')?.focus()

  map.addEventListener('keydown', (event) => {
    const tiles = [...map.querySelectorAll('button')]
    const at = tiles.findIndex((tile) => tile.matches(':focus'))
    if (event.key === 'Escape' || event.key === 'Backspace') {
      if (store.state.folder === '') return
      event.preventDefault()
      store.set({ folder: store.state.folder.split('/').slice(0, -1).join('/') })
      focusFirst()
      return
    }
    const to = target(event.key, at, tiles.length)
    const next = to === undefined ? undefined : tiles[to]
    if (!next) return
    event.preventDefault()
    tiles[at]?.setAttribute('tabindex', '-1')
    next.setAttribute('tabindex', '0')
    next.focus()
  })
  store.follow((state, before) => {
    if (state.folder !== before.folder || state.measure !== before.measure) draw()
  })
  new ResizeObserver(() => {
    if (map.clientWidth === width) return
    width = map.clientWidth
    draw()
  }).observe(map)
  return map
}

/** The next tile for a key, from the tile at `at`. */
function target(key: string, at: number, count: number): number | undefined {
  if (key === 'ArrowRight' || key === 'ArrowDown') return Math.min(at + 1, count - 1)
  if (key === 'ArrowLeft' || key === 'ArrowUp') return Math.max(at - 1, 0)
  if (key === 'Home') return 0
  return key === 'End' ? count - 1 : undefined
}
