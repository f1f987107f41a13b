import type { Audited } from './shop.ts'

/** How long the guard of each event must be, as the findings of duplicates say; those that no guard helps are left out. */
export async function namedGuards({ outcome }: Pick<Audited, 'outcome'>): Promise<Record<string, string>> {
  const named: Record<string, string> = {}
  for await (const findings of outcome.findings('events/duplicate-key')) {
    for (const { subject, remediation } of findings) {
      const length = /Guard the journey with "has not received this message in the last (.*?)"/.exec(
        remediation,
      )?.[1]
      if (length !== undefined) named[subject.key] = length
    }
  }
  return named
}
