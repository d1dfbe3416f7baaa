/** Names that an upload treats alike. The table in SECURITY.md is made from these. */
export interface NameRule {
  /** What people are told: `3 by .env files`. */
  readonly rule: string
  /**
   * `secret`: must not leave the machine; `allowSecrets` can exempt it, nothing else.
   * `repository`: version control, whose config may hold a token, and runs commands where it is unpacked.
   * `clutter`: surely no source. Stays out of folders; a map of files that names it means it.
   */
  readonly kind: 'secret' | 'repository' | 'clutter'
  /** Whose files these are; for the documentation. */
  readonly of: string
  /**
   * Separated by spaces, in lower case, compared without regard to case, because some filesystems have none. `*` is
   * any text without `/`. A pattern with `/` is compared with as many names at the end of the path.
   */
  readonly files?: string
  /** The same for folders; what is below them stays out with them. */
  readonly folders?: string
}

/** Name of the rule that keeps a folder with a `pyvenv.cfg` in it out, whatever the folder is called. */
export const VIRTUAL_ENVIRONMENT = 'virtual environment'
/** Name of the rule for private keys; `.pem` files fall under it by what is in them. */
export const PRIVATE_KEY = 'private key'

export const NAME_RULES: readonly NameRule[] = [
  { rule: '.git', kind: 'repository', of: 'git', files: '.git', folders: '.git' },
  {
    rule: 'other version control',
    kind: 'repository',
    of: 'Mercurial, Subversion, Jujutsu',
    folders: '.hg .svn .jj',
  },
  {
    rule: '.env files',
    kind: 'secret',
    of: 'environment files',
    files: '.env* *.env .*.vars .*.vars.* *.tfvars *.tfvars.json',
    folders: '.env*',
  },
  {
    rule: PRIVATE_KEY,
    kind: 'secret',
    of: 'private keys and key stores',
    files:
      'id_rsa id_rsa.* id_rsa_* id_rsa-* id_dsa id_dsa.* id_dsa_* id_dsa-* id_ecdsa id_ecdsa.* id_ecdsa_* id_ecdsa-* id_ed25519 id_ed25519.* id_ed25519_* id_ed25519-* ' +
      '*_rsa *_dsa *_ecdsa *_ed25519 *deploy_key *deploy-key deploy_key.* deploy_key_* ssh_host_*_key ' +
      '*.key *.p8 *.p12 *.pfx *.ppk *.pk8 *.jks *.bks *.keystore *.kdb *.kdbx *.ovpn *.agekey secring.gpg',
  },
  {
    rule: 'credentials',
    kind: 'secret',
    of: 'cloud providers',
    files:
      'credentials .credentials *credentials.json .boto .s3cfg .passwd-s3fs gha-creds-*.json client_secret*.json ' +
      'client-secret*.json *service-account*.json *service_account*.json *serviceaccount*.json ' +
      '*firebase-adminsdk*.json accesskeys.csv *_accesskeys.csv *.publishsettings rclone.conf .rclone.conf ' +
      '.mc/config.json .config/doctl/config.yaml .fly/config.yml .databrickscfg .modal.toml .snowsql/config ' +
      'hcloud/cli.toml scw/config.yaml linode-cli .railway/config.json .supabase/access-token .turso/settings.json ' +
      '.planetscale/access-token configstore/firebase-tools.json oauth_creds.json token.pickle',
    folders: '.aws .azure .config/gcloud .oci .aliyun .bluemix .ibmcloud .snowflake',
  },
  {
    rule: 'credentials',
    kind: 'secret',
    of: 'containers and clusters',
    files:
      '.docker/config.json .dockercfg .dockerconfigjson *.dockerconfigjson containers/auth.json kubeconfig ' +
      'kubeconfig.* *.kubeconfig kubernetes/admin.conf talosconfig .talos/config',
    folders: '.kube',
  },
  {
    rule: 'credentials',
    kind: 'secret',
    of: 'infrastructure as code',
    files:
      '*.tfstate *.tfstate.* .terraformrc terraform.rc *.tfrc.json .vault-token .vault_pass* vault_pass.txt ' +
      'vault-password* vault_password* vault-pass.txt .ansible/vault_pass .pulumi/credentials.json ' +
      'sops/age/keys.txt',
  },
  {
    rule: 'credentials',
    kind: 'secret',
    of: 'package managers',
    files:
      '.npmrc .yarnrc .yarnrc.yml .pypirc pip.conf pip.ini pypoetry/auth.toml .condarc .cargo/credentials ' +
      '.cargo/credentials.toml .gem/credentials .bundle/config .m2/settings.xml settings-security.xml ' +
      '.gradle/gradle.properties keystore.properties key.properties .composer/auth.json composer/auth.json ' +
      '.hex/hex.config .cabal/config .bunfig.toml uv/credentials/credentials.toml',
    folders: '.jfrog',
  },
  {
    rule: 'credentials',
    kind: 'secret',
    of: 'command line tools',
    files:
      '.netrc _netrc .wgetrc .git-credentials .gitcredentials git/credentials .config/hub gh/hosts.yml ' +
      'glab-cli/config.yml .sentryclirc .clasprc.json .wrangler/config/default.toml .vercel/auth.json ' +
      '.netlify/config.json ngrok.yml .huggingface/token huggingface/token huggingface/stored_tokens kaggle.json ' +
      '.claude.json .claude/.credentials.json claude_desktop_config.json .codex/auth.json auth.ini .curlrc ' +
      'com.vercel.cli/auth.json .config/netlify/config.json .config/stripe/config.toml .config/op/config ' +
      'twilio-cli/config.json .twilio-cli/config.json .circleci/cli.yml .travis/config.yml .expo/state.json ' +
      'github-copilot/hosts.json github-copilot/apps.json .cursor/mcp.json .aider.conf.yml ' +
      '.continue/config.json .continue/config.yaml *recovery-codes*.txt',
    folders: '.ssh .gnupg .password-store .fireworks',
  },
  {
    rule: 'credentials',
    kind: 'secret',
    of: 'databases and servers',
    files:
      '.pgpass pgpass.conf .my.cnf .mylogin.cnf .cqlshrc cqlshrc credentials-config.json datasources.local.xml ' +
      '.htpasswd .htdigest .dbt/profiles.yml wg0.conf .smbcredentials .ftpconfig sftp-config.json .remote-sync.json ' +
      'filezilla.xml recentservers.xml sitemanager.xml winscp.ini .msmtprc .mailrc .fetchmailrc .offlineimaprc',
  },
  {
    rule: 'credentials',
    kind: 'secret',
    of: 'frameworks',
    files:
      'local.settings.json secrets.toml .secrets.toml secrets.json .secrets.json secrets.yml secrets.yaml ' +
      '.secrets.yml .secrets.yaml .secrets wp-config.php jupyter_cookie_secret jpserver-*.json nbserver-*.json ' +
      'jupyter_server_config.json jupyter_notebook_config.json',
  },
  {
    rule: 'credentials',
    kind: 'secret',
    of: 'browsers and wallets',
    files: 'cookies.sqlite cookies.txt logins.json key4.db login.keychain *.keychain-db wallet.dat',
  },
  {
    rule: 'shell history',
    kind: 'secret',
    of: 'shell history',
    files:
      '.bash_history .zsh_history .sh_history .python_history .node_repl_history .psql_history .mysql_history ' +
      '.sqlite_history .rediscli_history .irb_history fish_history .lesshst .viminfo',
  },
  {
    rule: 'node_modules',
    kind: 'clutter',
    of: 'installed packages',
    folders: 'node_modules',
  },
  { rule: VIRTUAL_ENVIRONMENT, kind: 'clutter', of: 'installed packages', folders: 'venv .venv' },
  {
    rule: 'Python cache',
    kind: 'clutter',
    of: 'Python and its tools',
    files: '*.pyc *.pyo',
    folders:
      '__pycache__ __pypackages__ .pytest_cache .mypy_cache .ruff_cache .pytype .pyre .tox .nox .eggs ' +
      '.ipynb_checkpoints .hypothesis',
  },
  {
    rule: 'left by tests',
    kind: 'clutter',
    of: 'test and build tools',
    files: '.coverage .coverage.* .eslintcache',
    folders: 'htmlcov .nyc_output .turbo .parcel-cache .terraform .vagrant .wrangler',
  },
  {
    rule: 'left by an editor',
    kind: 'clutter',
    of: 'editors',
    files: '*.swp *.swo *~ .#* #*# *.sublime-workspace',
    folders: '.idea .vscode .vs .fleet',
  },
  { rule: 'left by ep upload', kind: 'clutter', of: 'eval-protocol', folders: '.ep_tmp' },
  {
    rule: 'file of the operating system',
    kind: 'clutter',
    of: 'operating systems',
    files: '.ds_store thumbs.db desktop.ini ._* .nfs* .fuse_hidden*',
    folders: '.trash-* .trashes .spotlight-v100 .fseventsd',
  },
]
