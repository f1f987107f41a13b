import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { parsePlan } from '../../src/config/plan.ts'
import { shopPlan, startSimulator, writeBulkFiles } from '../../src/simulator/index.ts'
import { envOf, runCli, tempFolder } from '../support/cli.ts'
import { asOf } from '../support/workspace.ts'

const folder = () => tempFolder(onTestFinished)

test(
  'infer drafts a plan from files, keeps what is there, and the draft judges them',
  { timeout: 60_000 },
  async () => {
    const cwd = await folder()
    for (const kind of ['pipelines', 'export'] as const)
      await writeBulkFiles({
        people: 800,
        seed: 5,
        variant: 'sterile',
        now: asOf,
        kind,
        folder: join(cwd, kind),
      })
    const sources = ['--source', 'pipelines', '--source', 'export']
    const first = await runCli(['plan', 'infer', ...sources], { cwd })
    expect(first.stderr).toMatch(/• \d+ events and \d+ attributes are planned in tracking-plan\.yaml\./)
    expect(first).toMatchObject({ code: 0, stdout: '' })
    const text = await readFile(join(cwd, 'tracking-plan.yaml'), 'utf8')
    expect(text).toMatch(
      /# [\d,]+ events, 2026-\d\d-\d\d to 2026-11-\d\d; intent purchase by its name; critical/,
    )
    const { plan } = parsePlan({ origin: 'tracking-plan.yaml', text })
    expect(plan.events['purchase']?.properties).toMatchObject({
      order_id: { type: 'string', required: true, pattern: 'ORD-[0-9]+' },
      payment_method: { enum: expect.arrayContaining(['card', 'klarna']) as string[] },
      items: { type: 'array', required: true, items: { price: { type: 'number', min: 0 } } },
    })

    const again = await runCli(['plan', 'infer', ...sources], { cwd })
    expect(again).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/tracking-plan\.yaml is there already\./) as string,
    })
    expect(await readFile(join(cwd, 'tracking-plan.yaml'), 'utf8')).toBe(text)
    const forced = await runCli(['plan', 'infer', ...sources, '--force', '--quiet'], { cwd })
    expect(forced).toMatchObject({ code: 0, stderr: '' })
    const piped = await runCli(['plan', 'infer', ...sources, '--out', '-', '--quiet'], { cwd })
    // The same data gives the same text, however it is written.
    expect(piped.stdout).toBe(text)
    expect(await readFile(join(cwd, 'tracking-plan.yaml'), 'utf8')).toBe(text)
    expect((await readdir(cwd)).toSorted()).toEqual([
      '.cio-audit',
      'export',
      'pipelines',
      'tracking-plan.yaml',
    ])

    expect((await runCli(['plan', 'check'], { cwd })).code).toBe(0)
    const run = await runCli(['run', ...sources, '--rule', 'events/*-*', '--json'], { cwd })
    const { rules } = JSON.parse(run.stdout) as { rules: { rule: string; status: string }[] }
    expect(rules.find(({ rule }) => rule === 'events/wrong-type')?.status).toBe('pass')
    expect(rules.find(({ rule }) => rule === 'events/missing-property')?.status).toBe('pass')
  },
)

test('infer says when there is nothing to look at', async () => {
  const cwd = await folder()
  const none = await runCli(['plan', 'infer'], { cwd })
  expect(none.stderr).toMatch(/There is no finished snapshot/)
  expect(none.code).toBe(2)
  expect(await readdir(cwd)).toEqual([])
})

test('check names mistakes with line and column, and what a sound plan leaves open', async () => {
  const cwd = await folder()
  const missing = await runCli(['plan', 'check'], { cwd })
  expect(missing).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/There is no tracking-plan\.yaml here\./) as string,
  })
  await writeFile(join(cwd, 'tracking-plan.yaml'), shopPlan())
  const sound = await runCli(['plan', 'check'], { cwd })
  expect(sound.stdout).toMatch(/✔ tracking-plan\.yaml is valid: version 3\.1\.0, \d+ events, 14 attributes\./)
  expect(sound).toMatchObject({ code: 0, stderr: '' })
  await writeFile(
    join(cwd, 'broken.yaml'),
    "events:\n  a:\n    intent: shopping\n    properties:\n      b: { type: string, pattern: '(' }\n",
  )
  const broken = await runCli(['plan', 'check', 'broken.yaml'], { cwd })
  expect(broken.stderr).toMatch(
    /broken\.yaml:3:13: events\.a\.intent[^]*broken\.yaml:5:35: events\.a\.properties\.b\.pattern/,
  )
  expect(broken.code).toBe(2)
  await writeFile(join(cwd, 'small.yaml'), 'events: { a: { critical: true } }\n')
  const small = await runCli(['plan', 'check', 'small.yaml'], { cwd })
  expect(small.stdout).toMatch(
    /! No event has the intent product, cart, checkout, purchase\.[^]*! 1 critical event without a dedupeKey/,
  )
  expect(small.code).toBe(0)
  await writeFile(
    join(cwd, 'loose.yaml'),
    'attributes: { last_order_at: { type: timestamp, derivedFrom: purchas } }\nevents: { purchase: { dedupeKey: order_idd, properties: { order_id: { type: string } } } }\n',
  )
  const loose = await runCli(['plan', 'check', 'loose.yaml'], { cwd })
  expect(loose.stdout).toMatch(
    /last_order_at\.derivedFrom: the plan has no event purchas;\s+did\s+you\s+mean\s+purchase\?/,
  )
  expect(loose.stdout).toMatch(
    /dedupeKey: no property order_idd is planned there;\s+did\s+you\s+mean\s+order_id\?/,
  )
  expect(loose.code).toBe(0)
})

test(
  'diff tells what breaks, and which running journeys of the snapshot it meets',
  { timeout: 60_000 },
  async () => {
    const cwd = await folder()
    await writeFile(join(cwd, 'a.yaml'), shopPlan())
    const next = shopPlan()
      .replace('cart_value: { type: number', 'cart_value: { type: string')
      .replace(', min: 0 }', ' }')
      .replace(
        'customer_tier: { type: string, recommended: true, enum: [bronze, silver, gold] }',
        'customer_tier: { type: string, enum: [bronze, silver] }',
      )
    await writeFile(join(cwd, 'b.yaml'), next)
    const blind = await runCli(['plan', 'diff', 'a.yaml', 'b.yaml'], { cwd })
    expect(blind.stdout).toMatch(/There is no snapshot, so journeys are not named/)
    const shop = await startSimulator({ people: 60, seed: 5, variant: 'broken', now: new Date() })
    onTestFinished(() => shop.close())
    expect((await runCli(['pull', '--quiet'], { cwd, env: envOf(shop) })).code).toBe(0)
    const told = await runCli(['plan', 'diff', 'a.yaml', 'b.yaml'], { cwd })
    expect(told.stdout).toMatch(
      /✖ events\.cart_updated\.properties\.cart_value\.type: from number to string\n\s+→ hits Cart recovery \(5\)/,
    )
    expect(told.stdout).toMatch(
      /✖ attributes\.customer_tier\.enum: no longer allowed: gold\n\s+→ hits [^\n]*Cart recovery \(5\)/,
    )
    expect(told).toMatchObject({ code: 0, stderr: '' })
    const { code, stdout } = await runCli(['plan', 'diff', 'a.yaml', 'b.yaml', '--json'], { cwd })
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      before: { file: 'a.yaml', version: '3.1.0' },
      journeysKnown: true,
      breaking: 2,
      changes: expect.arrayContaining([
        {
          path: 'events.cart_updated.properties.cart_value.type',
          breaking: true,
          change: 'from number to string',
          journeys: [{ id: 5, name: 'Cart recovery' }],
        },
      ]) as unknown,
    })
    expect(code).toBe(0)
    // The journey starts with what is a former name by now.
    const former = 'basket_updated:\n    aliases: [cart_updated]\n'
    await writeFile(join(cwd, 'c.yaml'), shopPlan().replace('cart_updated:\n', former))
    await writeFile(join(cwd, 'd.yaml'), next.replace('cart_updated:\n', former.replace(/ +aliases.*\n/, '')))
    const renamed = await runCli(['plan', 'diff', 'c.yaml', 'd.yaml'], { cwd })
    expect(renamed.stdout).toMatch(
      /the former name cart_updated counts no more\n\s+→ hits Cart recovery \(5\)/,
    )
    expect(renamed.stdout).toMatch(/cart_value\.type: from number to string\n\s+→ hits Cart recovery \(5\)/)
    const same = await runCli(['plan', 'diff', 'a.yaml', 'a.yaml'], { cwd })
    expect(same.stdout).toMatch(/The plans are the same\.\n$/)
  },
)

test('import writes a plan and says what it could not carry; export and import give it back', async () => {
  const cwd = await folder()
  await writeFile(
    join(cwd, 'plan.csv'),
    'event,property,type,required,owner\nOrder Completed,total,float,yes,me\n,email,email,,me\n',
  )
  const taken = await runCli(['plan', 'import', 'plan.csv', '--from', 'csv'], { cwd })
  expect(taken.stderr).toMatch(
    /^1 event and 1 attribute are planned in tracking-plan\.yaml\.\nNot taken over:\n {2}- the column "owner"\n$/,
  )
  expect(taken).toMatchObject({ code: 0, stdout: '' })
  expect(await readFile(join(cwd, 'tracking-plan.yaml'), 'utf8')).toMatch(
    /# Not taken over:\n# - the column "owner"\n/,
  )
  const twice = await runCli(['plan', 'import', 'plan.csv', '--from', 'csv'], { cwd })
  expect(twice).toMatchObject({ code: 2, stderr: expect.stringMatching(/is there already/) as string })
  expect((await runCli(['plan', 'export', '--out', 'plan.json'], { cwd })).code).toBe(0)
  expect(
    (await runCli(['plan', 'import', 'plan.json', '--from', 'json-schema', '--out', 'back.yaml'], { cwd }))
      .stderr,
  ).toMatch(/Everything was taken over\.\n$/)
  expect((await runCli(['plan', 'diff', 'tracking-plan.yaml', 'back.yaml'], { cwd })).stdout).toMatch(
    /The plans are the same/,
  )
  // Legal in a schema, and nothing that the engine could ask.
  const pattern = '^(?:[a-z]{1,500}){1,500}$'
  const order = {
    title: 'order',
    properties: { lines: { type: 'array', items: { properties: { sku: { pattern, type: 'string' } } } } },
  }
  await writeFile(join(cwd, 'order.json'), JSON.stringify(order))
  const odd = await runCli(['plan', 'import', 'order.json', '--from', 'json-schema', '--out', 'odd.yaml'], {
    cwd,
  })
  expect(odd.stderr).toMatch(/lines\.items\.sku: the pattern: the engine \(RE2\) does not take it/)
  expect((await runCli(['plan', 'check', 'odd.yaml'], { cwd })).code).toBe(0)
  await writeFile(
    join(cwd, 're2.yaml'),
    String.raw`events: { a: { properties: { "p\u009b31m": { type: string, pattern: "(?i)gold" } } } }`,
  )
  const exported = await runCli(['plan', 'export', '--plan', 're2.yaml'], { cwd })
  expect(exported.stderr).toMatch(/only RE2 reads[^]*: \(\?i\)gold\n$/)
  expect(exported.stdout).not.toContain('\u009b')
  expect(exported).toMatchObject({ code: 0 })
  const changed = await runCli(['plan', 'diff', 're2.yaml', 'tracking-plan.yaml', '--json'], { cwd })
  expect(changed.stdout).not.toContain('\u009b')
  expect(JSON.stringify(JSON.parse(changed.stdout))).toContain('events.a')
  const rules = Array.from({ length: 400 }, (_, at) => ({
    type: 'TRACK',
    key: `Event ${at}`,
    jsonSchema: {
      properties: {
        properties: {
          properties: Object.fromEntries(
            Array.from({ length: 45 }, (_none, key) => [
              `property_number_${key}_of_this_event`,
              { type: 'string' },
            ]),
          ),
        },
      },
    },
  }))
  await writeFile(join(cwd, 'large.json'), JSON.stringify({ rules }))
  const large = await runCli(['plan', 'import', 'large.json', '--from', 'segment', '--out', 'large.yaml'], {
    cwd,
  })
  expect(large.stderr).toMatch(/the plan would have 1\.\d MB, and more than 1 MB is not read\./)
  expect(large.code).toBe(2)
  const wrong = await runCli(['plan', 'import', 'plan.csv', '--from', 'segment', '--out', 'x.yaml'], { cwd })
  expect(wrong).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/^✖ plan\.csv is no JSON that can be read/) as string,
  })
})
