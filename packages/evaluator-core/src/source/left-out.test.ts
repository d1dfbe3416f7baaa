import { describe, expect, test } from 'vitest'
import { findNeverSent, ruleForName, ruleForPath } from './left-out.ts'
import { NAME_RULES } from './name-rules.ts'

const EACH = NAME_RULES.flatMap(({ rule, kind, files, folders }) => [
  ...(files?.split(' ').map((pattern) => ({ pattern, rule, kind, isFolder: false })) ?? []),
  ...(folders?.split(' ').map((pattern) => ({ pattern, rule, kind, isFolder: true })) ?? []),
])

test.each(EACH)('$pattern is left out by $rule, in any folder and case, and as a copy', (each) => {
  const { pattern, rule, kind, isFolder } = each
  const name = pattern.replaceAll('*', 'x')
  for (const path of [name, `a/b/${name}`, `/home/me/${name.toUpperCase()}`]) {
    expect([path, ruleForName(path, isFolder)?.rule]).toEqual([path, rule])
  }
  if (isFolder || kind !== 'secret') return
  for (const copy of [`${name}.bak`, `${name}~`, `${name}.old`, `${name}.1`, `${name}.orig.2`]) {
    expect([copy, ruleForName(copy, false)?.kind]).toEqual([copy, 'secret'])
  }
})

describe('in the real world', () => {
  test.each([
    '.dev.vars',
    '.prod.vars',
    'prod.env',
    '.streamlit/secrets.toml',
    'gha-creds-0123456789abcdef.json',
    'service/.cargo/credentials.toml',
    '.docker/config.json',
    '.config/gh/hosts.yml',
    '.config/gcloud/application_default_credentials.json',
    '.terraform.d/credentials.tfrc.json',
    '.huggingface/token',
    '.cache/huggingface/token',
    'infra/prod.tfstate',
    'terraform.tfstate.backup',
    'my-project-firebase-adminsdk-abc12.json',
    'id_rsa_github',
    'github.com_rsa',
    'keys/deploy_key',
    '#id_rsa#',
    '.ssh/work',
    '.m2/settings.xml',
    'node_modules/x/.npmrc',
    '.config/scw/config.yaml',
    '.local/share/com.vercel.cli/auth.json',
    '.config/fish/fish_history',
    'github-recovery-codes.txt',
    '.env.production',
    'example.key',
  ])('%s stays here', (path) => {
    expect(findNeverSent([path, 'a.py'])).toEqual([{ path, rule: expect.any(String) }])
  })

  test.each([
    'config.json',
    'token',
    'hosts.yml',
    'settings.xml',
    'environment.py',
    'x.env.py',
    'credentials.py',
    'secrets.py',
    'id_rsa.pub',
    'id_rsa_tools.py',
    'keys.py',
    'ca.pem',
    'tokenizer.json',
    'model.bak',
    'data.1',
    'docker/config.json',
    'my.docker/config.json',
    'vendor/lib.py',
    'coverage.py',
    'identity.json',
    '.env.example',
    'sample.env',
    '.dev.vars.example',
    'client_secret.template.json',
  ])('%s is a source', (path) => {
    expect(ruleForPath(path)).toBe(undefined)
  })
})
