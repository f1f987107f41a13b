import type { Score } from './score.ts'

/** One broken shop under the shop's own plan. */
export interface MeasuredShop {
  readonly people: number
  readonly seed: number
  readonly scores: readonly Score[]
}

/** `docs/accuracy.md`: per rule and size what the fixed seeds gave together, and the worst of them. */
export function accuracyPage(shops: readonly MeasuredShop[]): string {
  const sizes = [...new Set(shops.map(({ people }) => people))].toSorted((a, b) => a - b)
  return [
    before,
    ...sizes.flatMap((people) => [
      `## ${people.toLocaleString('en-US')} people\n`,
      '| Rule | Planted | Named | Precision | Recall |',
      '| --- | ---: | ---: | ---: | ---: |',
      ...linesOf(shops.filter((shop) => shop.people === people)),
      '',
    ]),
  ].join('\n')
}

function linesOf(shops: readonly MeasuredShop[]): string[] {
  const rules = [...new Set(shops.flatMap(({ scores }) => scores.map(({ rule }) => rule)))]
  return rules.flatMap((rule) => {
    const scores = shops.flatMap((shop) => shop.scores.filter((score) => score.rule === rule))
    const sum = (of: (score: Score) => number): number =>
      scores.reduce((total, score) => total + of(score), 0)
    const worst = (of: (score: Score) => number): string => downTo4(Math.min(...scores.map(of)))
    const planted = sum((score) => score.true)
    // What this source cannot show was not planted in it either.
    if (planted === 0 && sum(({ named }) => named) === 0) return []
    return [
      `| [${rule}](rules/${rule}.md) | ${planted} | ${sum(({ named }) => named)} | ${worst(({ precision }) => precision)} | ${worst(({ recall }) => recall)} |`,
    ]
  })
}

/** Rounded down, so that 1.0000 means every single one. */
const downTo4 = (share: number): string => (Math.floor(share * 10_000) / 10_000).toFixed(4)

const before = `# Accuracy

How often the rules are right. The simulated shop writes down what is wrong with it *before* it serialises anything, and
shares no code with the model or the rules. It is then read over HTTP and audited under its own tracking plan, and every
record that a rule names is held against that truth. Around each planted defect there are near misses that differ in one
fact.

- *Planted*: records that must be named, over the seeds 1, 2 and 3. *Named*: records that were.
- *Precision*: how many of the named are true; *recall*: how many of the true are named. Of the three seeds the worst is
  told, rounded down.
- Floors in every test run, also for a shop from a seed drawn anew: precision 0.995, recall 0.99.
- Beside the broken shops there are clean ones: a *sterile* shop in which nothing may be found, and a *healthy* one, as
  untidy as a good real shop is, which must be GO. Both hold at 2,000 and at 50,000 people.

This page is made by the test that measures (\`npx vitest run test/accuracy -u\`) and fails when it is out of date.
`
