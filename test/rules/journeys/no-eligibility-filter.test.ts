import { expect, test } from 'vitest'
import rule from '../../../rules/journeys/no-eligibility-filter.ts'
import { judge } from '../support.ts'

const push = (id: number, type = 'push') => ({ id, type, name: `Push ${id}` })

test('pushes without any segment, whatever the step is called', async () => {
  const { findings, evidence, population } = await judge(rule, {
    journeys: [
      {
        id: 1,
        name: 'One',
        event: 'a',
        actions: [push(10), push(11, 'Push notification'), push(12, 'email')],
      },
      { id: 2, name: 'Filtered', event: 'a', filterSegments: [1], actions: [push(20)] },
      { id: 3, name: 'From a segment', triggerSegments: [1], actions: [push(30)] },
      { id: 4, name: 'Mail', event: 'a', actions: [push(40, 'email')] },
      { id: 5, name: 'Draft', state: 'draft', actions: [push(50)] },
      { id: 6, name: 'Dated', dateAttribute: 'x', actions: [push(60)] },
    ],
  })
  expect(findings).toEqual([
    {
      subject: { key: '1', label: 'One' },
      message: 'One sends 2 pushes and filters by no segment',
      affected: 2,
      unit: 'pushes',
    },
    {
      subject: { key: '6', label: 'Dated' },
      message: 'Dated sends a push and filters by no segment',
      affected: 1,
      unit: 'pushes',
    },
  ])
  expect(evidence.map((row) => [row['subject'], row['action_id'], row['message']])).toEqual([
    ['1', '10', 'Push 10'],
    ['1', '11', 'Push 11'],
    ['6', '60', 'Push 60'],
  ])
  expect(population).toBe(4)
})
