import { base, de, en, es, Faker, fr, generateMersenne53Randomizer, it } from '@faker-js/faker'
import type { Random } from '../random.ts'
import type { Country } from './countries.ts'

export interface Name {
  readonly first: string
  readonly last: string
}

/** People's names in their country's language; faker is seeded and never asks the clock for a name. */
export function nameMaker(seed: number): (country: Country) => Name {
  const randomizer = generateMersenne53Randomizer(seed)
  const fakers = {
    en: new Faker({ locale: [en, base], randomizer }),
    de: new Faker({ locale: [de, en, base], randomizer }),
    fr: new Faker({ locale: [fr, en, base], randomizer }),
    es: new Faker({ locale: [es, en, base], randomizer }),
    it: new Faker({ locale: [it, en, base], randomizer }),
  }
  return (country) => {
    const faker = fakers[country.names]
    return { first: faker.person.firstName(), last: faker.person.lastName() }
  }
}

/** `Jürgen` becomes `jurgen`: mailboxes are plain ASCII. */
function asciiWord(name: string): string {
  return name
    .normalize('NFD')
    .replaceAll('ß', 'ss')
    .replaceAll(/[^a-zA-Z]/g, '')
    .toLowerCase()
}

/**
 * Gives addresses that nobody else has, not even after removing dots and tags: whatever reads as a duplicate or a
 * variant in the end was planted.
 */
export function mailMaker(random: Random, block: number): (name: Name, domains: readonly string[]) => string {
  const taken = new Set<string>()
  // Every block numbers its addresses out of a range of its own, so that it need not know those of the others.
  const numbered = (form: string): string => `${form}${block * 100_000 + random.int(1, 99_999)}`
  return (name, domains) => {
    const first = asciiWord(name.first) || 'sam'
    const last = asciiWord(name.last) || 'lee'
    const forms = [`${first}.${last}`, `${first}${last}`, `${first.slice(0, 1)}.${last}`, `${last}.${first}`]
    let local = block === 0 ? random.pick(forms) : numbered(random.pick(forms))
    while (taken.has(local.replaceAll('.', ''))) local = numbered(random.pick(forms))
    taken.add(local.replaceAll('.', ''))
    return `${local}@${random.pick(domains)}`
  }
}
