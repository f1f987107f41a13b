import { expect } from 'vitest'
import { badReleases, releasedAt } from '../../src/simulator/index.ts'
import type { Audited } from './shop.ts'
import { asOf } from './workspace.ts'

interface Suspect {
  readonly who: string
  /** Milliseconds. */
  readonly since: number
}

/** In a small shop nobody need have used the release in its first hours. */
const slackMs = 3 * 24 * 3_600_000

/** Who must be named for each property of the shop's own plan; whatever is not here is spread evenly and names nobody. */
export const plantedSuspects: Readonly<Record<string, Suspect>> = Object.fromEntries(
  badReleases.flatMap((release) => {
    const { rule, event, path, suspect } = release
    if (suspect === null) return []
    const released = releasedAt(release, asOf.getTime())
    const soonAfter = (at: number): boolean => at >= released && at < released + slackMs
    const since = expect.toSatisfy(soonAfter, `soon after ${new Date(released).toISOString()}`) as number
    return [[`${rule} ${event}.${path}`, { who: `${suspect.platform} ${suspect.version}`, since }]]
  }),
)

/** Who is named for each property. */
export async function namedSuspects({ outcome }: Pick<Audited, 'outcome'>): Promise<Record<string, Suspect>> {
  const named: Record<string, Suspect> = {}
  for (const rule of ['events/missing-property', 'events/wrong-type']) {
    for await (const findings of outcome.findings(rule)) {
      for (const { subject, message } of findings) {
        const [, who, day, time] = /of them come from (.*), since (\S+) (\S+) UTC/.exec(message) ?? []
        if (who === undefined) continue
        named[`${rule} ${subject.key}`] = { who, since: Date.parse(`${day}T${time}:00Z`) }
      }
    }
  }
  return named
}
