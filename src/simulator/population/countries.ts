import type { Random } from '../random.ts'

export interface Country {
  readonly code: string
  readonly locales: readonly string[]
  readonly currency: string
  /** Which of faker's locales names the people. */
  readonly names: 'en' | 'de' | 'fr' | 'es' | 'it'
  readonly mailDomains: readonly string[]
  /** A mobile number in E.164 out of a number that is never used twice. */
  phone(unique: number): string
}

const padded = (value: number, length: number): string => String(value).padStart(length, '0')
const usAreaCodes = [212, 213, 303, 305, 312, 404, 415, 503, 512, 602, 617, 646, 702, 713, 786, 818, 917, 972]

function usPhone(unique: number): string {
  const area = usAreaCodes[unique % usAreaCodes.length] ?? 212
  const rest = Math.floor(unique / usAreaCodes.length)
  return `+1${area}${padded(230 + (Math.floor(rest / 10_000) % 300), 3)}${padded(rest % 10_000, 4)}`
}

export const countries: readonly Country[] = [
  {
    code: 'US',
    locales: ['en-US'],
    currency: 'USD',
    names: 'en',
    mailDomains: ['gmail.com', 'gmail.com', 'yahoo.com', 'outlook.com', 'icloud.com', 'hotmail.com'],
    phone: usPhone,
  },
  {
    code: 'GB',
    locales: ['en-GB'],
    currency: 'GBP',
    names: 'en',
    mailDomains: ['gmail.com', 'hotmail.co.uk', 'outlook.com', 'btinternet.com', 'icloud.com'],
    phone: (unique) => `+4477${padded(10_000_000 + (unique % 89_000_000), 8)}`,
  },
  {
    code: 'DE',
    locales: ['de-DE', 'en-GB'],
    currency: 'EUR',
    names: 'de',
    mailDomains: ['gmx.de', 'web.de', 'gmail.com', 't-online.de', 'posteo.de'],
    phone: (unique) => `+49151${padded(10_000_000 + (unique % 89_000_000), 8)}`,
  },
  {
    code: 'FR',
    locales: ['fr-FR'],
    currency: 'EUR',
    names: 'fr',
    mailDomains: ['orange.fr', 'gmail.com', 'free.fr', 'laposte.net'],
    phone: (unique) => `+336${padded(10_000_000 + (unique % 89_000_000), 8)}`,
  },
  {
    code: 'ES',
    locales: ['es-ES'],
    currency: 'EUR',
    names: 'es',
    mailDomains: ['gmail.com', 'hotmail.es', 'telefonica.net', 'outlook.es'],
    phone: (unique) => `+346${padded(10_000_000 + (unique % 89_000_000), 8)}`,
  },
  {
    code: 'IT',
    locales: ['it-IT'],
    currency: 'EUR',
    names: 'it',
    mailDomains: ['libero.it', 'gmail.com', 'virgilio.it', 'alice.it'],
    phone: (unique) => `+39347${padded(unique % 10_000_000, 7)}`,
  },
]

const shares = [0.36, 0.58, 0.78, 0.88, 0.95, 1]

export function drawCountry(random: Random): Country {
  const draw = random.fraction()
  const position = shares.findIndex((share) => draw < share)
  const country = countries[position]
  if (country === undefined) throw new RangeError('The shares of the countries must end in 1.')
  return country
}
