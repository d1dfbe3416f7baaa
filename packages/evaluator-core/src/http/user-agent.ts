import packageJson from '../../package.json' with { type: 'json' }

/** Names package and version to the service, and nothing about the user. */
export const USER_AGENT: string = `${packageJson.name}/${packageJson.version}`
