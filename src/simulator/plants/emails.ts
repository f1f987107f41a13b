import type { Shopper } from '../population/shopper.ts'
import { cases, type Cast, type Dress } from './cast.ts'

const none: Dress = { depth: 'none', devices: 0 }

/** Ways in which one address is written twice. All of them are one address once normalised (NFKC, trim, lower case). */
export const spellings: readonly ((email: string) => string)[] = [
  (email) => email,
  (email) => email.toUpperCase(),
  (email) => ` ${email} `,
  (email) => email.replace(/^./, (first) => first.toUpperCase()),
  (email) => email.replace(/@.*$/, (domain) => domain.toUpperCase()),
  // Full-width letters, as an East Asian keyboard types them; NFKC brings them back.
  (email) => email.replace(/^[a-z]/, (first) => String.fromCodePoint(first.charCodeAt(0) + 0xfee0)),
  (email) => `${email}\t`,
  (email) => `${email}\n`,
  (email) => `\u00a0${email}`,
]

/** Where device and behaviour sit in a pair of profiles of one person. */
const schemes: readonly (readonly [Dress, Dress])[] = [
  [{ depth: 'cart', devices: 1 }, none],
  [
    { depth: 'none', devices: 1 },
    { depth: 'checkout', devices: 0 },
  ],
  [
    { depth: 'purchase', devices: 1 },
    { depth: 'browse', devices: 1 },
  ],
  [
    { depth: 'opens', devices: 1 },
    { depth: 'cart', devices: 1 },
  ],
  [
    { depth: 'search', devices: 2 },
    { depth: 'purchase', devices: 0 },
  ],
  [
    { depth: 'none', devices: 1 },
    { depth: 'opens', devices: 1 },
  ],
]

/** One person on several profiles that share one address; the first keeps the plain spelling. */
export function shareEmail(
  cast: Cast,
  members: readonly Shopper[],
  spelling: (email: string) => string,
): void {
  const email = writeAlike(cast, members, spelling)
  cast.join(members, `email:${email}`)
}

function writeAlike(cast: Cast, members: readonly Shopper[], spelling: (email: string) => string): string {
  const email = members[0]?.person.email ?? ''
  for (const { person } of members.slice(1)) person.email = spelling(email)
  cast.facts.add(
    'identity/duplicate-email',
    `email:${email}`,
    members.map((shopper) => shopper.person.cioId),
  )
  return email
}

/** Near and far: profiles of one person that have one e-mail address. */
export function plantDuplicateEmails(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.009, 18); turn += 1) {
    const size = turn % 9 === 4 ? 3 : turn % 23 === 7 ? 5 : 2
    const members = cast.take(size)
    if (members === null) return
    const scheme = schemes[turn % schemes.length] ?? schemes[0]
    for (const [position, shopper] of members.entries()) cast.dress(shopper, scheme?.[position] ?? none)
    shareEmail(cast, members, spellings[turn % spellings.length] ?? String)
    cast.noteOrphans(members)
  }
}

/** A loop that creates a profile on every visit: one address, more profiles than any person has. */
export function plantMassEmails(cast: Cast, people: number): void {
  for (let turn = 0; turn < cases(people, 0.0004, 2); turn += 1) {
    // A large shop can spare the fifty that a forgotten test runs up in a night.
    const members = cast.take(turn === 0 && people >= 20_000 ? 50 : 6 + (turn % 5) * 2)
    if (members === null) return
    for (const shopper of members) {
      cast.dress(shopper, none)
      shopper.person.phone = null
      shopper.person.createdAt = (members[0]?.person.createdAt ?? 0) + members.indexOf(shopper) * 40
    }
    // Whose they are nobody can tell: too many for one person, so they are not joined.
    writeAlike(cast, members, spellings[turn % 2] ?? String)
  }
}

function variantsOf(email: string): { readonly folded: string; readonly forms: readonly string[] } {
  const [local = '', domain = ''] = email.split('@')
  const plain = local.replaceAll('.', '')
  const dotted = `${plain.slice(0, 2)}.${plain.slice(2)}`
  return domain === 'gmail.com'
    ? {
        folded: `${plain}@gmail.com`,
        forms: [dotted, `${plain}+shop`, `${dotted}+sale`, `${plain}+1`].map((form) => `${form}@${domain}`),
      }
    : {
        folded: email,
        forms: ['+shop', '+1', '+newsletter2026', '+promo', '+x.y'].map((tag) => `${local}${tag}@${domain}`),
      }
}

/** Coupon hunters: one mailbox under several addresses. The rule names them, but they are not duplicates. */
export function plantEmailVariants(cast: Cast, people: number, gmailOnly: boolean): void {
  for (let turn = 0; turn < cases(people, gmailOnly ? 0.001 : 0.004, gmailOnly ? 2 : 10); turn += 1) {
    const wantsGmail = gmailOnly || turn % 2 === 0
    const members = cast.take(
      turn % 4 === 3 ? 4 : 2,
      ({ person }) => person.email?.endsWith('@gmail.com') === wantsGmail,
    )
    if (members === null) return
    const [first] = members
    const local = first.person.email?.split('@')[0] ?? ''
    const { folded, forms } = variantsOf(
      wantsGmail ? `${local.replaceAll('.', '')}@gmail.com` : (first.person.email ?? ''),
    )
    if (wantsGmail) first.person.email = folded
    for (const [position, { person }] of members.slice(1).entries()) {
      person.email = forms[(turn + position) % forms.length] ?? folded
      person.phone = null
    }
    const records = members.map((shopper) => shopper.person.cioId)
    cast.facts.add('identity/email-variant', `email:${folded}`, records, { informative: true })
    // Every other family of four also has the first address twice: a duplicate inside a set of variants.
    const [, , , last] = members
    if (last === undefined || turn % 8 === 3) continue
    cast.dress(first, none)
    cast.dress(last, none)
    last.person.email = folded.toUpperCase()
    cast.facts.add('identity/duplicate-email', `email:${folded}`, [first.person.cioId, last.person.cioId])
    cast.join([first, last], `email:${folded}`)
  }
}

/** Looks like duplicates, but says nothing about who is who. */
export function plantEmailNearMisses(cast: Cast, people: number): void {
  const shared = (size: number, email: string): string[] =>
    (cast.take(size) ?? []).map(({ person }) => {
      person.email = email
      return person.cioId
    })
  for (const [size, mailbox] of [
    [9, 'info@northwindoutfitters.com'],
    [3, 'support@northwindoutfitters.com'],
  ] as const) {
    const holders = shared(size, mailbox)
    if (holders.length > 0)
      cast.facts.add('identity/shared-contact', `email:${mailbox}`, holders, { informative: true })
  }
  shared(3, 'test@test.com')
  shared(3, 'noemail')
  shared(2, 'customer@')
  shared(8, 'qa-robot@mailinator.com')
  for (let turn = 0; turn < cases(people, 0.001, 3); turn += 1) dotsThatMatter(cast)
}

/** Outside Google a dot makes another mailbox. */
function dotsThatMatter(cast: Cast): void {
  const members = cast.take(2, ({ person }) => /^[a-z]{3,}\.[a-z]+\d*@(?!gmail)/.test(person.email ?? ''))
  if (members === null) return
  const [first, second] = members
  if (second !== undefined) second.person.email = first.person.email?.replace('.', '') ?? null
}
