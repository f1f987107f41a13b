import { scaleLinear } from 'd3-scale'
import { area, line } from 'd3-shape'
import { h, type ComponentChild } from 'preact'

export interface Mark {
  /** Step in which it stands. */
  readonly at: number
  readonly label: string
}

const width = 600
const height = 44

/** Counts over time with marks where something began. Drawn to be stretched: strokes keep their width. */
export function Area({
  counts,
  marks,
  label,
}: {
  readonly counts: readonly number[]
  readonly marks: readonly Mark[]
  readonly label: string
}): ComponentChild {
  // Each count stands in the middle of its step, so that one step alone is a picture too.
  const x = scaleLinear([0, Math.max(1, counts.length)], [0, width])
  const y = scaleLinear([0, Math.max(1, ...counts)], [height - 1, 4])
  const points = counts.length === 1 ? [...counts, ...counts] : counts
  const step = counts.length === 1 ? 0 : 0.5
  const across = (_: number, at: number): number => x(at + step)
  const shape = area<number>(across, y(0), (count) => y(count)).digits(1)
  const edge = line<number>(across, (count) => y(count)).digits(1)
  return h(
    'svg',
    {
      class: 'area',
      viewBox: `0 0 ${width} ${height}`,
      preserveAspectRatio: 'none',
      role: 'img',
      'aria-label': label,
    },
    h('path', { class: 'area-fill', d: shape(points) ?? '' }),
    h('path', { class: 'area-edge', d: edge(points) ?? '' }),
    h('path', { class: 'area-base', d: `M0 ${height - 0.5}H${width}` }),
    marks.map(({ at, label: mark }) =>
      h('path', { class: 'onset', d: `M${x(at + 0.5).toFixed(1)} 0V${height}` }, h('title', null, mark)),
    ),
  )
}
