import { customersPerRequest, peoplePerPage } from '../../customerio/index.ts'
import type { Forecast } from './progress.ts'

/**
 * What is known before the first page: two reads of everybody, and at least one request for each activity stream and
 * each of the small lists. How much happened is told by nobody, so it is a lower bound.
 */
export function forecast(
  people: number | null,
  activityStreams: number,
  perSecond: number | null,
  sample = Number.POSITIVE_INFINITY,
): Forecast {
  const small = 4
  const drawn = Math.min(people ?? 0, sample)
  const ofPeople =
    people === null
      ? 2
      : Math.max(1, Math.ceil(people / peoplePerPage)) + Math.ceil(drawn / customersPerRequest)
  // Those of a sample are asked one by one what they did.
  const ofActivities = people !== null && drawn < people ? drawn : activityStreams
  const requests = small + ofPeople + ofActivities
  return {
    kind: 'forecast',
    people,
    requests,
    seconds: perSecond === null ? null : Math.ceil(requests / perSecond),
  }
}
