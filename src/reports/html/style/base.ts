export const base = `
*, *::before, *::after { box-sizing: border-box; }
html { scroll-padding-top: 12px; -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 1216px; padding: 24px 28px 56px; background: var(--ground); color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; }
h1, h2, h3, h4, p, ul, dl, dd { margin: 0; }
ul { padding: 0; list-style: none; }
h1 { font-size: 24px; line-height: 1.25; }
h2 { font-size: 19px; line-height: 1.3; }
h3 { font-size: 15px; }
h4 { font-size: 13px; color: var(--soft); text-transform: none; }
a { color: var(--link); text-underline-offset: 2px; }
code { font: 0.92em/1.4 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
[hidden] { display: none !important; }
.hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: 12px; top: -60px; padding: 8px 12px; background: var(--card); z-index: 2; }
.skip:focus { top: 8px; }
.about, .answer { color: var(--soft); }
.about { max-width: 78ch; }
.answer { font-size: 13.5px; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 16px 18px; }
section, .glossary { margin-top: 36px; }
section > h2 + .about { margin-top: 4px; }
section > .card, section > .group, .glossary > .card { margin-top: 14px; }
summary { cursor: pointer; }
.place { margin-left: 10px; color: var(--soft); font-size: 15px; font-weight: 400; }
header .about { margin-top: 2px; font-size: 14px; }
nav { margin: 12px 0 16px; border-bottom: 1px solid var(--line); }
nav ul { display: flex; flex-wrap: wrap; gap: 2px 20px; padding-bottom: 8px; font-size: 14px; }
nav a { display: inline-block; padding: 3px 0; text-decoration: none; }
nav a:hover { text-decoration: underline; }
footer { margin-top: 40px; padding-top: 14px; border-top: 1px solid var(--line); color: var(--soft); font-size: 13px; }
.icon { flex: none; width: 18px; height: 18px; margin-top: 2px; }
.icon circle { fill: var(--quiet-solid); }
.icon.fail circle { fill: var(--fail-solid); } .icon.warn circle { fill: var(--warn-solid); }
.icon.info circle { fill: var(--info-solid); } .icon.pass circle { fill: var(--pass-solid); }
.icon path { fill: none; stroke: #fff; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
.badge { display: inline-block; padding: 0 8px; border-radius: 20px; font-size: 12px; line-height: 20px; white-space: nowrap;
  color: var(--quiet); background: var(--quiet-ground); }
.badge.fail { color: var(--fail); background: var(--fail-ground); } .badge.warn { color: var(--warn); background: var(--warn-ground); }
.badge.info { color: var(--info); background: var(--info-ground); } .badge.pass { color: var(--pass); background: var(--pass-ground); }
.scroll { overflow-x: auto; margin-top: 8px; }
table { border-collapse: collapse; font-size: 13px; width: 100%; }
th, td { padding: 5px 14px 5px 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--line); overflow-wrap: normal; }
td { min-width: 8ch; }
.records td { white-space: nowrap; }
th { color: var(--soft); font-weight: 600; white-space: nowrap; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
`
