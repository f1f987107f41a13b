import { createHmac } from 'node:crypto'
import { personalKind } from './personal-kind.ts'

/** What a value is, as far as masking cares. */
export type Personal = 'email' | 'phone' | 'name' | 'token' | 'text'

export interface Masker {
  /** A value that is known to be personal. */
  value(kind: Personal, value: string): string
  /** Free text: whatever in it has the looks of an address, a phone number or a device token. */
  text(value: string): string
}

// Each pattern starts at the beginning of a run only: without that, a value of a million letters takes a day.
// An apostrophe between letters is part of a name (mary.o'hara@…), any other is a quotation mark. An address that an app has
// escaped for a URL is one as well.
const emailInText =
  /(?<![^\s@<>()[\],;:"'\\/|=]|[\p{L}\p{N}]')[^\s@<>()[\],;:"'\\/|=]+(?:(?<=[\p{L}\p{N}])'(?=[\p{L}\p{N}])[^\s@<>()[\],;:"'\\/|=]+)*(?:@|%40)[^\s@<>()[\],;:"'\\/|=]*[^\s@<>()[\],;:"'\\/|=.]/gu
/** International numbers, and national ones long enough to be no count and no Unix time. */
const phoneInText =
  /(?<![\w#])(?:\+|00)\d(?:[\s().-]{0,2}\d){6,14}(?!\w)|(?<![\w#])\(?\d{3}\)?[\s.-]\d{3}[\s.-]\d{4}(?!\w)/g
/** APNs (64 and more hex digits), FCM in both forms, and Expo's. */
const tokenInText =
  /(?<![\w:-])(?:[0-9a-f]{64,200}|[\w-]{10,}:[\w-]{80,}|[\w-]{140,}|ExponentPushToken\[[^\]]*\])/gi

/** A text under a key, in JSON that may have been cut short. */
const pairInJson = /"((?:[^"\\]|\\.){1,100})"(\s*:\s*")((?:[^"\\]|\\.)*)/g

/**
 * Masks are keyed: equal values stay equal, so that duplicates can be told in a masked report, and nobody without
 * the key can try addresses against them. Address and name are compared as people type them, so case is dropped.
 */
export function createMasker(key: string): Masker {
  const seal = (kind: Personal, value: string): string =>
    createHmac('sha256', key)
      .update(kind === 'token' ? value : value.normalize('NFKC').trim().toLowerCase())
      .digest('hex')
      .slice(0, 8)
  const value = (kind: Personal, plain: string): string =>
    plain.trim() === '' || isMasked(plain) ? plain : `${hint(kind, plain)}#${seal(kind, plain)}`
  return {
    value,
    text: (plain) =>
      plain
        .replace(pairInJson, (pair: string, name: string, between: string, inner: string) => {
          const kind = personalKind(name)
          return kind === undefined ? pair : `"${name}"${between}${value(kind, inner)}`
        })
        .replace(tokenInText, (token) => value('token', token))
        .replace(emailInText, (address) => (isMasked(address) ? address : value('email', address)))
        .replace(phoneInText, (phone) => value('phone', phone)),
  }
}

const isMasked = (value: string): boolean => /^\S*…\S*#[0-9a-f]{8}$/.test(value)

/** Enough to recognise one's own test account by, and nothing to guess a person from. */
function hint(kind: Personal, value: string): string {
  const [first = ''] = value.trim()
  if (kind === 'email') {
    const [, domain = ''] = value.split('@')
    const [start = ''] = domain
    const ending = /\.[a-z]{2,10}$/i.exec(domain)?.[0] ?? ''
    return `${first}…@${start}…${ending}`
  }
  if (kind === 'phone') return `${first === '+' ? '+' : ''}…${value.trim().slice(-2)}`
  return kind === 'text' ? '…' : `${first}…`
}
