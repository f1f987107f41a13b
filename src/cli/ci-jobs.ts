/** Example jobs that `init --ci` writes and docs/ci.md explains; a test holds the two together. */

export const ciKinds = ['github', 'gitlab', 'cron'] as const
export type CiKind = (typeof ciKinds)[number]

export interface CiJob {
  /** Relative to the current folder. */
  readonly path: string
  /** Where a run of the job is to be seen; null where nowhere. */
  readonly link: string | null
  /** What is left to do by hand. */
  readonly next: string
  readonly text: (facts: { readonly version: string; readonly cwd: string }) => string
}

const formats = ['table', 'json', 'csv', 'html', 'markdown', 'junit', 'sarif', 'github']
const asked = formats.map((format) => `--format ${format}`).join(' ')

export const ciJobs: Readonly<Record<CiKind, CiJob>> = {
  github: {
    path: '.github/workflows/cio-audit.yml',
    link: '${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}',
    next: 'Set the secrets CIO_APP_API_KEY and CIO_AUDIT_REDACT_KEY of the repository (Settings, Secrets and variables, Actions).',
    text: ({ version }) => `name: cio-audit
on:
  schedule:
    - cron: "17 5 * * 1-5" # early on working days, UTC
  workflow_dispatch:
permissions:
  contents: read
concurrency: cio-audit # two jobs at once would share the limit of ten requests a second
jobs:
  audit:
    runs-on: ubuntu-latest
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-node@v5
        with:
          node-version: 24
      # Only the history is kept from job to job: it names nobody. The snapshot beside it does.
      - uses: actions/cache/restore@v4
        with:
          path: .cio-audit/history.duckdb
          key: cio-audit-history-\${{ github.run_id }}-\${{ github.run_attempt }}
          restore-keys: cio-audit-history-
      - run: npm install --no-save --no-package-lock cio-audit@${version}
      - run: npx --no-install cio-audit run --out cio-audit-report ${asked}
        env:
          CIO_APP_API_KEY: \${{ secrets.CIO_APP_API_KEY }}
          CIO_AUDIT_REDACT_KEY: \${{ secrets.CIO_AUDIT_REDACT_KEY }} # equal values keep equal masks from run to run
      - uses: actions/cache/save@v4
        if: always()
        with:
          path: .cio-audit/history.duckdb
          key: cio-audit-history-\${{ github.run_id }}-\${{ github.run_attempt }}
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: cio-audit-report
          path: cio-audit-report
          if-no-files-found: ignore
          retention-days: 30
`,
  },
  gitlab: {
    path: '.gitlab/cio-audit.yml',
    link: '${CI_JOB_URL}',
    next: 'Add `include: { local: .gitlab/cio-audit.yml }` to .gitlab-ci.yml, set the masked variables CIO_APP_API_KEY and CIO_AUDIT_REDACT_KEY (Settings, CI/CD), and make a pipeline schedule.',
    text: ({ version }) => `cio-audit:
  image: node:24
  timeout: 1 hour
  resource_group: cio-audit # two jobs at once would share the limit of ten requests a second
  rules:
    - if: $CI_PIPELINE_SOURCE == "schedule"
    - if: $CI_PIPELINE_SOURCE == "web"
  script:
    - npm install --no-save --no-package-lock cio-audit@${version}
    - npx --no-install cio-audit run --out cio-audit-report ${asked}
  artifacts:
    when: always # a NO-GO is what one wants to read
    expire_in: 30 days
    paths:
      - cio-audit-report/
    reports:
      junit: cio-audit-report/junit.xml
  cache:
    key: cio-audit-history
    when: always
    paths:
      - .cio-audit/history.duckdb # names nobody; the snapshot beside it does
`,
  },
  cron: {
    path: 'cio-audit.cron',
    link: null,
    next: 'Put the key into .env in this folder, install the package here, and add the line of cio-audit.cron to `crontab -e`.',
    text: ({
      cwd,
    }) => `# Early on working days. Exit code 0 is GO, and CI=1 masks what the log and the files show.
# --quiet, and formats without the table: the log holds verdicts and errors only.
17 5 * * 1-5 cd ${cronWord(cwd)} && CI=1 npx --no-install cio-audit run --quiet --out cio-audit-report --format json --format csv --format html >> cio-audit.log 2>&1
`,
  },
}

/** For a shell behind cron, which takes a bare % for the end of the command. */
const cronWord = (path: string): string =>
  /^[\w./-]+$/.test(path)
    ? path
    : `'${path.replaceAll("'", String.raw`'\''`)}'`.replaceAll('%', String.raw`\%`)
