import { Flags } from '@oclif/core'

/** Flags that several commands share: one name, one meaning. Values are read in `run-options.ts`. */
export const commonFlags = {
  config: Flags.string({
    helpValue: '<file>',
    description: 'the configuration [default: cio-audit.yaml when it exists]',
  }),
  'state-dir': Flags.string({
    helpValue: '<dir>',
    default: '.cio-audit',
    description: 'where the snapshot, the history and temporary files are kept',
  }),
  quiet: Flags.boolean({ description: 'nothing on stderr but errors', exclusive: ['verbose'] }),
  verbose: Flags.boolean({ description: 'more on stderr: each stream, each retry, seconds per stage' }),
  'no-color': Flags.boolean({ description: 'no colours (also with NO_COLOR=1)' }),
}

const planFlag = {
  plan: Flags.string({
    helpValue: '<file>',
    description: 'the tracking plan [default: tracking-plan.yaml when it exists, else the built-in plan]',
  }),
}

export const pullFlags = {
  ...commonFlags,
  ...planFlag,
  since: Flags.string({
    helpValue: '<when>',
    description: 'read activities back to here: 30d, 48h or an ISO date [default: 30d back]',
  }),
  'max-rate': Flags.string({
    helpValue: '<n>',
    description: 'requests a second [default: 9, or CIO_MAX_RATE; loopback addresses are not paced]',
  }),
  'max-activities': Flags.string({
    helpValue: '<n>',
    description: 'bound for each activity stream; a stream that it cuts is marked incomplete',
  }),
  source: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: 'api|<path>',
    description:
      'repeatable: the workspace over the API, a folder or file of Customer.io (people export, warehouse sync, Pipelines files), or a .duckdb snapshot; several make one workspace [default: api]',
  }),
  sample: Flags.string({
    helpValue: '<n>',
    description:
      'read n people drawn at random and everything of theirs, for a first look at a large workspace; n:2 draws others',
  }),
  fresh: Flags.boolean({ description: 'drop the unfinished pull and begin again' }),
  memory: Flags.string({
    helpValue: '<size>',
    description: 'memory target of the process, such as 512MB [default: a quarter of the machine]',
  }),
}

export const reportFlags = {
  format: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    options: ['table', 'json', 'csv', 'html', 'markdown', 'junit', 'sarif', 'github'],
    description: 'repeatable [default: table; table, json, csv and html are written when --out is given]',
  }),
  out: Flags.string({ helpValue: '<dir>', description: 'where the files of the report go' }),
  json: Flags.boolean({ description: 'report.json on stdout, and nothing else there' }),
  'csv-bom': Flags.boolean({ description: 'begin CSV files with a byte order mark' }),
  reveal: Flags.boolean({
    description: 'show e-mail addresses, phones, names and tokens everywhere',
    exclusive: ['redact'],
  }),
  redact: Flags.boolean({ description: 'mask e-mail addresses, phones, names and tokens everywhere' }),
}

/** What the verdict is asked about. */
export const scopeFlags = {
  journey: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: '<id or name>',
    description:
      'repeatable, drafts too: the verdict covers what this journey depends on, the rest is counted as elsewhere',
  }),
}

export const runFlags = {
  ...pullFlags,
  ...reportFlags,
  ...scopeFlags,
  until: Flags.string({
    helpValue: '<when>',
    description: 'judge activities up to here: 2d, 48h or an ISO date',
  }),
  'as-of': Flags.string({
    helpValue: '<iso>',
    description: 'the "now" of the run [default: the end of the pull; for files the newest arrival]',
  }),
  orders: Flags.string({
    helpValue: '<csv>',
    description:
      "the shop's own orders (order_id, ordered_at, customer_id or email, total, currency), to find purchases that never arrived",
  }),
  waivers: Flags.string({
    helpValue: '<file>',
    description: 'findings that somebody accepted [default: waivers.csv when it exists]',
  }),
  baseline: Flags.string({
    helpValue: '<file>',
    description: 'findings that are known [default: cio-audit.baseline.json when it exists]',
  }),
  rule: Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: '<glob>',
    description: 'only these rules, such as identity/*',
  }),
  'skip-rule': Flags.string({
    multiple: true,
    multipleNonGreedy: true,
    helpValue: '<glob>',
    description: 'all rules but these',
  }),
  'fail-on': Flags.string({
    options: ['error', 'warn', 'never'],
    default: 'error',
    description: 'what gives a failing exit code',
  }),
  offline: Flags.boolean({
    description:
      'never touch the network: audit the snapshot that is there, or the files that --source names',
    // Not the other way round: `pull` has --fresh alone, and its help would name half of a choice.
    exclusive: ['fresh'],
  }),
}

export const bulkFlags = {
  events: Flags.integer({
    min: 1,
    helpValue: '<n>',
    description: 'about how many activities there are in all [default: 8 for each of the people]',
  }),
  now: Flags.string({
    helpValue: '<iso>',
    description: 'the time at which the shop is seen, for data that can be made again [default: now]',
  }),
  as: Flags.string({
    options: ['pipelines', 'warehouse', 'export'],
    description: "write the shop as Customer.io's own files into --out, and end",
  }),
  out: Flags.string({ helpValue: '<dir>', description: 'with --as: an empty or new folder for the files' }),
  'file-type': Flags.string({
    options: ['parquet', 'jsonl', 'jsonl.gz', 'csv', 'csv.gz'],
    description: 'with --as pipelines [default: parquet]',
  }),
  messy: Flags.boolean({
    description: 'with --as: optional numbers and a map with free keys in every event',
  }),
  facts: Flags.string({
    helpValue: '<file>',
    description: 'with --as: write the planted truth here, as JSON lines',
  }),
}

export const shopFlags = {
  people: Flags.integer({
    default: 2000,
    min: 1,
    max: 1_000_000,
    helpValue: '<n>',
    description: 'how many people',
  }),
  seed: Flags.integer({
    default: 1,
    min: 0,
    helpValue: '<n>',
    description: 'the same seed gives the same shop',
  }),
  variant: Flags.string({
    options: ['sterile', 'healthy', 'broken'],
    default: 'broken',
    description: 'which shop is simulated',
  }),
}
