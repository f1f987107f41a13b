import type { Row } from '../../engine/database.ts'
import type { PersonFacts } from '../../model/person-facts.ts'
import { step, text, worstOf, type Detail, type Spelling, type Step } from './links.ts'

export function attributeStep({ attributes }: PersonFacts, spell: Spelling): Step {
  if (attributes.length === 0) return step('attributes', 'none', 'the plan names none')
  const details = attributes.flatMap((row): Detail[] => {
    const name = text(row['attribute'])
    const label = spell.text(name)
    if (row['defect'] === 'missing')
      return [
        row['required'] === true
          ? { mark: 'fail', text: `${label} is missing, and required of ${text(row['applies_to'])}` }
          : { mark: 'warn', text: `${label} is missing, and recommended` },
      ]
    const value = text(row['value'])
    const shown = spell.attribute(name, value)
    if (row['defect'] !== null)
      return [
        {
          mark: row['required'] === true ? 'fail' : 'warn',
          text: `${label} = ${shown} is no ${text(row['type'])}: ${text(row['found'])}`,
        },
      ]
    return value.trim() === '' ? [] : [{ mark: 'ok', text: `${label} = ${shown} (${text(row['type'])})` }]
  })
  const wrong = details.filter(({ mark }) => mark !== 'ok').length
  const worst = worstOf(details)
  return step(
    'attributes',
    worst,
    wrong === 0
      ? `${details.length} as planned`
      : `${wrong} of ${attributes.length} planned attributes are not as planned`,
    details,
  )
}

export function eventStep({ events, defects }: PersonFacts, spell: Spelling): Step {
  if (events.length === 0)
    return step(
      'intent events',
      'none',
      'no product, cart, checkout or purchase event in the window, so nothing can be judged',
    )
  const details = events.flatMap((event): Detail[] => {
    const own = defects.filter(({ seq }) => seq === event['seq'])
    const title = `${text(event['happened_at'])} ${spell.text(text(event['name']))} (${text(event['intent'])})`
    if (!isHeld(event)) return [{ mark: 'none', text: `${title}: the plan asks no properties of it` }]
    const wrong = own.map((row): Detail => ({ mark: 'fail', text: `${title}: ${defectWords(row, spell)}` }))
    return wrong.length > 0 ? wrong : [{ mark: 'ok', text: `${title}: ${propertiesOf(event, spell)}` }]
  })
  const broken = new Set(defects.map(({ seq }) => seq)).size
  if (broken > 0)
    return step(
      'intent events',
      'fail',
      `${broken} of the last ${events.length} do not fit the plan`,
      details,
    )
  const held = events.filter(isHeld).length
  if (held === 0)
    return step(
      'intent events',
      'none',
      'the plan asks no properties of any of them, so nothing can be judged',
      details,
    )
  return step(
    'intent events',
    'ok',
    held === events.length
      ? `the last ${held} fit the plan`
      : `of the last ${events.length} the ${held} that the plan asks properties of fit it`,
    details,
  )
}

/** The plan asks properties of it. */
export const isHeld = (event: Row): boolean => event['held'] === true

function defectWords(row: Row, spell: Spelling): string {
  const path = text(row['path'])
  if (row['defect'] === 'missing') return `${path} is missing`
  return `${path} is not as planned: ${text(row['found'])}, ${spell.property(path, text(row['value']))}`
}

const mostProperties = 8
const longestValue = 40

/** The first properties of a payload, each on a few characters. */
function propertiesOf(event: Row, spell: Spelling): string {
  const data = parsed(text(event['data']))
  const shown = Object.entries(data)
    .slice(0, mostProperties)
    .map(([name, value]) => {
      // Spelt first and cut then: half an address does not look like one any more, and would not be masked.
      const words = spell.property(name, typeof value === 'string' ? value : JSON.stringify(value))
      return `${spell.text(name)} ${words.length > longestValue ? `${words.slice(0, longestValue)}…` : words}`
    })
  return shown.length === 0 ? 'no properties' : shown.join(', ')
}

/** A payload that was cut short is no JSON any more. */
function parsed(data: string): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(data) as unknown
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
