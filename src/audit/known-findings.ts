import { seesAsMuch, vantageOver, type Baseline, type FindingName, type Vantage } from '../core/baseline.ts'
import type { RuleResult } from '../core/report.ts'
import type { Facts } from './facts.ts'
import type { FindingStore } from './findings.ts'

/** The baseline of a run: which findings are known, and what became of them. */
export interface KnownFindings {
  /** Fingerprints that do not count. */
  readonly known: ReadonlySet<string>
  /** Of the baseline, what an earlier run no longer found. */
  readonly returned: ReadonlySet<string>
}

export function knownFindings(
  baseline: Baseline | null,
  { workspaceId }: Facts,
  mended: ReadonlySet<string>,
): KnownFindings {
  if (baseline === null || baseline.workspaceId !== workspaceId)
    return { known: new Set(), returned: new Set() }
  const all = namesIn(baseline).map(({ fingerprint }) => fingerprint)
  return {
    known: new Set(all.filter((print) => !mended.has(print))),
    returned: new Set(all.filter((print) => mended.has(print))),
  }
}

export interface Followed {
  /** Known findings that this run looked for as the baseline did, and no longer found. */
  readonly mended: readonly FindingName[]
  readonly notices: readonly string[]
}

/** What became of the findings of the baseline; only a rule that was judged in the same way can say that one is gone. */
export async function followBaseline(
  baseline: Baseline | null,
  { returned }: KnownFindings,
  facts: Facts,
  store: FindingStore,
  results: readonly RuleResult[],
  versions: ReadonlyMap<string, string>,
): Promise<Followed> {
  if (baseline === null) return { mended: [], notices: [] }
  if (baseline.workspaceId !== facts.workspaceId) {
    const name =
      baseline.workspaceId === null ? 'a workspace without id' : `workspace ${baseline.workspaceId}`
    return { mended: [], notices: [`The baseline is of ${name}, so it was left aside.`] }
  }
  const absent = await store.absentOf(namesIn(baseline))
  const judged = new Set(
    results
      .filter(({ rule, status }) => (status === 'pass' || status === 'fail') && isSame(rule))
      .map(({ rule }) => rule),
  )
  function isSame(rule: string): boolean {
    return baseline?.rules[rule]?.version === versions.get(rule)
  }
  const mended = seesAsMuch(vantageOf(facts), baseline.vantage)
    ? absent.filter(({ rule }) => judged.has(rule))
    : []
  const gone = new Set(absent.map(({ fingerprint }) => fingerprint))
  const back = [...returned].filter((print) => !gone.has(print))
  return {
    mended,
    notices: [
      ...(mended.length === 0
        ? []
        : [
            `Of the baseline, ${told(mended.length, 'is mended', 'are mended')}: ${byRule(mended)}; \`cio-audit baseline\` takes them out of the file.`,
          ]),
      ...(back.length === 0
        ? []
        : [
            `Of the baseline, ${told(back.length, 'was mended once and is back, so it counts as new', 'were mended once and are back, so they count as new')}: ${shortList(back)}.`,
          ]),
    ],
  }
}

const vantageOf = ({ sources, window, sample }: Facts): Vantage =>
  vantageOver(sources, window, sample !== null)

const namesIn = ({ rules }: Baseline): FindingName[] =>
  Object.entries(rules).flatMap(([rule, { fingerprints }]) =>
    fingerprints.map((fingerprint) => ({ rule, fingerprint })),
  )

const told = (count: number, one: string, many: string): string =>
  count === 1 ? `1 finding ${one}` : `${count} findings ${many}`

function byRule(names: readonly FindingName[]): string {
  return [...Map.groupBy(names, ({ rule }) => rule)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([rule, own]) => `${rule} (${shortList(own.map(({ fingerprint }) => fingerprint))})`)
    .join(', ')
}

/** A line that is read; all of them stand in findings.csv and in the baseline. */
const mostNamed = 3

function shortList(prints: readonly string[]): string {
  const sorted = prints.toSorted()
  const rest = sorted.length - mostNamed
  return `${sorted.slice(0, mostNamed).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}
