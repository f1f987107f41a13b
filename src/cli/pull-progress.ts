import type { PullProgress } from '../sources/app-api/index.ts'
import { number, plural } from '../reports/view.ts'
import type { Progress, Say } from './progress.ts'

/** Turns what a pull tells into one line that changes, and into notes that stay. */
export function tellPull(progress: Progress, say: Say): (told: PullProgress) => void {
  const read = new Map<string, { readonly count: number; readonly expected: number | null }>()
  let requests = 0
  let ended = 0
  const now = (): void => {
    const counts = ['people', 'attributes'].flatMap((name) => {
      const stream = read.get(name)
      if (!stream) return []
      return [
        `${name} ${number(stream.count)}${stream.expected === null ? '' : ` of ${number(stream.expected)}`}`,
      ]
    })
    const activities = [...read]
      .filter(([name]) => name.startsWith('activities/'))
      .reduce((sum, [, { count }]) => sum + count, 0)
    say(
      [
        ...counts,
        plural(activities, 'activity', 'activities'),
        `${plural(ended, 'stream')} ended`,
        plural(requests, 'request'),
      ].join(', '),
    )
  }
  return (told) => {
    switch (told.kind) {
      case 'forecast':
        progress.note(forecastText(told.people, told.requests, told.seconds))
        break
      case 'page':
        read.set(told.stream, { count: told.read, expected: told.expected })
        requests = told.requests
        now()
        break
      case 'stream-ended':
        ended++
        read.set(told.stream, { count: told.read, expected: told.expected })
        if (told.complete) progress.detail(`${told.stream}: ${number(told.read)} read, ${told.ended}`)
        else progress.warn(`${told.stream} is incomplete: ${number(told.read)} read, ${told.ended}.`)
        if (told.rejected > 0)
          progress.warn(`${told.stream}: ${plural(told.rejected, 'record')} did not fit and were set aside.`)
        now()
        break
      case 'retry':
        progress.detail(`Trying again in ${told.seconds.toFixed(1)} s: ${told.reason}.`)
        break
      case 'notice':
        progress.warn(told.message)
        break
    }
  }
}

function forecastText(people: number | null, requests: number, seconds: number | null): string {
  const whom = people === null ? 'The workspace' : `A workspace of ${plural(people, 'person', 'people')}`
  const time = seconds === null ? '' : `, ${durationText(seconds)} or more`
  return `${whom}: at least ${plural(requests, 'request')}${time}.`
}

export function durationText(seconds: number): string {
  if (seconds < 90) return plural(Math.ceil(seconds), 'second')
  return seconds < 5400
    ? plural(Math.ceil(seconds / 60), 'minute')
    : `${number(Math.ceil(seconds / 360) / 10)} hours`
}
