import { streamEnds, streamNames } from '../../core/tables.ts'
import { ApiError, customersPerRequest } from '../../customerio/index.ts'
import { raw } from '../../engine/sql.ts'
import { readChunks } from './chunks.ts'
import { customerPage } from './customer-page.ts'
import { compared } from './people.ts'
import type { Pull } from './pull.ts'
import { peopleRefused, readStream } from './stream.ts'

/** Attributes and devices of everyone whom the search named. */
export async function pullAttributes(pull: Pull): Promise<void> {
  const { snapshot } = pull
  const people = await snapshot.count(raw('select count(*) from person'))
  await readStream(pull, streamNames.attributes, people, async (stream) => {
    const prefix = people === 0 ? '' : await findPrefix(pull)
    await readChunks(pull, stream, customersPerRequest, async (asked, n) => {
      const { records } = await pull.client
        .readCustomers(asked.map((id) => `${prefix}${id}`))
        .catch((cause: unknown) => Promise.reject(peopleRefused(cause)))
      return customerPage(records, asked, n + 1)
    })
    await stream.settled()
    const left = await snapshot.count(
      raw(
        'select count(*) from (select cio_id from person except (select cio_id from profile union select cio_id from absent))',
      ),
    )
    if (left > 0) return { complete: false, ended: streamEnds.miscounted }
    // Whoever the reply leaves out counts as gone since the search. Few go within hours: of more it was the server that cut.
    return compared(people - (await snapshot.count(raw('select count(*) from absent'))), people)
  })
}

/**
 * Whether the bulk read wants `cio_` before a `cio_id` is not written down (reference, section 3.4), so both are
 * tried once with people who are known to be there; unknown ids are left out of the reply without a word.
 */
async function findPrefix({ snapshot, client }: Pull): Promise<string> {
  const known = await snapshot.meta('probe.cio_id_prefix')
  if (known !== null) return known
  const rows = await snapshot.rows(raw('select cio_id from person order by cio_id limit 5'))
  const ids = rows.map((row) => String(row['cio_id']))
  let found = ''
  for (const prefix of ['', 'cio_']) {
    const count = await client.readCustomers(ids.map((id) => `${prefix}${id}`)).then(
      ({ records }) => records.length,
      (cause: unknown) => {
        if (cause instanceof ApiError && (cause.kind === 'declined' || cause.kind === 'missing')) return 0
        throw peopleRefused(cause)
      },
    )
    if (count === 0) continue
    found = prefix
    break
  }
  await snapshot.setMeta({ 'probe.cio_id_prefix': found })
  return found
}
