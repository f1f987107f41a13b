import type { Database } from '../engine/database.ts'
import { raw } from '../engine/sql.ts'
import { pointerTo } from './attribute-values.ts'
import { labelOf, readLiquid, type LiquidVariable } from './liquid.ts'

/**
 * - `journey_variable`: the Liquid variables in subjects and bodies of judged journeys. `name`: the property or attribute.
 *   `pointer`: where the value lies in the payload, as far as the path says it. `bare`: printed without a default.
 * - `journey_unread`: messages whose Liquid could not be read; what they use is not known.
 */
export async function buildJourneyVariables(db: Database): Promise<void> {
  await db.run(
    raw(
      'create table journey_variable (journey bigint, action bigint, message varchar, root varchar, name varchar, label varchar, pointer varchar, bare boolean)',
    ),
  )
  await db.run(
    raw('create table journey_unread (journey bigint, action bigint, message varchar, reason varchar)'),
  )
  const messages = await db.rows(
    raw('select journey, action, name, concat_ws(chr(10), subject, body) as text from journey_message'),
  )
  for (const { journey, action, name, text } of messages) {
    const place = [BigInt(String(journey)), BigInt(String(action)), String(name)] as const
    const reading = readLiquid(String(text))
    if ('unread' in reading) await db.append('journey_unread', [[...place, reading.unread]])
    else
      await db.append(
        'journey_variable',
        reading.variables.map((variable) => [
          ...place,
          variable.root,
          String(variable.path[0]),
          labelOf(variable),
          pointerOf(variable),
          variable.bare,
        ]),
      )
  }
}

/** An element of a list stands for the list: whether each has the key is asked of the event, not of the message. */
function pointerOf({ path }: LiquidVariable): string {
  const end = path.indexOf('[]')
  return path
    .slice(0, end === -1 ? path.length : end)
    .map((part) => pointerTo(String(part)))
    .join('')
}
