/**
 * What an error body says, from any of the envelopes that Customer.io uses (reference, section 1.5). Nothing is
 * required of it: it may be empty, HTML, or a shape that nobody has written down.
 *
 * @param hide - takes keys out; before anything is cut off, since half of one would not be found any more.
 */
export function errorDetail(body: string, hide: (text: string) => string): string | null {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    return null // HTML or empty: the status says more than the page
  }
  const found = details(parsed)
    .map((text) => clean(hide(text)))
    .filter((text) => text !== '')
  return found.length === 0 ? null : found.slice(0, 3).join('; ').slice(0, 300)
}

function details(body: unknown): string[] {
  if (!isObject(body)) return []
  const { errors, meta } = body
  if (Array.isArray(errors)) return errors.flatMap(fromItem)
  if (!isObject(meta)) return []
  if (typeof meta['error'] === 'string') return [meta['error']]
  return Array.isArray(meta['errors']) ? meta['errors'].filter((text) => typeof text === 'string') : []
}

/** `{detail}` of the App API, `{reason, field, message}` of Track v2, or plain text. */
function fromItem(item: unknown): string[] {
  if (typeof item === 'string') return [item]
  if (!isObject(item)) return []
  const { detail, message, field } = item
  if (typeof detail === 'string') return [detail]
  if (typeof message !== 'string') return []
  return [typeof field === 'string' ? `${field}: ${message}` : message]
}

/** Without the support reference (each reply has its own) and without control codes. */
function clean(text: string): string {
  return text
    .replace(/\s*[([]\s*(support\s+)?(reference|ref)\b[^)\]]*[)\]]\s*$/i, '')
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim()
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
