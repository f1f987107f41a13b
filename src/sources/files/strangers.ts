import type { Database } from '../../engine/database.ts'
import { raw } from '../../engine/sql.ts'
import type { Ledger } from './ledger.ts'

/** As for what the App API counts: a sync that ran between two files makes a few. */
const allowedShare = 0.01

/**
 * Files of the warehouse sync hold what changed since the ones before, so without the older ones those people are missing
 * of whom nothing changed lately. Where attributes are told of people whom no source names, that shows.
 *
 * @returns what is missing, in words, or null.
 */
export async function tellStrangers(database: Database, ledger: Ledger): Promise<string | null> {
  const hasPeople = await database.scalar(
    raw(`select count(*) > 0 from profile where source = 'warehouse-sync'`),
  )
  if (hasPeople !== true) return null
  const [row] = await database.rows(
    raw(`
    select count(*) as told, count(*) filter (cio_id not in (select cio_id from profile where cio_id is not null)) as strangers
    from (select distinct cio_id from attribute_change)`),
  )
  const [told, strangers] = [Number(row?.['told']), Number(row?.['strangers'])]
  if (strangers <= told * allowedShare) return null
  const words = `${strangers} of ${told} people of whom attributes are told stand in no file of people; older files seem to be missing`
  ledger.short({ kind: 'warehouse-sync', stream: 'people' }, words)
  return words
}
