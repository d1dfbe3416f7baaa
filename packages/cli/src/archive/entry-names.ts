/** `a1/b.py` of `./a1//b.py`: other packers begin each path with `./`. */
export function plainPath(path: string): string {
  const isAbsolute = path.startsWith('/')
  const plain = path
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/')
  return isAbsolute ? `/${plain}` : plain
}

/** Names that some filesystem treats as `.git`: NTFS's short name, and characters that HFS+ and NTFS ignore. */
const SHORT_GIT = /^git~\d+$/i
const IGNORED_ON_MAC = /[\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g
const VERSION_CONTROL = /^\.(git|hg|svn|bzr|jj|pijul)$/i

/** The reason not to unpack an entry of an archive; `undefined` if there is none. */
export function faultOfEntry(path: string, type: string): string | undefined {
  if (/^[/\\]|^[A-Za-z]:/.test(path)) return 'it is an absolute path'
  const names = path.split('/')
  if (path.split(/[/\\]/).includes('..')) return 'it leads out of the folder'
  if (path.includes('\\')) return 'it has a backslash, which separates folders on Windows'
  if (!['File', 'OldFile', 'Directory'].includes(type)) return `it is a ${type}, neither file nor folder`
  const hidden = names.find(isVersionControl)
  if (hidden !== undefined)
    return `${hidden} can run commands of its own as soon as you use version control there`
  return undefined
}

function isVersionControl(name: string): boolean {
  const seen = name
    .replace(IGNORED_ON_MAC, '')
    .replace(/:.*$/, '')
    .replace(/[. ]+$/, '')
  return VERSION_CONTROL.test(seen) || SHORT_GIT.test(seen)
}
