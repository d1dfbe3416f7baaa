import { homedir } from 'node:os'
import { isAbsolute } from 'node:path'

/**
 * The user's home folder; `undefined` where there is none: a container's user may have neither HOME nor an entry in
 * passwd, for which Node throws, and an empty HOME would be the working directory.
 */
export function homeFolder(): string | undefined {
  try {
    const home = homedir()
    return isAbsolute(home) ? home : undefined
  } catch {
    return undefined
  }
}
