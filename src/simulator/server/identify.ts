import type { Person } from '../types.ts'
import { nextCioId, type Track } from './track.ts'

/** Who an identifier in a Track path means: guessed from its shape, since v1 says nothing else. */
export type PathIdentifier = { readonly kind: 'cio_id' | 'email' | 'id'; readonly value: string }

export function readIdentifier(text: string): PathIdentifier {
  if (text.startsWith('cio_')) return { kind: 'cio_id', value: text.slice(4) }
  return { kind: text.includes('@') ? 'email' : 'id', value: text }
}

const limits = { attributes: 300, nameBytes: 150, valueBytes: 1000 } as const
const truths: readonly unknown[] = [true, 'true', 'TRUE', 1, '1']

/** Every attribute is kept as text, whatever was sent; objects become JSON. */
function asText(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
}

/** What is wrong with the attributes of an identify call; empty when nothing is. */
export function overLimits(attributes: Readonly<Record<string, unknown>>): string[] {
  const errors: string[] = []
  const entries = Object.entries(attributes)
  if (entries.length > limits.attributes) errors.push(`more than ${limits.attributes} attributes`)
  for (const [name, value] of entries) {
    if (Buffer.byteLength(name) > limits.nameBytes) errors.push('attribute name is too long')
    if (Buffer.byteLength(asText(value ?? '')) > limits.valueBytes)
      errors.push(`attribute ${name.slice(0, 40)} is too long`)
  }
  return errors
}

/**
 * Creates or updates a person by the documented rules. Conflicts answer 200 like everything else and show up in the
 * feed as `failed_attribute_change`.
 */
export function identify(track: Track, path: PathIdentifier, body: Readonly<Record<string, unknown>>): void {
  const { workspace } = track
  const [byPath] = workspace.find(path.kind, path.value)
  const named = (['id', 'email'] as const).flatMap((kind) => {
    const value = body[kind]
    return typeof value === 'string' && value !== '' ? workspace.find(kind, value) : []
  })
  const byBody = named.find((index) => index !== byPath)
  if (byPath === undefined) {
    if (path.kind === 'cio_id') return
    if (byBody !== undefined) return fillIdentifier(track, byBody, path, body)
    if (body['_update'] === true) return
    return create(track, path, body)
  }
  if (byBody !== undefined) {
    const known = workspace.person(byPath)
    const reason = `identifier is already in use by cio_${workspace.person(byBody).cioId}`
    track.note('failed_attribute_change', byPath, {
      reason,
      identifiers: { id: body['id'] ?? known.id, email: body['email'] ?? known.email },
    })
    return
  }
  const known = workspace.person(byPath)
  if (
    path.kind !== 'cio_id' &&
    typeof body['id'] === 'string' &&
    known.id !== null &&
    known.id !== '' &&
    body['id'] !== known.id
  ) {
    track.note('failed_attribute_change', byPath, {
      reason: 'id can only be changed by cio_id',
      identifiers: { id: body['id'] },
    })
    return
  }
  update(track, byPath, body)
}

/** The path's identifier is new, but somebody in the body is known: that person gets it. */
function fillIdentifier(
  track: Track,
  index: number,
  path: PathIdentifier,
  body: Readonly<Record<string, unknown>>,
): void {
  const person = track.workspace.person(index)
  const kind = path.kind === 'email' ? 'email' : 'id'
  const old = person[kind]
  if (old !== null && old !== '' && kind === 'id') {
    track.note('failed_attribute_change', index, {
      reason: 'id can only be changed by cio_id',
      identifiers: { id: path.value },
    })
    return
  }
  update(track, index, { ...body, [kind]: path.value })
}

function create(track: Track, path: PathIdentifier, body: Readonly<Record<string, unknown>>): void {
  const created = body['created_at']
  const person: Person = {
    cioId: nextCioId(track.workspace),
    id: path.kind === 'id' ? path.value : null,
    email: path.kind === 'email' ? path.value : null,
    phone: null,
    createdAt: typeof created === 'number' && Number.isInteger(created) ? created : track.nowSeconds(),
    attributes: {},
    attributeTimes: {},
    unsubscribed: false,
    devices: [],
    deleted: false,
  }
  const index = track.workspace.add(person)
  track.note('profile_create', index, {})
  update(track, index, body)
}

const silent = new Set(['created_at', '_timestamp', '_update', 'anonymous_id', 'cio_id'])

function update(track: Track, index: number, body: Readonly<Record<string, unknown>>): void {
  const changes: Record<string, { from: string; to: string }> = {}
  track.workspace.change(index, (person) => {
    for (const [name, value] of Object.entries(body)) {
      if (silent.has(name)) continue
      const to = value === null ? '' : asText(value)
      const from = setAttribute(person, name, to)
      if (from === to) continue
      changes[name] = { from, to }
      person.attributeTimes[name] = track.nowSeconds()
    }
    if ('unsubscribed' in body) person.unsubscribed = truths.includes(body['unsubscribed'])
  })
  if (Object.keys(changes).length > 0) track.note('attribute_change', index, changes)
  if (typeof body['anonymous_id'] === 'string') track.mergeAnonymous(index, body['anonymous_id'])
}

/** Sets one attribute and returns what it was; an empty text takes it away. */
export function setAttribute(person: Person, name: string, to: string): string {
  if (name === 'id' || name === 'email' || name === 'phone') {
    const from = person[name] ?? ''
    person[name] = to === '' ? null : to
    return from
  }
  const from = person.attributes[name] ?? ''
  if (to === '') delete person.attributes[name]
  else person.attributes[name] = to
  return from
}
