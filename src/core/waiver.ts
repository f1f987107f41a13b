/** A finding that somebody accepted: by fingerprint, or by rule and subject. Never without a reason and an end. */
export interface Waiver {
  /** As in findings.csv, lower case; null where the row names rule and subject instead. */
  readonly fingerprint: string | null
  readonly rule: string | null
  readonly subject: string | null
  readonly reason: string
  readonly owner: string | null
  /** ISO date (yyyy-mm-dd); the waiver holds to the end of that day, UTC. */
  readonly expires: string
  /** Where it stands: `waivers.csv:3`. */
  readonly origin: string
}

/**
 * Splits waivers by the run's "now" and not by the clock, so that an old snapshot is judged as it was then.
 *
 * @returns the waivers that suppress, and one sentence for each that has run out.
 */
export function activeWaivers(
  waivers: readonly Waiver[],
  asOf: Date,
): { readonly active: readonly Waiver[]; readonly problems: readonly string[] } {
  const today = asOf.toISOString().slice(0, 10)
  const active = waivers.filter((waiver) => waiver.expires >= today)
  const problems = waivers
    .filter((waiver) => waiver.expires < today)
    .map((waiver) => `${waiver.origin}: the waiver of ${waivedName(waiver)} expired on ${waiver.expires}.`)
  return { active, problems }
}

/** What a waiver is about, in the words of its row. */
export function waivedName(waiver: Waiver): string {
  return waiver.rule === null || waiver.subject === null
    ? `finding ${waiver.fingerprint ?? ''}`
    : `${waiver.rule}, ${waiver.subject}`
}
