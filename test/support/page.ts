import type { Chunk, Facts, Rest, Row } from '../../src/reports/html/wire.ts'
import { reporters, type ReportInput } from '../../src/reports/index.ts'

export async function pageOf(input: ReportInput): Promise<string> {
  let text = ''
  for (const { content } of reporters.html.files(input, { width: 80, colour: false, csvBom: false })) {
    for await (const part of content()) text += part
  }
  return text
}

/** The data of a page, as its script reads them. */
export function dataOf(page: string): { facts: Facts; rest: Rest; words: string[]; rows: Row[] } {
  const parts = (name: string): unknown[] =>
    [...page.matchAll(/<script type="application\/json" data-part="(\w+)">([^<]*)<\/script>/g)]
      .filter(([, own]) => own === name)
      .map(([, , json]) => JSON.parse(json ?? ''))
  const chunks = parts('chunk') as Chunk[]
  return {
    facts: parts('facts')[0] as Facts,
    rest: parts('rest')[0] as Rest,
    words: chunks.flatMap(({ words }) => words),
    rows: chunks.flatMap(({ rows }) => rows),
  }
}
