import { existsSync } from 'node:fs'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { AuditReport } from '../../src/core/report.ts'
import { startSimulator, type Simulator } from '../../src/simulator/index.ts'
import { envOf, runCli, tempFolder, type CliResult } from '../support/cli.ts'

let shop: Simulator
beforeAll(async () => {
  shop = await startSimulator({ people: 60, seed: 5, variant: 'healthy', now: new Date() })
})
afterAll(() => shop.close())

/** A rule as the README has it, with parts that a test may change. */
function ruleText({
  id = 'governance/web-mail',
  population = 'sql`select count(*) as count from profile where email_norm is not null`',
  query = "sql`select split_part(email_norm, '@', 2) as domain, count(*) as profiles from profile where email_norm is not null group by 1`",
  affected = 'profiles',
  maxCount = '0',
} = {}): string {
  return `import { defineRule, sql, z, type Rule } from 'cio-audit'

const rule: Rule = defineRule({
  meta: {
    id: '${id}' as const,
    title: 'No mail address is of a private provider',
    failureTitle: 'Some mail addresses are of private providers',
    severity: 'error',
    checklist: [],
    needs: ['people'],
    sources: { 'app-api': 'full', 'people-export': 'full', 'warehouse-sync': 'full', pipelines: 'full' },
    threshold: { maxCount: ${maxCount} },
    measuredBy: 'rule',
    subject: 'group',
    unit: 'profiles with an address',
    docs: { why: 'Because.', decides: 'By the domain.', blind: 'Own domains.' },
  },
  options: z.object({}),
  population: () => ${population},
  row: z.object({ domain: z.string(), profiles: z.coerce.number() }),
  query: () => ${query},
  finding: ({ domain, profiles }) => ({
    subject: { key: domain, label: domain },
    message: \`\${profiles} addresses at \${domain}\`,
    affected: ${affected},
    unit: 'profiles',
  }),
  evidenceRow: z.object({ cio_id: z.string(), email: z.string() }),
  evidence: () => sql\`select split_part(email_norm, '@', 2) as subject, cio_id, email from profile where email_norm is not null\`,
  remediation: () => 'Ask for another address.',
  examples: [],
})

export default rule
`
}

async function audit(
  modules: Readonly<Record<string, string>>,
  more = '',
): Promise<[CliResult, AuditReport | null]> {
  const cwd = await tempFolder(onTestFinished)
  await mkdir(join(cwd, 'rules'))
  await writeFile(join(cwd, 'cio-audit.yaml'), `customRules: ["./rules/*"]\n${more}`)
  for (const [name, text] of Object.entries(modules)) await writeFile(join(cwd, 'rules', name), text)
  const result = await runCli(
    ['run', '--out', 'out', '--quiet', '--rule', 'governance/*', '--rule', 'identity/duplicate-phone'],
    { cwd, env: envOf(shop) },
  )
  const path = join(cwd, 'out', 'report.json')
  const report = existsSync(path) ? (JSON.parse(await readFile(path, 'utf8')) as AuditReport) : null
  expect(existsSync(join(cwd, 'stolen.csv'))).toBe(false)
  return [result, report]
}

const resultOf = (report: AuditReport | null, id: string) => report?.rules.find(({ rule }) => rule === id)

test(
  'a TypeScript rule in a folder where nothing is installed is one of the rules',
  { timeout: 60_000 },
  async () => {
    const [{ code, stderr }, report] = await audit({ 'web-mail.ts': ruleText() })
    expect(stderr).not.toMatch(/error/i)
    expect(code).toBe(1)
    const found = resultOf(report, 'governance/web-mail')
    expect(found).toMatchObject({ status: 'fail', severity: 'error' })
    expect(found?.affected).toBe(found?.population.count)
    expect(found?.affected).toBeGreaterThan(30)
    expect(report?.verdict.blocking).toEqual(['governance/web-mail'])
    expect(resultOf(report, 'identity/duplicate-phone')?.status).not.toBe('skipped')
  },
)

test('the config sets its severity and limits, as it does for ours', { timeout: 60_000 }, async () => {
  const [{ code }, report] = await audit(
    { 'web-mail.ts': ruleText() },
    'rules:\n  governance/web-mail: { severity: warn, maxCount: 100000 }\n',
  )
  expect(resultOf(report, 'governance/web-mail')).toMatchObject({ status: 'pass', severity: 'warn' })
  expect(code).not.toBe(1)
})

test.each([
  ['writes a table', 'sql`create table mine as select 1 as count`'],
  ['drops a table', 'sql`drop table profile`'],
  ['reads a file', "sql`select count(*) as count from read_text('cio-audit.yaml')`"],
  ['reads a folder', "sql`select count(*) as count from glob('*')`"],
  ['writes a file', "sql`copy profile to 'stolen.csv'`"],
  ['attaches a database', "sql`attach 'other.duckdb' as other`"],
  ['loads an extension', 'sql`install httpfs`'],
  ['lifts the lock', 'sql`set enable_external_access = true`'],
  ['asks twice', 'sql`select 1 as count; select 2 as count`'],
  ['puts an empty table before ours', 'sql`create temp table profile as from profile limit 0`'],
  ['lets go of the model', 'sql`detach model`'],
])('a rule that %s is inconclusive, and the others go on', { timeout: 60_000 }, async (_, population) => {
  const [{ code }, report] = await audit({ 'thief.ts': ruleText({ population }) })
  const found = resultOf(report, 'governance/web-mail')
  expect(found?.status).toBe('inconclusive')
  expect(found?.reason).toMatch(/the rule stopped/)
  expect(code).toBe(3)
  const other = resultOf(report, 'identity/duplicate-phone')
  expect(other?.status).not.toBe('skipped')
  expect(other?.population.count).toBeGreaterThan(0)
})

test.each([
  ['no number', "'many' as unknown as number"],
  ['less than nothing', '-profiles'],
  ['not whole', 'profiles / 7'],
])('a mapper whose count is %s makes its rule inconclusive', { timeout: 60_000 }, async (_, affected) => {
  const [{ code }, report] = await audit({ 'odd.ts': ruleText({ affected }) })
  expect(resultOf(report, 'governance/web-mail')?.status).toBe('inconclusive')
  expect(code).toBe(3)
})

test.each<[string, Record<string, string>, RegExp]>([
  ['a module that does not parse', { 'a.ts': 'export default {' }, /a\.ts could not be loaded/],
  ['one that throws', { 'a.js': "throw new Error('at once')" }, /a\.js could not be loaded \(at once\)/],
  [
    'one that imports what is not there',
    { 'a.mjs': "import 'left-pad'" },
    /a\.mjs could not be loaded \(.*left-pad/,
  ],
  [
    'one without a default',
    { 'a.mjs': 'export const rule = 1' },
    /a\.mjs is no rule: it has no default export/,
  ],
  [
    'one with an unknown severity',
    { 'a.ts': ruleText().replace("'error'", "'fatal' as never") },
    /a\.ts is no rule: meta\.severity/,
  ],
  [
    'one with a limit of 50',
    { 'a.ts': ruleText().replace('maxCount: 0', 'maxRate: 50') },
    /a\.ts is no rule: meta\.threshold\.maxRate/,
  ],
  [
    'one without a query',
    { 'a.ts': ruleText().replace('  query: ', '  query2: ') },
    /a\.ts is no rule: query: must be a function/,
  ],
  [
    'an id of a category of its own',
    { 'a.ts': ruleText({ id: 'mine/web-mail' }) },
    /meta\.id: must be <category>/,
  ],
  [
    'an id that is ours',
    { 'a.ts': ruleText({ id: 'identity/duplicate-email' }) },
    /called identity\/duplicate-email, and so is a rule of cio-audit itself/,
  ],
  [
    'one id twice',
    { 'a.ts': ruleText(), 'b.ts': ruleText() },
    /b\.ts is called governance\/web-mail, and so is a rule of rules.a\.ts/,
  ],
])('%s is exit 2 with a sentence, before anything is read', { timeout: 60_000 }, async (_, modules, says) => {
  const [{ code, stderr }, report] = await audit(modules)
  expect(stderr.replaceAll(/\s+/g, ' ')).toMatch(says)
  expect(stderr).not.toMatch(/\n\s+at /)
  expect(code).toBe(2)
  expect(report).toBe(null)
})

test('the rule in the README is one', { timeout: 60_000 }, async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8')
  const text = /```ts\n(import \{ defineRule[^]*?)```/.exec(readme)?.[1] ?? ''
  const [{ code }, report] = await audit({ 'staff.ts': text.replace("'shop.example'", "'gmail.com'") })
  const found = resultOf(report, 'governance/staff-profiles')
  expect(found).toMatchObject({ status: 'fail', severity: 'warn' })
  expect(found?.findings.total).toBeGreaterThan(10)
  expect(code).not.toBe(2)
})

test('rules, rules explain and doctor know it', { timeout: 60_000 }, async () => {
  const cwd = await tempFolder(onTestFinished)
  await mkdir(join(cwd, 'config', 'rules'), { recursive: true })
  await writeFile(join(cwd, 'config', 'audit.yaml'), 'customRules: [rules/web-mail.ts]\n')
  await writeFile(join(cwd, 'config', 'rules', 'web-mail.ts'), ruleText())
  const config = ['--config', 'config/audit.yaml']
  expect((await runCli(['rules', ...config], { cwd })).stdout).toMatch(/governance\/web-mail/)
  expect((await runCli(['rules'], { cwd })).stdout).not.toMatch(/governance\/web-mail/)
  const page = await runCli(['rules', 'explain', 'governance/web-mail', ...config], { cwd })
  expect(page.stdout).toMatch(/By the domain\./)
  const doctor = await runCli(['doctor', ...config], { cwd, env: envOf(shop) })
  expect(doctor.stdout.replaceAll(/\s+/g, ' ')).toMatch(/It adds 1 rule to the \d+ here\./)
})
