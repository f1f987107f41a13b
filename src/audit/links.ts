import type { AuditReport, Subject } from '../core/report.ts'

/** Customer.io's own interface, by region of the workspace. */
const hosts: Readonly<Record<string, string>> = {
  us: 'https://fly.customer.io',
  eu: 'https://eu.fly.customer.io',
}

/** `cio_id`s are hex digits; people whom only files know go by other keys (contracts, section 5). */
const cioId = /^[0-9a-f]{4,64}$/
const number = /^[1-9]\d{0,15}$/

export type Linker = (subject: Pick<Subject, 'kind' | 'key'>) => string | null

/**
 * Where Customer.io shows what a finding is about: people and journeys have pages of their own. No page of its
 * documentation names these addresses; they are what users of the product have in their browsers and quote in public
 * (`/workspaces/<id>/journeys/people/<cio_id>`, `…/campaigns/<id>`), in both regions. If they change, the link leads to a page that says so.
 */
export function linker(sources: AuditReport['sources'], workspaceId: number | null, wanted: boolean): Linker {
  const region = sources.find(({ kind }) => kind === 'app-api')?.region
  const host = region == null ? undefined : hosts[region]
  if (!wanted || workspaceId === null || host === undefined) return () => null
  const base = `${host}/workspaces/${workspaceId}/journeys`
  return ({ kind, key }) =>
    kind === 'profile' && cioId.test(key)
      ? `${base}/people/${key}`
      : kind === 'journey' && number.test(key)
        ? `${base}/campaigns/${key}`
        : null
}
