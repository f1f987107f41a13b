export const explorer = `
.filters { display: grid; grid-template-columns: repeat(6, minmax(0, 1fr)) auto; gap: 10px 12px; align-items: end; }
.filters .wide { grid-column: 1 / -1; }
.filters label { font-size: 13px; color: var(--soft); min-width: 0; }
input, select, button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--quiet-solid); border-radius: 7px; padding: 6px 9px; min-height: 36px; }
input, select { display: block; width: 100%; margin-top: 3px; }
input::placeholder { color: var(--soft); opacity: 1; }
button { cursor: pointer; } button:hover { background: var(--hover); }
#count { margin: 14px 0 8px; color: var(--soft); font-size: 14px; font-variant-numeric: tabular-nums; }
.rows { position: relative; max-height: min(66vh, 620px); overflow-y: auto; border: 1px solid var(--line); border-radius: 8px; overflow-anchor: none; }
.rows:focus-visible { outline-offset: 1px; border-radius: 8px; }
.space { position: relative; }
.row { position: absolute; inset: 0 0 auto 0; height: var(--row); padding: 6px 14px; display: flex; gap: 12px; align-items: center; border-bottom: 1px solid var(--line); cursor: pointer; overflow: hidden; }
.rows:focus .row[aria-selected="true"] { background: var(--hover); box-shadow: inset 3px 0 0 var(--focus); }
.row-text { min-width: 0; }
.row-message { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden; line-height: 1.35; }
.row-more { display: block; color: var(--soft); font-size: 13px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis; }
dialog { width: min(680px, 100vw); max-width: none; height: 100dvh; max-height: none; margin: 0 0 0 auto; padding: 0; border: 0; border-left: 1px solid var(--line); background: var(--card); color: var(--ink); }
dialog::backdrop { background: rgb(10 14 20 / 45%); }
.detail-bar { position: sticky; top: 0; display: flex; gap: 8px; align-items: center; padding: 10px 20px; background: var(--card); border-bottom: 1px solid var(--line); }
.detail-bar .answer { flex: 1; }
.detail-body { padding: 18px 22px 32px; }
.detail-body h3 { margin-top: 18px; }
.detail-state { display: flex; gap: 10px; margin-top: 8px; color: var(--soft); }
.facts { display: grid; grid-template-columns: 132px minmax(0, 1fr); gap: 7px 14px; margin-top: 18px; }
.facts dt { color: var(--soft); }
.copyable { display: flex; gap: 8px; align-items: center; flex-wrap: wrap; }
.copyable code { min-width: 0; } .copyable button { min-height: 28px; padding: 1px 9px; font-size: 13px; }
.copyable span { color: var(--soft); font-size: 13px; }
`
