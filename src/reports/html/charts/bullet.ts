import { scaleLinear } from 'd3-scale'
import { h, type ComponentChild } from 'preact'
import type { RuleResult } from '../../../core/report.ts'
import { percent } from '../../view.ts'
import type { Tone } from '../parts.ts'

/** What a rule allows, as a share of its population; null where it allows anything, or nothing was counted. */
export function allowedShare({ threshold, population }: RuleResult): number | null {
  const { maxRate, maxCount } = threshold
  if (maxRate !== undefined) return maxRate
  return maxCount === undefined || population.count === 0 ? null : maxCount / population.count
}

/** The rate of a rule as a bar, and a mark where its threshold stands. */
export function Bullet({ rule, tone }: { readonly rule: RuleResult; readonly tone: Tone }): ComponentChild {
  const { rate } = rule
  const allowed = allowedShare(rule)
  if (rate === null || (rate === 0 && allowed === null)) return null
  const x = scaleLinear([0, Math.max(rate, allowed ?? 0, 0.0001) * 1.15], [0, 100])
  const at = (share: number): number => Number(x(share).toFixed(2))
  const label = `${percent(rate)}${allowed === null ? '' : `, allowed ${percent(allowed)}`}`
  return h(
    'div',
    { class: 'bullet' },
    h(
      'svg',
      { viewBox: '0 0 100 10', preserveAspectRatio: 'none', role: 'img', 'aria-label': label },
      h('rect', { class: 'track', y: 2, width: 100, height: 6 }),
      h('rect', { class: tone, y: 2, width: Math.max(at(rate), rate > 0 ? 1 : 0), height: 6 }),
      allowed === null
        ? null
        : h('rect', { class: 'limit', x: Math.max(0, at(allowed) - 0.6), width: 1.2, height: 10 }),
    ),
    h('span', { 'aria-hidden': 'true' }, percent(rate)),
  )
}
