import type { Reporter } from '../reporter.ts'

/** `report.html`: one file to look at, from disk or as what a CI job leaves behind. It asks nobody for anything. */
export const html: Reporter = {
  files: (input) => [
    {
      path: 'report.html',
      // What draws the page is loaded only when one is asked for: the other commands start without it.
      async *content() {
        const { page } = await import('./page.ts')
        yield* page(input)
      },
    },
  ],
}
