import type { PersonFacts } from '../../model/person-facts.ts'
import { number, step, text, worstOf, type Detail, type Search, type Spelling, type Step } from './links.ts'

export function permissionStep({ audience }: PersonFacts): Step {
  const said = `the attribute says ${text(audience['attribute_says']) || 'nothing'}, the devices say ${text(audience['devices_say']) || 'nothing'}`
  switch (audience['permission']) {
    case 'in':
      return step('permission', 'ok', `opted in (${said})`)
    case 'out':
      return step('permission', 'none', `opted out (${said}): no push is meant to arrive`)
    case 'unsubscribed':
      return step('permission', 'none', 'unsubscribed: no message is meant to arrive')
    default:
      return step('permission', 'warn', `not known (${said})`)
  }
}

const deviceWords: Readonly<Record<string, string>> = {
  deliverable: 'deliverable',
  stale: 'not used for long',
  disabled: 'push is switched off on it',
  undeliverable: 'the last push did not arrive',
  shared: 'other profiles hold its token too',
  malformed: 'its token is none',
}

/** The API tells whose a device is by person only, never by token. */
const unasked: Detail = {
  mark: 'none',
  text: 'whether other people hold these tokens too is told by a snapshot alone (--offline)',
}

/** Opted in and active in the app without a device to reach is the break; a web shopper needs none. */
export function deviceStep(
  { audience, devices, formerDevices, mates }: PersonFacts,
  { isWhole }: Search,
  spell: Spelling,
): Step {
  const details: Detail[] = devices.map((device) => {
    const state = text(device['state'])
    const reason =
      state === 'malformed'
        ? text(device['malformed'])
        : state === 'shared'
          ? `${number(device['holders'])} profiles hold it`
          : state === 'undeliverable'
            ? `last status ${text(device['last_status'])}`
            : ''
    const used = device['last_used'] == null ? 'never used' : `last used ${text(device['last_used'])}`
    return {
      mark: state === 'deliverable' ? 'ok' : 'warn',
      text: `${text(device['platform']) || 'unknown platform'} ${spell.token(text(device['token']))}: ${deviceWords[state] ?? state}${reason === '' ? '' : ` (${reason})`}, ${used}`,
    }
  })
  const elsewhere = [
    ...mates
      .filter((mate) => number(mate['devices']) > 0)
      .map((mate): Detail => ({
        mark: 'fail',
        text: `${number(mate['devices'])} on cio_id ${text(mate['cio_id'])}, the same person`,
      })),
    ...formerDevices.map((device): Detail => ({
      mark: 'warn',
      text: `${spell.token(text(device['token']))} went to cio_id ${text(device['holder'])} on ${text(device['until_at']).slice(0, 10)}`,
    })),
  ]
  const all = [...details, ...elsewhere, ...(isWhole || devices.length === 0 ? [] : [unasked])]
  const best = text(audience['best_device'])
  if (best === 'deliverable') return step('devices', worstOf(elsewhere), 'at least one is deliverable', all)
  if (elsewhere.some(({ mark }) => mark === 'fail'))
    return step('devices', 'fail', 'they sit on another profile of the same person', all)
  const isMeant = audience['permission'] === 'in' && audience['app_active'] === true
  if (isMeant)
    return step(
      'devices',
      'fail',
      best === 'none'
        ? 'none, and yet active in the app'
        : `none is deliverable: the best is ${deviceWords[best] ?? best}`,
      all,
    )
  if (audience['app_user'] !== true)
    return step('devices', 'none', 'none: this person does not use the app', all)
  return step(
    'devices',
    'warn',
    best === 'none' ? 'none' : `none is deliverable: the best is ${deviceWords[best] ?? best}`,
    all,
  )
}
