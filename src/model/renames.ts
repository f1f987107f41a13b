import type { Plan } from '../core/plan.ts'
import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { spellingOf } from './event-spelling.ts'
import { likeness, readShapes } from './payload-shapes.ts'

const dayMs = 86_400_000
/** The old name must be there from the first days of the data on, and the new one until the last. */
const edgeDays = 3
/** So long before the last event under the old name, and after it, the new one may begin. */
const overlapDays = 3
const pauseDays = 2
/** So many events would have come while a name is silent, had it gone on: silence by chance is out of the question. */
const mostExpected = 20
/** What came in a day before and after may differ by this factor. */
const closeVolume = 1.7
/** A name that came less often by this factor is no rival; one above it is: the arms of a test have a part each. */
const rivalVolume = 10
/** Of the people under the rarer name; and of all the properties that are the two names' own. */
const sharedPeople = 0.3
const sharedShape = 0.7

/** A campaign of the calendar or an experiment ends on a day, and the next one begins: that is no new name. */
const passing =
  /^(?:halloween|xmas|christmas|advent|easter|valentines?|mothers?|fathers?|thanksgiving|cyber|black|friday|monday|singles|prime|new|year|years|summer|winter|spring|autumn|fall|season|seasonal|holiday|sale|january|february|march|april|may|june|july|august|september|october|november|december|week\d*|q[1-4]|20\d\d|test|ab|[a-c]|variant|variation|experiment|exp|control|treatment|beta|pilot)$/

/** Words of names of every kind; two names that share only these share nothing. Without their tense. */
const generic: ReadonlySet<string> = new Set(
  'view click open start complet submit tap show shown updat creat don us user app event'.split(' '),
)

interface Name {
  readonly name: string
  readonly firstMs: number
  readonly lastMs: number
  readonly events: number
  readonly words: readonly string[]
  readonly stems: ReadonlySet<string>
}

interface Pair {
  readonly old: Name
  readonly next: Name
  /** Events a day while each lived. */
  readonly before: number
  readonly after: number
}

/**
 * `renamed_event`: pairs of event names of which `old_name` stopped when `new_name` began, within the data: about as many
 * events a day, by the same people, with the same properties of their own. A pair stands here only where neither could be
 * paired with another name as well. `before` and `after` are events a day.
 */
export async function buildRenames(db: Database, plan: Plan): Promise<void> {
  await db.run(
    raw(
      'create table renamed_event (old_name varchar, new_name varchar, "before" double, "after" double, died_at timestamp, born_at timestamp)',
    ),
  )
  const rows = await db.rows(
    raw(
      `select name, events, epoch_ms(first_at) as first_ms, epoch_ms(last_at) as last_ms from event_name where type = 'event' order by name`,
    ),
  )
  const names = rows.map((row): Name => {
    const name = String(row['name'])
    const { stem, words } = spellingOf(name)
    return {
      name,
      events: Number(row['events']),
      firstMs: Number(row['first_ms']),
      lastMs: Number(row['last_ms']),
      words,
      stems: new Set(stem.split(' ')),
    }
  })
  const inTime = pairsInTime(names).filter(({ old, next }) => !isMigration(old.name, next.name, plan))
  // equivalent mutants [if (false)]: of no pairs none is left over; people and payloads would be read in vain
  if (inTime.length === 0) return
  await db.run(raw('create temp table pair (old_name varchar, new_name varchar)'))
  await db.append(
    'pair',
    inTime.map(({ old, next }) => [old.name, next.name]),
  )
  await db.run(
    raw('create temp table paired as select distinct unnest([old_name, new_name]) as name from pair'),
  )
  const [together, shapes] = [await pairsOfSamePeople(db), await readShapes(db, 'paired')]
  const alike = inTime.filter(
    ({ old, next }) =>
      together.has(keyOf(old.name, next.name)) &&
      isSameShape(likeness(shapes, old.name, next.name), old, next),
  )
  for (const table of ['pair', 'paired']) await db.run(raw(`drop table ${table}`))
  await db.append(
    'renamed_event',
    onlyOnes(alike).map(({ old, next, before, after }) => [
      old.name,
      next.name,
      before,
      after,
      new Date(old.lastMs),
      new Date(next.firstMs),
    ]),
  )
}

/** A name that died, and one that was born then. */
function pairsInTime(names: readonly Name[]): Pair[] {
  // Not as arguments of one call: a shop that writes ids into its names has more of them than the stack holds.
  const from = names.reduce((first, { firstMs }) => Math.min(first, firstMs), Infinity)
  const to = names.reduce((last, { lastMs }) => Math.max(last, lastMs), -Infinity)
  const days = (ms: number): number => ms / dayMs
  const rate = (events: number, ms: number): number => events / Math.max(1, days(ms))
  const dead = names
    .filter(({ firstMs }) => days(firstMs - from) <= edgeDays)
    .map((old) => ({ old, before: rate(old.events, old.lastMs - from) }))
    .filter(({ old, before }) => before * days(to - old.lastMs) >= mostExpected)
  const born = names
    .filter(({ lastMs }) => days(to - lastMs) <= edgeDays)
    .map((next) => ({ next, after: rate(next.events, to - next.firstMs) }))
    .filter(({ next, after }) => after * days(next.firstMs - from) >= mostExpected)
  return dead.flatMap(({ old, before }) =>
    born
      .filter(({ next, after }) => {
        const pause = days(next.firstMs - old.lastMs)
        const isNear = pause >= -overlapDays && pause <= pauseDays
        const factor = Math.max(before, after) / Math.min(before, after)
        return isNear && factor <= rivalVolume && !isPassing(old, next)
      })
      .map(({ next, after }) => ({ old, next, before, after })),
  )
}

/** One of them is named after a season or an experiment, and the other is not named after the same. */
function isPassing(old: Name, next: Name): boolean {
  const differing = [
    ...old.words.filter((word) => !next.words.includes(word)),
    ...next.words.filter((word) => !old.words.includes(word)),
  ]
  return differing.some((word) => passing.test(word))
}

/** A former name that the plan knows is a fact and no surprise. */
function isMigration(old: string, next: string, plan: Plan): boolean {
  return Object.entries(plan.events).some(([name, { aliases }]) => {
    const known = [name, ...aliases]
    return known.includes(old) && known.includes(next)
  })
}

async function pairsOfSamePeople(db: Database): Promise<ReadonlySet<string>> {
  await db.run(
    raw(`
    create temp table sender as
    select distinct name, "cluster" from event where type = 'event' and "cluster" is not null
      -- equivalent mutants [and true]: nobody asks for the others; to keep all their people takes memory
      and name in (select name from paired)`),
  )
  const rows = await db.rows(
    raw(`
    with crowd as (select name, count(*) as people from sender group by name)
    select p.old_name, p.new_name from pair p join sender o on o.name = p.old_name
    join sender n on n.name = p.new_name and n."cluster" = o."cluster"
    join crowd c on c.name = p.old_name join crowd d on d.name = p.new_name
    group by p.old_name, p.new_name, c.people, d.people having count(*) >= ${sharedPeople} * least(c.people, d.people)`),
  )
  await db.run(raw('drop table sender'))
  return new Set(rows.map((row) => keyOf(String(row['old_name']), String(row['new_name']))))
}

const keyOf = (old: string, next: string): string => JSON.stringify([old, next])

/** Where neither has properties of its own, a word that both have must speak for them. */
function isSameShape(alike: number | null, old: Name, next: Name): boolean {
  if (alike !== null) return alike >= sharedShape
  return [...old.stems].some((stem) => next.stems.has(stem) && !generic.has(stem))
}

/** One name that could have become two others is a test; where words of the names speak for one of them, it is that one. */
function onlyOnes(pairs: readonly Pair[]): Pair[] {
  const sharedWords = ({ old, next }: Pair): number =>
    [...old.stems].filter((stem) => next.stems.has(stem)).length
  return pairs.filter((pair) => {
    const { before, after } = pair
    const isClose = Math.max(before, after) <= closeVolume * Math.min(before, after)
    return (
      isClose &&
      pairs.every(
        (other) =>
          other === pair ||
          (other.old !== pair.old && other.next !== pair.next) ||
          sharedWords(other) < sharedWords(pair),
      )
    )
  })
}
