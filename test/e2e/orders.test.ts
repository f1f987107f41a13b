import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { expect, onTestFinished, test } from 'vitest'
import { shopPlan, writeBulkFiles } from '../../src/simulator/index.ts'
import { runCli, tempFolder } from '../support/cli.ts'
import { asOf } from '../support/workspace.ts'

const folder = () => tempFolder(onTestFinished)

interface Purchase {
  readonly number: string
  readonly at: string
  readonly user: string
  /** Its revenue can be read, and is no money given back. */
  readonly sound: boolean
}

/** What the shop sold in the window, each order once and as it was sent first: the simulator's own files tell. */
async function soldIn(files: string): Promise<Purchase[]> {
  const sold = new Map<string, Purchase>()
  for (const file of (await readdir(files)).toSorted()) {
    for (const line of (await readFile(join(files, file), 'utf8')).split('\n').filter(Boolean)) {
      const call = JSON.parse(line) as Record<string, unknown>
      const said = call['properties']
      const properties = (typeof said === 'string' ? JSON.parse(said) : (said ?? {})) as Record<
        string,
        unknown
      >
      const number = properties['order_id']
      if (call['event_text'] !== 'purchase' || number == null || number === '') continue
      // Some stand there twice, the second time in another spelling.
      const name = String(number).trim().toUpperCase()
      const at = String(call['timestamp'] ?? call['original_timestamp'] ?? call['sent_at'])
      const user = String(call['user_id'] ?? '')
      const sound = typeof properties['revenue'] === 'number' && properties['revenue'] >= 0
      const before = sold.get(name)
      if (before === undefined || at < before.at) sold.set(name, { number: name, at, user, sound })
    }
  }
  const since = new Date(asOf.getTime() - 30 * 86_400_000).toISOString()
  const until = new Date(asOf.getTime() - 3_600_000).toISOString()
  return [...sold.values()]
    .filter(({ at }) => at > since && at < until)
    .toSorted((a, b) => (a.at < b.at ? -1 : 1))
}

/** Ways in which the books write a number that the app sent as `ORD-12345678`. */
const spellings = [
  (number: string) => number,
  (number: string) => `#${number}`,
  (number: string) => ` ${number.toLowerCase()} `,
  (number: string) => `"# ${number}"`,
  (number: string) => number.replace('ORD', 'Ord'),
]

interface Report {
  readonly run: { readonly id: string }
  readonly notices: readonly string[]
  readonly rules: readonly {
    readonly rule: string
    readonly status: string
    readonly reason: string
    readonly affected: number
    readonly population: { readonly count: number }
  }[]
}

test(
  'orders that were left out and orders that were added are named, and no others',
  { timeout: 120_000 },
  async () => {
    const cwd = await folder()
    for (const kind of ['pipelines', 'export'] as const)
      await writeBulkFiles({
        people: 1500,
        seed: 7,
        variant: 'broken',
        now: asOf,
        kind,
        fileType: 'jsonl',
        folder: join(cwd, kind),
      })
    await writeFile(join(cwd, 'tracking-plan.yaml'), shopPlan())
    const sold = await soldIn(join(cwd, 'pipelines'))
    expect(sold.length).toBeGreaterThan(200)
    // The first and the last stay, so that the time of the file does.
    const isLeftOut = (index: number): boolean =>
      index > 0 && index < sold.length - 1 && index % 40 === 7 && sold[index]?.sound === true
    const leftOut = sold.filter((_, index) => isLeftOut(index)).map(({ number }) => number)
    const added = sold
      .filter((_, index) => index % 25 === 3)
      .map(({ at, user }, index) => ({
        number: `INV-${index}`,
        at,
        user: index % 3 === 0 ? `nobody-${index}` : user,
      }))
    const rows = [...sold.filter((_, index) => !isLeftOut(index)), ...added].map(
      ({ number, at, user }, index) =>
        `${spellings[index % spellings.length]?.(number)};${at};${user};1,50;EUR`,
    )
    await writeFile(
      join(cwd, 'orders.csv'),
      ['order_id;ordered_at;customer_id;total;currency', ...rows].join('\r\n'),
    )

    const args = [
      'run',
      // The newest call came a little earlier.
      '--as-of',
      asOf.toISOString(),
      '--source',
      'pipelines',
      '--source',
      'export',
      '--rule',
      'events/unseen-orders',
      '--fail-on',
      'never',
      '--json',
    ]
    const run = await runCli([...args, '--orders', 'orders.csv', '--out', 'report'], { cwd })
    const report = JSON.parse(run.stdout) as Report
    const result = report.rules.find(({ rule }) => rule === 'events/unseen-orders')
    expect(result).toMatchObject({
      status: 'fail',
      affected: added.length,
      population: { count: sold.length - leftOut.length + added.length },
    })
    const evidence = parse(await readFile(join(cwd, 'report', 'evidence', 'events.unseen-orders.csv')), {
      columns: true,
    }) as unknown as { order: string; activity_id: string; cio_id: string; id: string }[]
    const unseen = evidence.filter((row) => row.activity_id === '')
    const strays = evidence.filter((row) => row.activity_id !== '')
    const bare = ({ order }: { order: string }): string =>
      order
        .trim()
        .replace(/^'?# ?/, '')
        .toUpperCase()
    expect(unseen.map(bare).toSorted()).toEqual(added.map(({ number }) => number).toSorted())
    expect([...new Set(strays.map(bare))].toSorted()).toEqual(leftOut.toSorted())

    const without = JSON.parse((await runCli(args, { cwd })).stdout) as Report
    expect(without.rules.find(({ rule }) => rule === 'events/unseen-orders')).toMatchObject({
      status: 'skipped',
      reason: "needs the shop's own orders: --orders <csv>",
    })
    await writeFile(
      join(cwd, 'orders.csv'),
      `order_id,ordered_at,email,total,currency\n1,2026-11-20T10:00:00,a@b.test,1,EUR\n`,
    )
    const other = JSON.parse((await runCli([...args, '--orders', 'orders.csv'], { cwd })).stdout) as Report
    expect(other.notices).toContain('orders.csv: times without a time zone are taken for UTC (1 of them).')
    expect(new Set([report, without, other].map(({ run: { id } }) => id)).size).toBe(3)
  },
)

test('a file with mistakes: exit 2, before anything is asked', async () => {
  const cwd = await folder()
  await writeFile(
    join(cwd, 'orders.csv'),
    'order_id,ordered_at,email,total,currency\n1,soon,a@b.test,1,EUR\n',
  )
  const { code, stderr, stdout } = await runCli(['run', '--orders', 'orders.csv'], { cwd })
  expect(code).toBe(2)
  expect(stderr).toMatch(/orders\.csv:2:3: ordered_at: found "soon"/)
  expect(stdout).toBe('')
})
