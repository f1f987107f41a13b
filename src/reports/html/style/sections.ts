export const sections = `
.verdict { display: grid; grid-template-columns: minmax(210px, auto) 1fr auto; gap: 6px 32px; align-items: center; padding: 16px 22px;
  border-radius: 12px; border: 1px solid var(--line); border-left: 8px solid var(--quiet-solid); background: var(--card); }
.verdict.fail { border-left-color: var(--fail-solid); background: var(--fail-ground); }
.verdict.pass { border-left-color: var(--pass-solid); background: var(--pass-ground); }
.verdict.info { border-left-color: var(--info-solid); background: var(--info-ground); }
.word { font-weight: 700; }
.verdict .word { font-size: 38px; line-height: 1.1; letter-spacing: -0.01em; }
.verdict.info .word { font-size: 30px; }
.verdict.fail .word { color: var(--fail); } .verdict.pass .word { color: var(--pass); } .verdict.info .word { color: var(--info); }
.plain { font-size: 16px; }
.why .steps { margin: 3px 0 0; font-size: 14.5px; line-height: 1.4; }
.why ol.steps { padding-left: 20px; }
.figures { display: flex; gap: 22px; text-align: right; }
.figures > div { display: flex; flex-direction: column-reverse; }
.figures dd { font-size: 24px; font-weight: 650; line-height: 1.15; font-variant-numeric: tabular-nums; white-space: nowrap; }
.figures dt { font-size: 12.5px; color: var(--soft); white-space: nowrap; }
.first { display: grid; grid-template-columns: 1.5fr 1fr 1fr; gap: 16px; margin-top: 16px; align-items: stretch; }
.first > section { margin-top: 0; min-width: 0; }
.first h2 { font-size: 16px; }
.lines { margin-top: 8px; }
.lines li { display: flex; gap: 10px; padding: 4px 0; line-height: 1.35; font-size: 14.5px; }
.lines li > div, .lines li > p { min-width: 0; }
.lines .answer { line-height: 1.35; font-size: 13px; }
.lines span.answer { display: inline-block; }
.answer.fail, .word.fail { color: var(--fail); } .answer.warn, .word.warn { color: var(--warn); }
.answer.pass, .word.pass { color: var(--pass); } .answer.info, .word.info { color: var(--info); } .word.quiet { color: var(--quiet); }
.first details { margin-top: 8px; font-size: 14px; }
.first summary { color: var(--link); }
.group { margin-top: 18px; }
.group > summary h3, .glossary > summary h2 { display: inline; }
.group > .card { margin-top: 8px; padding: 0; overflow: hidden; }
.rule + .rule { border-top: 1px solid var(--line); }
.rule > summary { display: grid; grid-template-columns: 18px minmax(0, 1.2fr) minmax(0, 1fr) 92px; gap: 4px 14px; padding: 10px 18px; align-items: start; list-style: none; }
.rule > summary::-webkit-details-marker { display: none; }
.rule > summary:hover, .row:hover { background: var(--hover); }
.rule > summary:focus-visible { outline-offset: -2px; }
.rule-title { display: block; font-weight: 550; line-height: 1.4; }
.rule-name .answer { font-size: 13px; }
.word { font-weight: 600; }
.rule-count { text-align: right; color: var(--soft); font-size: 13.5px; padding-top: 1px; }
.rule-count::after { content: "▸"; margin-left: 8px; }
.rule[open] .rule-count::after { content: "▾"; }
.bullet { display: grid; grid-template-columns: 1fr 56px; gap: 10px; align-items: center; font-size: 13px; font-variant-numeric: tabular-nums; }
.bullet svg { width: 100%; height: 12px; display: block; }
.rule-rate .answer { font-size: 13px; display: block; }
.track { fill: var(--track); } .limit { fill: var(--limit); }
rect.fail { fill: var(--fail-solid); } rect.warn { fill: var(--warn-solid); } rect.info { fill: var(--info-solid); }
rect.pass { fill: var(--pass-solid); } rect.quiet { fill: var(--quiet-solid); }
.rule-body { padding: 4px 18px 18px 50px; }
.columns { display: grid; grid-template-columns: 1fr 1fr; gap: 14px 32px; margin-bottom: 14px; }
.columns p { max-width: 68ch; }
.examples { margin-top: 12px; }
.example { margin-top: 8px; padding: 8px 0 4px 14px; border-left: 3px solid var(--line); }
.examples + p { margin-top: 12px; }
.bars li { display: grid; grid-template-columns: minmax(0, 1.3fr) minmax(0, 1fr) 168px; gap: 4px 18px; align-items: center; padding: 5px 0; }
.bars li + li { border-top: 1px solid var(--line); }
.bar-name { display: flex; gap: 10px; align-items: start; flex-wrap: wrap; }
.bar-name > span:first-of-type { min-width: 0; flex: 0 1 auto; }
.bar { width: 100%; height: 8px; display: block; }
.bar-value { text-align: right; font-size: 14px; font-variant-numeric: tabular-nums; }
.reach + .reach { margin-top: 16px; }
.reach-name { margin-bottom: 5px; }
.stacked { width: 100%; height: 26px; display: block; border-radius: 5px; }
.stacked rect { stroke: var(--card); stroke-width: 2px; vector-effect: non-scaling-stroke; }
.reach .answer { margin-top: 4px; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; margin: 16px 0 6px; font-size: 13.5px; }
.legend li { display: flex; align-items: center; gap: 7px; }
.swatch { width: 14px; height: 14px; border-radius: 3px; border: 1px solid var(--line); }
.reach-ok { fill: var(--pass-solid); background: var(--pass-solid); }
.reach-dormant { fill: var(--warn-solid); background: var(--warn-solid); }
.reach-lost { fill: var(--fail-solid); background: var(--fail-solid); }
.reach-unknown { fill: var(--info-solid); background: var(--info-solid); }
.reach-out { fill: var(--quiet-solid); background: var(--quiet-solid); }
.reach-gone { fill: var(--soft); background: var(--soft); }
.ledger details { margin-top: 10px; }
.ledger details > .reach { margin-top: 14px; }
.matrix td { padding: 3px; border: 0; } .matrix td:first-child { padding: 7px 14px 7px 0; white-space: nowrap; }
.matrix th { padding-right: 8px; }
.shade { display: block; min-width: 56px; padding: 4px 8px; border-radius: 4px; color: var(--soft); background: var(--quiet-ground); }
.shade-1 { background: color-mix(in srgb, var(--series) 10%, var(--card)); color: var(--ink); }
.shade-2 { background: color-mix(in srgb, var(--series) 18%, var(--card)); color: var(--ink); }
.shade-3 { background: color-mix(in srgb, var(--series) 27%, var(--card)); color: var(--ink); }
.shade-4 { background: color-mix(in srgb, var(--series) 37%, var(--card)); color: var(--ink); }
.shade-5 { background: color-mix(in srgb, var(--series) 46%, var(--card)); color: var(--ink); font-weight: 600; }
`
