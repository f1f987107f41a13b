import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../src/engine/database.ts'
import { raw, sql, type Query } from '../../src/engine/sql.ts'
import { isAllowed } from '../../src/customerio/allow-list.ts'
import { shopPlan, startSimulator, type Simulator } from '../../src/simulator/index.ts'
import { envOf, runCli, tempFolder } from '../support/cli.ts'

let shop: Simulator
beforeAll(async () => {
  shop = await startSimulator({ people: 300, seed: 5, variant: 'broken', now: new Date() })
})
afterAll(() => shop.close())

interface Told {
  readonly decision: string
  readonly steps: readonly {
    readonly step: string
    readonly mark: string
    readonly text: string
    readonly details: readonly { readonly mark: string; readonly text: string }[]
  }[]
}

const folder = () => tempFolder(onTestFinished)
const names = [
  'found',
  'known',
  'canonical id',
  'cluster',
  'attributes',
  'permission',
  'devices',
  'intent events',
  'journeys',
]

async function check(
  cwd: string,
  ...args: readonly string[]
): Promise<Told & { readonly code: number | null }> {
  const { code, stdout, stderr } = await runCli(['check', 'person', ...args, '--json', '--quiet'], {
    cwd,
    env: envOf(shop),
  })
  expect(stderr).toBe('')
  return { ...(JSON.parse(stdout) as Told), code }
}

/** Somebody whom a planted fact is about, by `cio_id`. */
const planted = (rule: string, has: (subject: string) => boolean = () => true) =>
  shop.facts.find((fact) => fact.rule === rule && has(fact.subject))?.records ?? []

test(
  'one person over the API: every step, few requests, reads alone, nothing kept',
  { timeout: 60_000 },
  async () => {
    const cwd = await folder()
    const [cioId = ''] = planted('identity/duplicate-email')
    const before = shop.requests().length
    const told = await check(cwd, cioId)
    expect(told.steps.map(({ step }) => step)).toEqual(names)
    expect(told.steps.find(({ step }) => step === 'cluster')).toMatchObject({ mark: 'fail' })
    expect(told).toMatchObject({ decision: 'no-go', code: 1 })
    const sent = shop.requests().slice(before)
    expect(sent.length).toBeLessThanOrEqual(12)
    for (const { method, path } of sent) expect(isAllowed('app', method, path)).toBe(true)
    expect(await readdir(cwd)).toEqual([])
  },
)

test('the same person in the snapshot is judged the same', { timeout: 120_000 }, async () => {
  const cwd = await folder()
  await writeFile(join(cwd, 'tracking-plan.yaml'), shopPlan())
  expect((await runCli(['pull', '--quiet'], { cwd, env: envOf(shop) })).code).toBe(0)
  const [spoilt] = await askSnapshot(
    cwd,
    sql`select cio_id from activity where id in (select unnest(${planted('events/missing-property', (subject) => subject === 'cart_updated.currency')}::varchar[]))`,
  )
  const [wrong = ''] = planted('attributes/wrong-type')
  const texts = (told: Told, name: string) =>
    stepOf(told, name)
      ?.details.map(({ text }) => text)
      .join('\n')
  for (const [cioId, broken, words] of [
    [String(spoilt?.['cio_id']), 'intent events', /currency is missing/],
    [wrong, 'attributes', / is no /],
  ] as const) {
    const stored = await check(cwd, cioId, '--offline')
    const live = await check(cwd, cioId)
    // Who else holds a token is seen in the whole alone, and so is who looks alike in another way.
    for (const name of ['known', 'attributes', 'permission', 'intent events'])
      expect(stepOf(live, name)).toEqual(stepOf(stored, name))
    expect(texts(stored, broken)).toMatch(words)
    expect(texts(stored, 'journeys')).toMatch(/a snapshot does not hold who is in a segment/)
    expect(texts(live, 'journeys')).not.toMatch(/does not hold/)
  }
})

test(
  'found by id, e-mail, phone and cio_id; --id-type forces one; nobody is 3',
  { timeout: 120_000 },
  async () => {
    const cwd = await folder()
    expect((await runCli(['pull', '--quiet'], { cwd, env: envOf(shop) })).code).toBe(0)
    const [row] = await askSnapshot(
      cwd,
      raw(`select cio_id, id, email, phone from profile where regexp_full_match(phone, '[+][0-9]+') and regexp_full_match(id, '[0-9a-f-]{36}') and email = lower(email)
      and (select count(*) from profile o where o.phone = profile.phone or lower(o.email) = profile.email) = 1 order by cio_id limit 1`),
    )
    for (const [type = '', ...way] of [['id'], ['phone'], ['email', '--offline'], ['phone', '--offline']]) {
      const told = await check(cwd, String(row?.[type]), ...way)
      expect(stepOf(told, 'found')?.text).toMatch(
        new RegExp(`^by ${type} .*cio_id ${String(row?.['cio_id'])}`),
      )
    }
    const prefixed = await check(cwd, `cio_${String(row?.['cio_id'])}`, '--offline')
    expect(prefixed.steps).toHaveLength(names.length)
    const forced = await check(cwd, String(row?.['id']), '--id-type', 'email')
    expect(forced).toMatchObject({
      decision: 'inconclusive',
      code: 3,
      steps: [{ step: 'found', mark: 'fail' }],
    })
  },
)

test('a text that somebody else may read is masked; --reveal is not', { timeout: 60_000 }, async () => {
  const cwd = await folder()
  const [cioId = ''] = planted('identity/duplicate-email')
  const masked = await runCli(['check', 'person', cioId, '--quiet'], { cwd, env: envOf(shop) })
  expect(masked.stdout).toMatch(/✖ cluster: [^]*NO-GO: the chain breaks at/)
  expect(masked.stdout).not.toMatch(/[\w.]+@[\w]+\.\w+/)
  const shown = await runCli(['check', 'person', cioId, '--quiet', '--reveal'], { cwd, env: envOf(shop) })
  expect(shown.stdout).toMatch(/[\w.]+@[\w-]+\.\w+/)
})

test(
  'what the key may not read is said, and leads to no GO; people that it may not read are 4',
  { timeout: 60_000 },
  async () => {
    onTestFinished(() => shop.setFaults([]))
    const cwd = await folder()
    const [cioId = ''] = planted('identity/duplicate-email')
    shop.setFaults([{ kind: 'forbidden', endpoint: '/v1/activities' }])
    const told = await runCli(['check', 'person', cioId, '--quiet'], { cwd, env: envOf(shop) })
    expect(told.stdout).toMatch(/! not read to its end: activities\/\*: forbidden \(403\)/)
    expect([1, 3]).toContain(told.code)
    shop.setFaults([{ kind: 'forbidden', endpoint: '^/v1/customers' }])
    const refused = await runCli(['check', 'person', cioId, '--quiet'], { cwd, env: envOf(shop) })
    expect(refused).toMatchObject({ code: 4, stdout: '' })
    expect((await runCli(['check', 'person', cioId], { cwd })).code).toBe(2)
    expect((await runCli(['check', 'person', ' '], { cwd, env: envOf(shop) })).code).toBe(2)
  },
)

test(
  'where a cio_id needs its prefix, people are found all the same; somebody sound is a GO',
  { timeout: 120_000 },
  async () => {
    const sound = await startSimulator({
      people: 60,
      seed: 3,
      variant: 'sterile',
      now: new Date(),
      cioIdPrefix: 'required',
      bulkShape: 'bare',
    })
    onTestFinished(() => sound.close())
    const cwd = await folder()
    expect((await runCli(['pull', '--quiet'], { cwd, env: envOf(sound) })).code).toBe(0)
    const [row] = await askSnapshot(
      cwd,
      raw(`select cio_id from activity where name = 'purchase' order by "at" desc limit 1`),
    )
    for (const way of [[], ['--offline']]) {
      const { code, stdout } = await runCli(
        ['check', 'person', String(row?.['cio_id']), '--json', '--quiet', ...way],
        { cwd, env: envOf(sound) },
      )
      const told = JSON.parse(stdout) as Told
      expect(told.steps.filter(({ mark }) => mark === 'fail')).toEqual([])
      expect(told.decision).toBe('go')
      expect(code).toBe(0)
    }
    const { stdout } = await runCli(['check', 'person', String(row?.['cio_id']), '--quiet'], {
      cwd,
      env: envOf(sound),
    })
    expect(stdout).toContain('GO: the chain holds, as far as one person shows it.')
  },
)

const stepOf = ({ steps }: Told, name: string) => steps.find(({ step }) => step === name)

async function askSnapshot(cwd: string, query: Query) {
  const db = await openDatabase({ path: join(cwd, '.cio-audit', 'snapshot.duckdb'), access: 'read' })
  try {
    return await db.rows(query)
  } finally {
    db.close()
  }
}
