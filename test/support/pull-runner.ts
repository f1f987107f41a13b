import { createClient } from '../../src/customerio/index.ts'
import { openSnapshot } from '../../src/snapshot/index.ts'
import { pullWorkspace } from '../../src/sources/app-api/index.ts'

/**
 * One pull in a process of its own: `node pull-runner.ts <url> <key> <state folder> <now>`. Prints the hash of the
 * snapshot and the pages that this process read, or the code of what went wrong.
 */
const [baseUrl = '', appKey = '', stateDir = '', nowText = ''] = process.argv.slice(2)
const now = new Date(nowText)
let pages = 0

try {
  const snapshot = await openSnapshot({ stateDir, access: 'write', memoryBytes: 256 * 2 ** 20 })
  try {
    await pullWorkspace(snapshot, createClient({ appKey, baseUrl }), {
      since: new Date(now.getTime() - 30 * 86_400_000),
      eventNames: ['product_viewed', 'cart_updated', 'purchase'],
      signal: new AbortController().signal,
      onProgress: ({ kind }) => {
        if (kind === 'page') pages++
      },
      now: () => now,
    })
    console.log(`${await snapshot.meta('hash')} ${pages}`)
  } finally {
    await snapshot.close()
  }
} catch (cause) {
  console.log(cause instanceof Error && 'code' in cause ? cause.code : String(cause))
  process.exitCode = 1
}
