import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Whole runs against a server, also on a busy machine with two cores.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // End to end tests start programs of their own; more of them at once only wait for each other.
    maxWorkers: 2,
    env: { TZ: 'UTC' },
  },
})
