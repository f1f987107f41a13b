import { expect, test } from 'vitest'
import { sourceNotices } from '../../src/audit/source-notices.ts'
import { builtInPlan } from '../../src/config/built-in-plan.ts'
import { modelOver } from '../support/workspace.ts'

test.each([
  [{ repeatedCalls: 0, supersededRecords: 0 }, []],
  [
    { repeatedCalls: 1, supersededRecords: 1 },
    [
      '1 call of the files came again under the same message id; each counts once.',
      '1 record of people exports was left out: a later file, in the order of names, tells of the same people. Whom an earlier file alone names still counts.',
    ],
  ],
  [
    { repeatedCalls: 2, supersededRecords: 3000 },
    [
      '2 calls of the files came again under the same message id; each counts once.',
      '3000 records of people exports were left out: a later file, in the order of names, tells of the same people. Whom an earlier file alone names still counts.',
    ],
  ],
])('what was read twice is told: %j', async (facts, told) => {
  const db = await modelOver({}, builtInPlan)
  expect(await sourceNotices(db, facts)).toEqual(told)
  db.close()
})
