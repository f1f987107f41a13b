/** Tablets and phones, and paper. */
export const narrow = `
@media (max-width: 1060px) {
  .verdict { grid-template-columns: auto 1fr; } .verdict .figures { grid-column: 1 / -1; text-align: left; }
  .first { grid-template-columns: 1fr 1fr; } .first > :first-child { grid-column: 1 / -1; }
  .filters { grid-template-columns: repeat(3, minmax(0, 1fr)); }
}
@media (max-width: 700px) {
  :root { --row: 104px; }
  body { padding: 16px 14px 40px; }
  .verdict { grid-template-columns: minmax(0, 1fr); padding: 16px; } .figures { flex-wrap: wrap; }
  .first, .columns { grid-template-columns: minmax(0, 1fr); }
  .place { display: block; margin-left: 0; }
  .rule > summary { grid-template-columns: 18px minmax(0, 1fr); padding: 12px 14px; }
  .rule > summary > :nth-child(n + 3) { grid-column: 2; text-align: left; }
  .rule-body { padding: 0 14px 16px; }
  .bars li, .series li { grid-template-columns: minmax(0, 1fr); } .bar-value { text-align: left; }
  .axis { margin-left: 0; }
  .filters { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; } .facts dd { margin-bottom: 10px; }
  .row-more { white-space: normal; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; }
  .rows { max-height: 70vh; }
}
@media print {
  :root { color-scheme: light; }
  @page { margin: 14mm; }
  body { max-width: none; padding: 0; background: #fff; font-size: 11pt; }
  nav, .skip, #findings, dialog, .rule-count::after { display: none; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .card, .verdict { break-inside: auto; box-shadow: none; }
  .verdict, .rule > summary, .lines li, .reach, .series li, .example, tr { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
  .records td { white-space: normal; overflow-wrap: anywhere; }
  .first { grid-template-columns: 1fr 1fr; } .first > :first-child { grid-column: 1 / -1; }
}
`
