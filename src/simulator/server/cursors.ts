/**
 * Cursors look like Customer.io's: base64 that nobody should read. Inside stands a position; `again` makes another
 * text for the same position, which an inserted empty page needs.
 */
export function cursorAt(position: number | 'first', again = 0): string {
  return Buffer.from(again === 0 ? `p${position}` : `p${position}.${again}`).toString('base64')
}

/** `first` for the beginning, null for a text that is no cursor of ours. */
export function positionOf(cursor: string | undefined): number | 'first' | null {
  if (cursor === undefined || cursor === '') return 'first'
  const inside = /^p(first|\d{1,15})(\.\d+)?$/.exec(Buffer.from(cursor, 'base64').toString())?.[1]
  if (inside === undefined) return null
  return inside === 'first' ? 'first' : Number(inside)
}
