import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import GithubSlugger from 'github-slugger'
import type { Root } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { toString as textOf } from 'mdast-util-to-string'
import { visit } from 'unist-util-visit'

/** The root of the repository, with a slash at the end. */
export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url))

/** A fenced code block. */
export interface Block {
  /** File and line: `README.md:12`. */
  readonly where: string
  readonly lang: string
  /** The words after the language: ```` ```ts run ````. A reader does not see them. */
  readonly marks: readonly string[]
  readonly code: string
}

/** A Markdown file of the repository. */
export interface Page {
  /** Relative to {@link ROOT}, with `/` between names. */
  readonly path: string
  readonly text: string
  readonly tree: Root
}

/** Every Markdown file that git knows or would add. Without changelogs, which may name removed files. */
export function readPages(): Page[] {
  const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard', '*.md'], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  const paths = listed.split('\0').filter((path) => path && !/(^|\/)CHANGELOG\.md$|^\.changeset\//.test(path))
  return [...new Set(paths)].sort().flatMap((path) => {
    try {
      const text = readFileSync(`${ROOT}${path}`, 'utf8')
      return [{ path, text, tree: fromMarkdown(text) }]
    } catch {
      // Removed, but the removal is not committed yet.
      return []
    }
  })
}

export function blocksOf({ path, tree }: Page): Block[] {
  const blocks: Block[] = []
  visit(tree, 'code', (node) => {
    const where = `${path}:${node.position?.start.line}`
    const marks = node.meta?.split(' ') ?? []
    blocks.push({ where, lang: node.lang ?? '', marks, code: node.value })
  })
  return blocks
}

/** The fragments that a link may point to: GitHub's ids of the headings, and ids given by hand. */
export function anchorsOf({ tree, text }: Page): Set<string> {
  const slugger = new GithubSlugger()
  const anchors = new Set<string>()
  visit(tree, 'heading', (node) => {
    anchors.add(slugger.slug(textOf(node)))
  })
  for (const [, id] of text.matchAll(/<[a-z]+ [^>]*\b(?:id|name)="([^"]+)"/g)) if (id) anchors.add(id)
  return anchors
}

/** Links and images, with their line. */
export function linksOf({ path, tree }: Page): { where: string; url: string }[] {
  const links: { where: string; url: string }[] = []
  visit(tree, (node) => {
    const where = `${path}:${node.position?.start.line}`
    if (node.type === 'link' || node.type === 'image' || node.type === 'definition') {
      links.push({ where, url: node.url })
    }
    if (node.type === 'html') {
      for (const [, url] of node.value.matchAll(/\b(?:href|src|srcset)="([^"]+)"/g))
        if (url) links.push({ where, url })
    }
  })
  return links
}
