import { expect, test } from 'vitest'
import { rules } from '../../rules/index.ts'
import type { Input } from '../../src/audit/rule.ts'
import type { SourceKind } from '../../src/core/report.ts'
import { ManyWays, type Way } from '../support/sources.ts'

const ways: readonly Way[] = ['api', 'export', 'warehouse', 'pipelines']
const kindOf: Readonly<Record<Way, SourceKind>> = {
  api: 'app-api',
  export: 'people-export',
  warehouse: 'warehouse-sync',
  pipelines: 'pipelines',
}
const headings: Readonly<Record<Way, string>> = {
  api: 'App API',
  export: 'People export',
  warehouse: 'Warehouse sync',
  pipelines: 'Pipelines files',
}

const inputWords: Readonly<Record<Input, string>> = {
  orders: '`--orders`',
  'earlier-plan': 'an earlier run',
  'daily-counts': 'six weeks of runs or files',
}

/** What a rule compares this source with. */
function inputOf(rule: string, way: Way): string | undefined {
  const meta = rules.find((other) => other.meta.id === rule)?.meta
  return meta?.input === undefined || meta.sources[kindOf[way]] === 'none'
    ? undefined
    : inputWords[meta.input]
}

/** What a rule made of a healthy shop that it saw through one source alone, in a word. */
function word(rule: string, way: Way, status: string, reason: string): string {
  if (status === 'pass') return 'yes'
  const input = inputOf(rule, way)
  if (status === 'skipped' && input !== undefined) return `yes, with ${input}`
  if (status === 'skipped') return 'no'
  return reason.includes('in part') ? 'in part' : 'not all of it'
}

/**
 * `docs/sources.md` says which rule can be judged from which source: found out by auditing one healthy shop through each
 * of them. After a change of the rules: `npx vitest run test/ways/sources-page.test.ts -u`.
 */
test(
  'the page of the sources tells what audits through each of them gave',
  { timeout: 120_000 },
  async () => {
    const shop = await ManyWays.of({ people: 2000, seed: 8, variant: 'healthy' })
    const rows = new Map<string, string[]>()
    try {
      for (const way of ways) {
        await shop.audit([way], async ({ report }) => {
          for (const { rule, status, reason } of report.rules) {
            rows.set(rule, [...(rows.get(rule) ?? []), word(rule, way, status, reason)])
          }
        })
      }
    } finally {
      await shop.remove()
    }
    const table = [
      `| Rule | ${ways.map((way) => headings[way]).join(' | ')} |`,
      `| --- | ${ways.map(() => '---').join(' | ')} |`,
      ...[...rows].map(([rule, words]) => `| [${rule}](rules/${rule}.md) | ${words.join(' | ')} |`),
    ]
    await expect(`${before}\n${table.join('\n')}\n${after}`).toMatchFileSnapshot('../../docs/sources.md')
  },
)

const before = `# Sources

\`cio-audit run --source <what>\` takes the workspace over the App API (\`api\`), a folder or file that Customer.io wrote, or a
\`.duckdb\` snapshot of an earlier pull. Give \`--source\` several times and all of them make one workspace.

| Source | What it is | What only it shows |
| --- | --- | --- |
| \`api\` | the workspace as it is now, with the activities of 30 days | devices and their state, journeys, segments |
| people export | the CSV file of the People page, or of \`/exports/customers\` | everybody with all attributes, in one file |
| warehouse sync | the Parquet files of the data-warehouse sync | who was deleted or suppressed, the history of each attribute, deliveries |
| Pipelines files | what a storage destination of Pipelines writes: Parquet, JSON lines or CSV, gzip too | anonymous traffic, native JSON types, milliseconds, when a call arrived, the device token and app version of each call |

Files are told apart by their columns, and only where these are the same (pages and screens) by their names, so folders may
be as you like. Each run says what it took every file for and what it left aside. UTF-16, a byte order mark, semicolons or tabs
are read where they are certain, and said.

## Which rule can be judged from which source

Found by auditing one healthy shop through each source alone. *yes*: judged, where *with* says so only beside what a run can be given. *in part*: the files hold only the people who
came by, so findings are listed, but nothing is proven and the rule is inconclusive. *not all of it*: inconclusive for what the
source does not hold (see the rule's page). *no*: skipped, and the report names the source that would show it.
`

const after = `
Several sources complete each other: a rule is judged when one of them says *yes*, or when the App API is among them. What
files show *in part* is listed and leaves the rule inconclusive.

## How sources meet

- **People** meet by \`cio_id\`, then by id. By e-mail only where a record has no id and one person alone holds the address:
  otherwise joining would hide a duplicate. Where two sources disagree the App API counts first, then the warehouse, then the
  export, then Pipelines files.
- **Whom the App API does not name**, although it read everyone, is not in the workspace: merged, deleted, or under another id
  since. Rows of an export and user ids of Pipelines files that only lie before the pull are left out then, or the duplicates of last
  month would be found for ever in the files of last month. What was done under such a user id counts for the person who alone holds the address
  that was given with it, and else for nobody. The report says how many there were: many mean files of another workspace.
- **Devices** are what the App API says, where it is connected. From Pipelines files a person holds a token when the last that
  was said of both is \`Device Created or Updated\`. A token that was only ever sent with an anonymous id, although that anonymous
  id was identified later, sits on nobody who can be messaged.
- **Events** that came over the API and in files count once: matched on person, name, second and payload. The report says how many
  came both ways and how many only one.
- **A message id** that stands in the files twice is one event, because Customer.io drops the second.
- **Files with the same bytes** (a link, a folder that two sources name, a download made twice) are read once, and that is said.
- **Of a person in several people exports** the last file counts: in the order of names, and of \`--source\`. Whom an earlier file alone
  names is there too, so name one export alone where the others are older. The report says how many records were left out.
- **Now** is the end of the pull; for files alone, the newest arrival (\`received_at\`). Files that begin less than 30 days before
  it make the window shorter, and the report says so.
- **A window beyond the pull** (\`--since 60d\`, \`--as-of\` long before or after it) makes the activities of the API (without it, Pipelines files)
  incomplete, where it reaches further than a thirtieth of itself: what was not read looks like nothing that happened.
- **Fingerprints** are keyed with the workspace's number. Warehouse files and the API say it; for people exports and Pipelines files
  alone name it in \`cio-audit.yaml\` (\`workspace: { id: 101 }\`), and a finding keeps its fingerprint whatever source it came from.

## What is damaged

| What is wrong | What happens |
| --- | --- |
| a record (a torn line, too many columns, no time, nobody named, text that is no JSON) | it goes to the rejects with file, line or row, and reason; rules that need its stream are inconclusive |
| a file (torn Parquet, a checksum of gzip or of a Parquet page that does not match, an empty file with a known name) | what can be read of it is read; its stream is incomplete and its rules inconclusive |
| warehouse files that tell attributes of people whom no file names (more than 1 % of them): the older files are missing | its people are incomplete and their rules inconclusive |
| Pipelines files without the API, of which tracks or identifies end a day or more before the other calls, and three times longer than they ever paused in 30 days | that stream is incomplete and its rules inconclusive |
| a list of all activities over the API that is shorter than what was read by name (more than 1 %) | it is incomplete, and the rules that need all activities are inconclusive |
| every file of a source | exit 5 |
| nothing known in a path | exit 2 |

## What files cannot show

- A file that is missing in the middle of a series: the numbers in their names are not promised to be without gaps. Only people
  who are missing although their attributes are told are noticed.
- A bit that flipped inside a Parquet page without a checksum and left a text a text. Ask the writer for page checksums.
- Who is in a journey, and what triggers it: only the App API knows journeys and segments.
`
