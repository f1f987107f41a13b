/**
 * Everything that may ever leave for Customer.io: reads only. `POST` stands here only where the API reads by it
 * (a filter or a list of ids in the body). A path is matched as it goes out, so a value in it must be encoded.
 */
export type Surface = 'app' | 'track'
type Method = 'GET' | 'POST'

const reads: readonly (readonly [Surface, Method, string])[] = [
  ['app', 'GET', '/v1/workspaces'],
  ['app', 'GET', '/v1/activities'],
  ['app', 'GET', '/v1/customers'],
  ['app', 'GET', '/v1/customers/{id}/attributes'],
  ['app', 'GET', '/v1/customers/{id}/activities'],
  ['app', 'GET', '/v1/customers/{id}/segments'],
  ['app', 'GET', '/v1/customers/{id}/messages'],
  ['app', 'POST', '/v1/customers'],
  ['app', 'POST', '/v1/customers/attributes'],
  ['app', 'GET', '/v1/segments'],
  ['app', 'GET', '/v1/segments/{id}'],
  ['app', 'GET', '/v1/segments/{id}/customer_count'],
  ['app', 'GET', '/v1/segments/{id}/membership'],
  ['app', 'GET', '/v1/segments/{id}/used_by'],
  ['app', 'GET', '/v1/campaigns'],
  ['app', 'GET', '/v1/campaigns/{id}'],
  ['app', 'GET', '/v1/campaigns/{id}/actions'],
  ['app', 'GET', '/v1/campaigns/{id}/journey_metrics'],
  ['app', 'GET', '/v1/campaigns/{id}/messages'],
  ['app', 'GET', '/v1/messages'],
  ['track', 'GET', '/api/v1/accounts/region'],
]

/** A value in a path: only what `encodeURIComponent` leaves, so no slash, query or host can slip in. */
const value = "[A-Za-z0-9\\-_.!~*'()%]+"

const allowed = reads.map(([surface, method, path]) => ({
  surface,
  method,
  pattern: new RegExp(`^${path.replaceAll('{id}', value)}$`),
}))

/** Whether this request is one of the reads above; `..` is no value. */
export function isAllowed(surface: Surface, method: string, path: string): boolean {
  if (path.split('/').some((part) => part === '.' || part === '..')) return false
  return allowed.some(
    (read) => read.surface === surface && read.method === method.toUpperCase() && read.pattern.test(path),
  )
}

/** Throws before a byte is sent: reaching this is a bug of ours, so it is no `CioAuditError`. */
export function assertAllowed(surface: Surface, method: string, path: string): void {
  if (isAllowed(surface, method, path)) return
  throw new Error(`Refused to send ${method.toUpperCase()} ${path}: it is not on the list of allowed reads.`)
}
