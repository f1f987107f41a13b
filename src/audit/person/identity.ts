import type { IdType, PersonFacts } from '../../model/person-facts.ts'
import { number, step, text, type Search, type Spelling, type Step } from './links.ts'

function spelt(type: IdType, value: string, spell: Spelling): string {
  if (type === 'email' || type === 'phone') return spell[type](value)
  return spell.text(value)
}

export function foundStep(
  { profile }: PersonFacts,
  { type, identifier, found }: Search,
  spell: Spelling,
): Step {
  const names = [
    `cio_id ${text(profile['cio_id'])}`,
    ...(profile['id'] == null || profile['id'] === '' ? [] : [`id ${spell.text(text(profile['id']))}`]),
    ...(profile['email'] == null || profile['email'] === ''
      ? []
      : [`e-mail ${spell.email(text(profile['email']))}`]),
  ].join(', ')
  const words = `by ${type} ${spelt(type, identifier, spell)}: ${names}`
  if (found.length === 1) return step('found', 'ok', words)
  return step(
    'found',
    'warn',
    `${words}; the one of ${found.length} with the most events`,
    found.slice(1, 10).map((cioId) => ({ mark: 'warn', text: `also cio_id ${cioId}` })),
  )
}

export function knownStep({ profile }: PersonFacts, spell: Spelling): Step {
  if (profile['anonymous'] === true)
    return step('known', 'fail', 'anonymous: neither id, e-mail nor phone, so nobody can be messaged')
  const has = [
    ...(profile['id_known'] === true ? ['an id'] : []),
    ...(text(profile['email']) === '' ? [] : ['an e-mail']),
    ...(text(profile['phone']) === '' ? [] : [`a phone (${spell.phone(text(profile['phone']))})`]),
  ]
  return step('known', 'ok', `has ${has.join(', ')}`)
}

export function idStep({ profile, idFormat }: PersonFacts, spell: Spelling): Step {
  const id = text(profile['id'])
  if (profile['id_known'] !== true)
    return step('canonical id', 'fail', id === '' ? 'there is no id' : `${spell.text(id)} stands for nobody`)
  if (idFormat.misfit === null) return step('canonical id', 'ok', spell.text(id))
  const others = idFormat.canonical === null ? '' : `; nearly all others are ${idFormat.canonical}`
  return step('canonical id', 'fail', `${spell.text(id)} has the form ${idFormat.misfit}${others}`)
}

export function clusterStep({ mates }: PersonFacts, { isWhole }: Search, spell: Spelling): Step {
  if (mates.length === 0)
    return step(
      'cluster',
      'ok',
      isWhole
        ? 'no other profile looks like this person'
        : 'nobody else has the same e-mail or phone, as they are written here (--offline knows other spellings)',
    )
  return step(
    'cluster',
    'fail',
    `${mates.length === 1 ? '1 more profile' : `${mates.length} more profiles`} of the same person`,
    mates.map((mate) => ({
      mark: 'fail',
      text: `cio_id ${text(mate['cio_id'])}${mate['id'] == null ? '' : `, id ${spell.text(text(mate['id']))}`} (joined by ${text(mate['joined_by']) || 'others between'}): ${number(mate['intent_events'])} intent events, ${number(mate['devices'])} devices, best ${text(mate['best_device'])}`,
    })),
  )
}
