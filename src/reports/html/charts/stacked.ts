import { scaleLinear } from 'd3-scale'
import { stack } from 'd3-shape'
import { h, type ComponentChild } from 'preact'
import { percent } from '../../view.ts'

export interface Part {
  readonly name: string
  /** Class of its colour. */
  readonly look: string
  readonly count: number
}

/** One bar of parts that sum to everybody; what they are stands beside it in words. */
export function Stacked({
  parts,
  label,
}: {
  readonly parts: readonly Part[]
  readonly label: string
}): ComponentChild {
  const total = parts.reduce((sum, { count }) => sum + count, 0)
  const x = scaleLinear([0, Math.max(1, total)], [0, 100])
  const layers = stack<Record<string, number>>().keys(parts.map(({ name }) => name))([
    Object.fromEntries(parts.map(({ name, count }) => [name, count])),
  ])
  return h(
    'svg',
    {
      class: 'stacked',
      viewBox: '0 0 100 12',
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': `${label}: ${parts.map(({ name, count }) => `${name} ${percent(count / Math.max(1, total))}`).join(', ')}`,
    },
    layers.map((layer, at) => {
      const [from, to] = layer[0] ?? [0, 0]
      return to === from
        ? null
        : h('rect', {
            class: parts[at]?.look,
            x: Number(x(from).toFixed(3)),
            width: Number((x(to) - x(from)).toFixed(3)),
            height: 12,
          })
    }),
  )
}
