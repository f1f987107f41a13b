import type { Personal } from './mask.ts'

/** What the values under this name are, where the name says so: a column, an attribute, a key within a value. */
export function personalKind(column: string): Personal | undefined {
  const words = column
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  const last = words.at(-1) ?? ''
  if (words.some((word) => /^e?mails?$/.test(word))) return 'email'
  if (words.some((word) => /^(?:phones?|mobile|msisdn|cell)$/.test(word))) return 'phone'
  if (words.includes('token') || words.includes('tokens')) return 'token'
  if (/^(?:firstname|lastname|fullname|givenname|familyname|surname|forename|nickname)$/.test(last))
    return 'name'
  const before = words.at(-2) ?? ''
  if (
    last === 'name' &&
    /^(?:first|last|full|middle|given|family|nick|customer|person|profile|display|contact|recipient|billing)$/.test(
      before,
    )
  )
    return 'name'
  return words.some((word) => /^(?:address|street|birthday|birthdate|dob)$/.test(word)) ? 'text' : undefined
}
