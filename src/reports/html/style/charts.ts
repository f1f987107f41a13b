export const charts = `
.series li { display: grid; grid-template-columns: 250px minmax(0, 1fr); gap: 4px 20px; align-items: center; padding: 4px 0; }
.series-name .answer { display: block; }
.series-name .badge { margin-left: 8px; }
.area { width: 100%; height: 44px; display: block; }
.area-fill { fill: var(--series-ground); }
.area-edge { fill: none; stroke: var(--series); stroke-width: 1.6; vector-effect: non-scaling-stroke; }
.area-base { stroke: var(--line); vector-effect: non-scaling-stroke; }
.onset { fill: none; stroke: var(--fail-solid); stroke-width: 2; stroke-dasharray: 4 3; vector-effect: non-scaling-stroke; }
.onset-key { border-bottom: 2px dashed var(--fail-solid); }
.axis { display: flex; justify-content: space-between; margin-left: 270px; color: var(--soft); font-size: 12.5px; font-variant-numeric: tabular-nums; }
.began { margin-top: 16px; padding-top: 12px; border-top: 1px solid var(--line); }
.began li { padding: 2px 0; }
.began time { color: var(--soft); font-variant-numeric: tabular-nums; margin-right: 6px; }
.trend { width: 100%; height: 150px; display: block; }
.trend-new { fill: var(--series); } .trend-old { fill: var(--series-ground); }
#trend .axis { margin-left: 0; }
#trend details { margin-top: 8px; }
.notes li { padding: 3px 0; }
.glossary dt { font-weight: 600; } .glossary dd { margin-bottom: 10px; max-width: 84ch; }
.left-out { margin-top: 14px; }
`
