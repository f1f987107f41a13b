import { expect, test } from 'vitest'
import { createMasker, maskInput, reporters, type ReportInput } from '../../src/reports/index.ts'
import { formats } from '../support/formats.ts'
import { generatedAudit, hundredThousand } from '../support/generated-audit.ts'

/** Formats that are many rows; the others say on one page what there is, and how many more. */
const ofEveryRow = new Set(['csv', 'html'])

/** What a format reads and writes of 100,000 findings, part by part. */
async function watched(
  format: (typeof formats)[number],
): Promise<{ read: number; written: number; largest: number }> {
  const input = maskInput(generatedAudit(hundredThousand), createMasker('a key of the test'))
  const seen = { read: 0, written: 0, largest: 0 }
  const counting: ReportInput = {
    ...input,
    async *findings(rule) {
      for await (const chunk of input.findings(rule)) {
        seen.read += chunk.length
        yield chunk
      }
    },
  }
  for (const { content } of reporters[format].files(counting, { width: 80, colour: false, csvBom: false })) {
    for await (const part of content()) {
      seen.written += part.length
      seen.largest = Math.max(seen.largest, part.length)
    }
  }
  return seen
}

test.each(formats.filter((format) => !ofEveryRow.has(format)))(
  '%s reads no more findings than it shows, and stays small',
  async (format) => {
    const { read, written } = await watched(format)
    // A chunk is read as a whole.
    expect(read).toBeLessThan(5000 + hundredThousand.length * 2048)
    expect(written).toBeLessThan(5_000_000)
  },
)

test('csv reads each finding once and writes it in small parts', async () => {
  const { read, written, largest } = await watched('csv')
  expect(read).toBe(100_000)
  expect(written).toBeGreaterThan(20_000_000)
  expect(largest).toBeLessThan(500_000)
})
