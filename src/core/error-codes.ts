/** What ends a command, by the name of its exit code in `errors.ts`. */
type Ending = 'usage' | 'refused' | 'source' | 'report' | 'interrupted'

interface ErrorPage {
  readonly exit: Ending
  readonly what: string
  readonly next: string
}

/**
 * Every failure that a user can cause or meet. The message of a failure says what it is in this one case; docs/errors.md is
 * made from what stands here, and a code that does not stand here is no `ErrorCode`.
 */
export const errorCodes = {
  CONFIG_BASELINE: {
    exit: 'usage',
    what: 'The baseline file is damaged, or is no baseline of cio-audit.',
    next: 'Write it anew with `cio-audit baseline`, or remove it to judge every finding.',
  },
  CONFIG_CUSTOM_RULES: {
    exit: 'usage',
    what: 'A module that `customRules` names is missing, cannot be loaded, is no rule, or has the name of another rule.',
    next: 'Mend the module, or take it out of `customRules`. "Rules of your own" in the README shows a whole one.',
  },
  CONFIG_ENVIRONMENT: {
    exit: 'usage',
    what: 'An environment variable, or a line of `.env`, holds what it cannot hold: a key with white space, an address without https, a region that is none.',
    next: 'Set the variable anew. Its value is not shown, because it may be a key.',
  },
  CONFIG_IMPORT: {
    exit: 'usage',
    what: 'The file for `plan import` is not of the kind that `--from` names, or plans nothing.',
    next: 'Export it anew, as UTF-8, or name another kind.',
  },
  CONFIG_INVALID: {
    exit: 'usage',
    what: 'The config is no YAML, or holds something that it may not hold.',
    next: 'Each line of the message names file, line, column, what was found and what is allowed.',
  },
  CONFIG_ORDERS: {
    exit: 'usage',
    what: 'The file of `--orders` is no CSV with the columns that it needs, has a mistake in a row, or was changed while it was read.',
    next: 'Mend the lines that are named. "Compare it with your own orders" in the README shows a whole file.',
  },
  CONFIG_PLAN: {
    exit: 'usage',
    what: 'The tracking plan is missing, empty, no YAML, or holds something that it may not hold.',
    next: 'Mend the lines that are named, or remove the file to use the built-in plan. `cio-audit plan check` names all mistakes.',
  },
  CONFIG_URL: {
    exit: 'usage',
    what: 'CIO_APP_API_URL or CIO_TRACK_API_URL is no bare https address. Plain http is taken for this machine only.',
    next: 'Set it to an address such as https://api.customer.io, or leave it out.',
  },
  CONFIG_WAIVERS: {
    exit: 'usage',
    what: 'The waivers file is no CSV with the columns that it needs.',
    next: 'Copy a row out of `findings.csv` and fill in `reason` and `expires`.',
  },
  ENGINE_DAMAGED: {
    exit: 'source',
    what: 'The snapshot file is damaged, or another version of the engine wrote it.',
    next: 'Run again with `--fresh` to read the workspace anew.',
  },
  ENGINE_DISK: {
    exit: 'source',
    what: 'The disk of the state folder is full.',
    next: 'Make room, or name another folder with `--state-dir`, and run again: what was read is kept.',
  },
  ENGINE_LOCKED: {
    exit: 'source',
    what: 'Another program has the snapshot open.',
    next: 'Wait until it has ended, or name another folder with `--state-dir`.',
  },
  ENGINE_MEMORY: {
    exit: 'source',
    what: 'The audit needs more memory than it was given.',
    next: 'Give it more, such as `--memory 2GB`.',
  },
  REPORT_FILES: {
    exit: 'report',
    what: 'The simulator could not write its files.',
    next: 'Make room, or name another place with `--out` or `--facts`.',
  },
  REPORT_STDOUT: {
    exit: 'report',
    what: 'The audit is done, and its report could not be written to standard output.',
    next: 'Make room where the output goes, or name a folder with `--out`.',
  },
  REPORT_SUMMARY: {
    exit: 'report',
    what: 'The summary of a step on GitHub could not be written.',
    next: 'Check the file that `GITHUB_STEP_SUMMARY` names, or add `--out` for `github-summary.md`.',
  },
  REPORT_UNWRITABLE: {
    exit: 'report',
    what: 'The audit is done and its verdict printed, and the report could not be written to its folder.',
    next: 'Make room, or name another folder with `--out`, and run again: after a pull with `--offline`, because the snapshot is kept.',
  },
  SNAPSHOT_EMPTY: {
    exit: 'usage',
    what: 'The snapshot holds nothing to infer a plan from.',
    next: 'Look at another window with `--since` and `--until`, or at files with `--source`.',
  },
  SNAPSHOT_FOREIGN: {
    exit: 'usage',
    what: 'The file is no snapshot of cio-audit, or an older version wrote it.',
    next: 'Name another file, or pull again with `--fresh`.',
  },
  SNAPSHOT_LOCKED: {
    exit: 'usage',
    what: 'Another cio-audit works on the same state folder, or one died and its lock could not be taken over.',
    next: 'Wait until it has ended, or name another folder with `--state-dir`.',
  },
  SNAPSHOT_MISSING: {
    exit: 'usage',
    what: 'There is no finished snapshot to read.',
    next: 'Run `cio-audit pull` first, or name a folder with `--state-dir`, or files with `--source`.',
  },
  SNAPSHOT_NEWER: {
    exit: 'usage',
    what: 'A newer version of cio-audit wrote the snapshot.',
    next: 'Update cio-audit, or name another folder with `--state-dir`.',
  },
  SNAPSHOT_OTHER_WORKSPACE: {
    exit: 'usage',
    what: 'The state folder holds another workspace than the one that the key belongs to.',
    next: 'Name another folder with `--state-dir`.',
  },
  SNAPSHOT_STATE_DIR: {
    exit: 'usage',
    what: 'The state folder cannot be made or written to.',
    next: 'Name a folder that you may write to with `--state-dir`.',
  },
  SOURCE_FORBIDDEN: {
    exit: 'source',
    what: 'Something below a path of `--source` may not be read by this user.',
    next: 'Give the user that runs cio-audit the right to read all of it.',
  },
  SOURCE_INTERRUPTED: {
    exit: 'interrupted',
    what: 'Ctrl-C, or a signal of the system, ended the run. What was read is kept.',
    next: 'Run the same command again to go on, or add `--fresh` to begin anew.',
  },
  SOURCE_KEY_REFUSED: {
    exit: 'refused',
    what: 'Customer.io does not take the App API key.',
    next: 'Check that CIO_APP_API_KEY holds an App API key (not a Track API key), whole, and not deleted since; and that CIO_REGION is right.',
  },
  SOURCE_PEOPLE_FORBIDDEN: {
    exit: 'refused',
    what: 'The App API key may not read people (403), and without people there is nothing to judge.',
    next: 'Make an App API key whose scope includes reading people.',
  },
  SOURCE_REQUEST: {
    exit: 'source',
    what: 'Customer.io did not answer a request, also after several tries.',
    next: 'Run the same command again: what was read is kept.',
  },
  SOURCE_TRACK_KEY_REFUSED: {
    exit: 'refused',
    what: 'Customer.io does not take the Track API key.',
    next: 'Check CIO_SITE_ID and CIO_TRACK_API_KEY, or leave them out: an audit does without them.',
  },
  SOURCE_UNREACHABLE: {
    exit: 'source',
    what: 'Nothing answers at the address of Customer.io.',
    next: 'Check the network, CIO_APP_API_URL and CIO_REGION, and run again: what was read is kept.',
  },
  SOURCE_UNREADABLE: {
    exit: 'source',
    what: 'Nothing of the files that `--source` names could be read.',
    next: 'Fetch the files again; one that is still being written must be finished first.',
  },
  USAGE_ANSWER: {
    exit: 'usage',
    what: 'A flag of `init` holds what the config may not hold.',
    next: 'The message says what is allowed. The value is not shown, because it may be a secret.',
  },
  USAGE_AS: {
    exit: 'usage',
    what: 'A flag of `simulate` is for files, and there is no `--as`.',
    next: 'Add `--as pipelines`, `--as warehouse` or `--as export`, or leave the flag out.',
  },
  USAGE_COUNT: {
    exit: 'usage',
    what: 'A flag wants a whole number above 0.',
    next: 'Write it like `--max-activities 100000`.',
  },
  USAGE_EMPTY: {
    exit: 'usage',
    what: 'A flag is given with an empty value.',
    next: 'Give it one, or leave the flag out. In a script the variable behind it may not be set.',
  },
  USAGE_EVENT: {
    exit: 'usage',
    what: '`--event` of `init` does not say which event is which.',
    next: 'Write it like `--event cart=cart_updated`; the intents are product, cart, checkout and purchase.',
  },
  USAGE_FAULT: {
    exit: 'usage',
    what: '`--fault` of `simulate` is no fault that the simulator knows.',
    next: 'Write it as JSON, as the message shows.',
  },
  USAGE_FILE_TYPE: {
    exit: 'usage',
    what: '`--file-type` does not go with this `--as`: Customer.io writes those files in one type only.',
    next: 'Leave `--file-type` out, or use `--as pipelines`.',
  },
  USAGE_FORMAT: {
    exit: 'usage',
    what: 'The formats do not go together where they are to go.',
    next: 'Add `--out` with a folder for the files, or name one format.',
  },
  USAGE_INTERRUPTED: {
    exit: 'interrupted',
    what: 'Ctrl-C at a question of `init`. Nothing was written.',
    next: 'Run the same command again, or give `--yes` and flags to be asked nothing.',
  },
  USAGE_JOURNEY: {
    exit: 'usage',
    what: 'No journey of the workspace has the id or the name of `--journey`.',
    next: 'Give an id or a name as it stands in Customer.io; drafts count too. Journeys come over the App API, so files alone know none.',
  },
  USAGE_KEY: {
    exit: 'usage',
    what: 'A key was given on the command line, where lists of processes and the history of the shell show it.',
    next: 'Set it in the environment, or in a file `.env` in the current folder.',
  },
  USAGE_MEMORY: {
    exit: 'usage',
    what: '`--memory` is no size of at least 128MB.',
    next: 'Write it like `512MB` or `2GB`.',
  },
  USAGE_NO_KEY: {
    exit: 'usage',
    what: 'CIO_APP_API_KEY is not set.',
    next: 'Make an App API key in Customer.io (Account Settings, API Credentials), and set it in the environment or in `.env`. Without a key: `cio-audit demo`, files with `--source`, or `--offline`.',
  },
  USAGE_OUT: {
    exit: 'usage',
    what: 'The file or folder of `--out` is there already, or cannot be written to.',
    next: 'Name another one, or add `--force` where the command has it.',
  },
  USAGE_PERSON: {
    exit: 'usage',
    what: 'The identifier for `check person` is empty.',
    next: 'Give an id, an e-mail, a phone or a cio_id.',
  },
  USAGE_PORT: {
    exit: 'usage',
    what: 'The port of `--port` is taken.',
    next: 'Name another one, or leave it out for any free one.',
  },
  USAGE_RATE: {
    exit: 'usage',
    what: '`--max-rate` is no number above 0 and up to 1000.',
    next: 'Leave it out: 9 requests a second is the default, and Customer.io allows 10.',
  },
  USAGE_REDACT_KEY: {
    exit: 'usage',
    what: 'The key of the masks could not be kept in the state folder.',
    next: 'Set CIO_AUDIT_REDACT_KEY, or name a folder that you may write to with `--state-dir`.',
  },
  USAGE_RULE: {
    exit: 'usage',
    what: 'No rule has this name, or none matches the pattern.',
    next: '`cio-audit rules` lists them.',
  },
  USAGE_RUN: {
    exit: 'usage',
    what: 'A run to compare is not there, cannot be read, or is one of another workspace.',
    next: 'Name `latest`, `previous`, a day, the beginning of a run id, or a folder that `cio-audit run --out` wrote.',
  },
  USAGE_SAMPLE: {
    exit: 'usage',
    what: 'The value of `--sample` is no number of people, or there is nothing to draw from: it goes with a workspace that is read over the API.',
    next: 'Write it like `--sample 2000`, without `--offline` and without paths after `--source`.',
  },
  USAGE_SOURCE: {
    exit: 'usage',
    what: 'A `--source` is not there, is none of Customer.io, or does not go with the others.',
    next: 'Name a people export (CSV), a folder of the data-warehouse sync (Parquet), a folder of Pipelines files, a `.duckdb` snapshot, or `api`.',
  },
  USAGE_TIME: {
    exit: 'usage',
    what: 'A time is none, or `--since` does not lie before the end of the window.',
    next: 'Write `30d`, `48h`, a date such as 2026-11-23 or a time such as 2026-11-23T12:00:00Z.',
  },
} as const satisfies Readonly<Record<string, ErrorPage>>

export type ErrorCode = keyof typeof errorCodes
