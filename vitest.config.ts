import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Whole runs against a server, also on a busy machine with two cores.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // End to end tests start programs of their own; more of them at once only wait for each other.
    maxWorkers: 2,
    // A worker reads the program once, not once for each file of tests: a quarter less time for 77 files (2026-11-30). So a test puts back
    // what it changes in its process; none replaces a module.
    isolate: false,
    env: { TZ: 'UTC' },
  },
})
