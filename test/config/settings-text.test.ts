import { Ajv } from 'ajv'
import { fc } from '../support/properties.ts'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { rules } from '../../rules/index.ts'
import { configJsonSchema, loadPlan, loadSettings, planJsonSchema } from '../../src/config/index.ts'
import { guidePlan, withNamedEvents } from '../../src/config/first-plan.ts'
import { renderPlan } from '../../src/config/plan-text.ts'
import { renderSettings, type FirstSettings } from '../../src/config/settings-text.ts'
import { inFolder } from './support.ts'

const undecided: FirstSettings = {
  name: null,
  canonicalId: null,
  authEvents: [],
  defaultCountry: null,
  optInAttribute: null,
  notifyFrom: null,
  notifyLink: null,
}
const ids = rules.map(({ meta }) => meta.id)
const isConfig = new Ajv({ strict: false }).compile(configJsonSchema())
const isPlan = new Ajv({ strict: false }).compile(planJsonSchema())
const load = (yaml: string) =>
  inFolder({ 'cio-audit.yaml': yaml }, (folder) => loadSettings(undefined, folder, async () => ids))
const loadedPlan = (yaml: string) =>
  inFolder({ 'tracking-plan.yaml': yaml }, (folder) => loadPlan(undefined, folder))
/** `#links: true` becomes a setting; `# prose` stays a comment. */
const switchedOn = (yaml: string): string => yaml.replaceAll(/^(\s*)#(?=\S)/gm, '$1')

test('a config that nobody decided is the defaults, and its first line names the schema', async () => {
  const yaml = renderSettings(undecided, null)
  expect(yaml).toMatch(
    /^# yaml-language-server: \$schema=\.\/node_modules\/cio-audit\/schema\/config\.schema\.json\n/,
  )
  expect(isConfig(parse(yaml) ?? {})).toBe(true)
  const { origin: _, ...settings } = await load(yaml)
  const { origin: __, ...defaults } = await inFolder({}, (folder) => loadSettings(undefined, folder))
  expect(settings).toEqual(defaults)
})

test('every line that is commented out is a valid setting, also in the words of the schema', async () => {
  const yaml = switchedOn(renderSettings(undecided, 'all ids are uuid'))
  expect(isConfig(parse(yaml)) ? [] : isConfig.errors).toEqual([])
  const settings = await load(yaml)
  expect(settings.rules['events/noisy']).toEqual({ enabled: false })
  expect(settings.attest['event-dedupe']?.owner).toBe('crm@shop.example')
  expect(settings.notify).toEqual({
    urlFrom: 'SLACK_WEBHOOK_URL',
    on: ['no-go', 'inconclusive', 'change'],
    link: '${CI_JOB_URL}',
  })
})

test('the defaults that the comments show are the defaults', async () => {
  const shown = await load(
    switchedOn(renderSettings(undecided, null)).replaceAll(
      /^ {2}(?:name|emails|attribute|identity\/.*|events\/.*|event-dedupe): .*$/gm,
      '',
    ),
  )
  const {
    notify: _,
    origin: __,
    ...defaults
  } = await inFolder({}, (folder) => loadSettings(undefined, folder))
  expect(shown).toMatchObject(defaults)
})

test('what was decided is read back as it was, whatever characters it holds', async () => {
  const text = fc.string({ unit: 'binary', minLength: 1 }).map((value) => value.toWellFormed())
  await fc.assert(
    fc.asyncProperty(text, fc.array(text), text, text, async (name, authEvents, optInAttribute, note) => {
      const yaml = renderSettings(
        {
          ...undecided,
          name,
          authEvents,
          optInAttribute,
          canonicalId: '[a-z]{3}-\\d+',
          defaultCountry: 'NO',
          notifyFrom: 'HOOK',
        },
        note,
      )
      const settings = await load(yaml)
      expect(settings.workspace.name).toBe(name)
      expect(settings.push.optInAttribute).toBe(optInAttribute)
      if (authEvents.length > 0) expect(settings.identity.authEvents).toEqual(authEvents)
      expect(settings.identity).toMatchObject({ canonicalId: '[a-z]{3}-\\d+', defaultCountry: 'NO' })
      expect(settings.notify?.urlFrom).toBe('HOOK')
      expect(isConfig(parse(yaml))).toBe(true)
    }),
    { numRuns: 50 },
  )
})

test('a plan of the guide holds the names of the team as critical, and its own as not', async () => {
  const yaml = renderPlan(guidePlan({ cart: '__proto__', product: 'Item "seen"' }), ['head'])
  expect(isPlan(parse(yaml)) ? [] : isPlan.errors).toEqual([])
  const { events, attributes } = await loadedPlan(yaml)
  expect(Object.keys(events)).toEqual(['Item "seen"', '__proto__', 'checkout_started', 'purchase'])
  expect(events['__proto__']).toMatchObject({ intent: 'cart', critical: true })
  // A product view costs no sale, so its absence is no NO-GO even under a name of the team.
  expect(events['Item "seen"']).toMatchObject({ intent: 'product', critical: false })
  expect(events['purchase']).toMatchObject({ critical: false, properties: { order_id: { required: true } } })
  expect(attributes['push_opt_in']).toMatchObject({ type: 'boolean', appliesTo: 'app-users' })
})

test('events that the team names join an inferred plan, and keep what was seen of them', () => {
  const seen = guidePlan({})
  const event = { ...seen.events['purchase'], intent: null, dedupeKey: 'event_id' }
  const plan = withNamedEvents(
    { ...seen, events: { order_done: event } as typeof seen.events },
    { purchase: 'order_done', cart: 'basket' },
  )
  expect(plan.events['order_done']).toMatchObject({
    intent: 'purchase',
    critical: true,
    dedupeKey: 'event_id',
  })
  expect(plan.events['basket']).toMatchObject({ intent: 'cart', critical: true })
})
