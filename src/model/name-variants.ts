import type { Plan } from '../core/plan.ts'
import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { keepRecords } from './event-records.ts'
import { isTypo, spellingOf, type Spelling } from './event-spelling.ts'

/** A name of which less is left is too short to tell a slip from another word. */
const shortestForTypo = 8
/** So many times as often as a slip of it the planned name must have been sent. */
const typoRatio = 20

interface Name extends Spelling {
  readonly name: string
  readonly events: number
  readonly critical: boolean
  readonly planned: boolean
}

type Kind = 'spelling' | 'tense' | 'typo'

/**
 * `name_variant`: names of events that are another way of writing `meant`. `spelling`: equal without case and separators;
 * `tense`: equal but for the tense of a verb, toward a name that the plan knows; `typo`: one letter away from such a name.
 * Two names that the team's own plan knows are never variants.
 * `variant_event`: the events under those names.
 */
export async function buildNameVariants(db: Database, plan: Plan): Promise<void> {
  const rows = await db.rows(
    raw("select name, events, critical, planned from event_name where type = 'event' order by name"),
  )
  const names = rows.map((row) => ({
    name: String(row['name']),
    events: Number(row['events']),
    critical: row['critical'] === true,
    planned: row['planned'] === true,
    ...spellingOf(String(row['name'])),
  }))
  await db.run(raw('create table name_variant (name varchar, meant varchar, kind varchar)'))
  await db.append('name_variant', variantsOf(names, Object.keys(plan.events).length > 0))
  await keepRecords(
    db,
    'variant_event',
    raw(`
    select seq, person, name, happened_at from event where type = 'event' and name in (select name from name_variant)`),
  )
}

function variantsOf(names: readonly Name[], isOwnPlan: boolean): [string, string, Kind][] {
  const ranked = names.filter(({ folded }) => folded !== '').toSorted(byRank)
  const byFold = firsts(ranked, ({ folded }) => folded)
  const byStem = firsts(ranked, ({ stem }) => stem)
  const planned = ranked.filter((name) => name.planned && name.folded.length >= shortestForTypo)
  return ranked.flatMap((own): [string, string, Kind][] => {
    if (isOwnPlan && own.planned) return []
    const [alike, related] = [byFold.get(own.folded), byStem.get(own.stem)]
    // The plan's name is the one that is meant, even where another spelling is nearer.
    const meant = related?.planned ? related : alike
    if (meant !== undefined && meant !== own)
      return [[own.name, meant.name, meant.folded === own.folded ? 'spelling' : 'tense']]
    if (own.planned) return []
    const slip = planned.find((name) => name.events >= typoRatio * own.events && isTypo(name, own))
    return slip === undefined ? [] : [[own.name, slip.name, 'typo']]
  })
}

/** Those of the plan first, then the critical ones, then the commonest; else they stay in the order of their names. */
const byRank = (a: Name, b: Name): number =>
  Number(b.planned) - Number(a.planned) || Number(b.critical) - Number(a.critical) || b.events - a.events

/** The first of each kind. */
function firsts(names: readonly Name[], of: (name: Name) => string): Map<string, Name> {
  const found = new Map<string, Name>()
  for (const name of names) if (!found.has(of(name))) found.set(of(name), name)
  return found
}
