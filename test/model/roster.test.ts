import { describe, expect, test } from 'vitest'
import { builtInPlan } from '../../src/config/built-in-plan.ts'
import { raw } from '../../src/engine/sql.ts'
import { modelOver, rowsOf, type Fields, type Rows } from '../support/workspace.ts'

const at = (day: number): Date => new Date(Date.UTC(2026, 10, day, 10))
const person = (source: string, more: Fields): Fields => ({
  source,
  attributes: '{}',
  deleted: false,
  suppressed: false,
  ...more,
})
const call = (kind: string, day: number, more: Fields): Fields => ({
  id: `${kind}-${day}-${JSON.stringify(more)}`,
  kind,
  source: 'pipelines',
  at: at(day),
  received_at: at(day),
  data: '{}',
  ...more,
})
const track = (id: string, more: Fields = {}): Fields => ({
  id,
  type: 'event',
  name: 'purchase',
  source: 'pipelines',
  at: at(20),
  data: '{"order_id":"o"}',
  ...more,
})
const people = async (rows: Rows): Promise<unknown[]> => {
  const db = await modelOver(rows, builtInPlan)
  return await db.rows(raw('select cio_id, id, email from profile order by cio_id'))
}
const A = 'a'.repeat(64)

describe('people of several sources', () => {
  test('meet by cio_id and by id; where they disagree the App API counts, then the warehouse, then the export', async () => {
    const profile = rowsOf('profile', [
      person('app-api', { cio_id: 'c1', id: 'u1', email: 'now@shop.test', attributes: '{"plan":"gold"}' }),
      person('warehouse-sync', { cio_id: 'c1', id: 'u1', email: 'old@shop.test', sequence: 1n }),
      person('people-export', {
        id: 'u1',
        email: 'older@shop.test',
        attributes: '{"plan":"silver","country":"DE"}',
      }),
    ])
    const identify = rowsOf('call', [
      call('identify', 1, { user_id: 'u1', data: '{"email":"oldest@shop.test","locale":"de","plan":"x"}' }),
    ])
    const db = await modelOver({ ...profile, ...identify }, { ...builtInPlan, attributes: {} })
    expect(await db.rows(raw('select cio_id, id, email from profile'))).toEqual([
      { cio_id: 'c1', id: 'u1', email: 'now@shop.test' },
    ])
  })

  test('of the App API alone nobody is copied', async () => {
    const copies = async (profiles: readonly Fields[], events: readonly Fields[] = []) => {
      const db = await modelOver(
        { ...rowsOf('profile', profiles), ...rowsOf('activity', events) },
        builtInPlan,
      )
      await db.rows(raw('from profile'))
      const tables = raw(
        `select count(*) from duckdb_tables() where table_name in ('source_record', 'merged_record')`,
      )
      return Number(await db.scalar(tables))
    }
    const one = person('app-api', { cio_id: 'c1', id: 'c1' })
    const other = person('app-api', { cio_id: 'c2', id: 'c2' })
    expect(await copies([one, other], [track('1', { source: 'app-api', cio_id: 'c1' })])).toBe(0)
    // Twice the same person, or something of a file: that has to be put together.
    expect(await copies([one, one])).toBe(2)
    expect(await copies([one, person('people-export', { id: 'c1' })])).toBe(2)
    expect(await copies([one], [track('1', { customer_id: 'c1' })])).toBe(2)
  })

  test('an id that no other source has is a person of its own', async () => {
    const profile = rowsOf('profile', [
      person('app-api', { cio_id: 'c1', id: 'u1' }),
      person('people-export', { id: 'u2' }),
    ])
    expect(await people(profile)).toEqual([
      { cio_id: 'c1', id: 'u1', email: null },
      { cio_id: 'id:u2', id: 'u2', email: null },
    ])
  })

  test('by e-mail only without an id, and only where one person holds the address', async () => {
    const profile = rowsOf('profile', [
      person('app-api', { cio_id: 'c1', id: 'u1', email: 'ana@shop.test' }),
      person('app-api', { cio_id: 'c2', id: 'u2', email: 'bo@shop.test' }),
      person('app-api', { cio_id: 'c3', id: 'u3', email: 'Bo@shop.test' }),
      // No id and one holder: Ana. No id and two holders: nobody's. An id of its own: a duplicate that must show.
      person('people-export', { email: ' ANA@shop.test' }),
      person('people-export', { email: 'bo@shop.test' }),
      person('people-export', { id: 'u4', email: 'bo@shop.test' }),
    ])
    expect(await people(profile)).toEqual([
      { cio_id: 'c1', id: 'u1', email: 'ana@shop.test' },
      { cio_id: 'c2', id: 'u2', email: 'bo@shop.test' },
      { cio_id: 'c3', id: 'u3', email: 'Bo@shop.test' },
      { cio_id: 'email:bo@shop.test', id: null, email: 'bo@shop.test' },
      { cio_id: 'id:u4', id: 'u4', email: 'bo@shop.test' },
    ])
  })

  test('by the address that stands for a user id, where nobody has that id and one person without an id the address', async () => {
    const rows = {
      ...rowsOf('profile', [
        person('people-export', { cio_id: 'c1', email: 'Ana@shop.test' }),
        person('people-export', { email: 'bo@shop.test' }),
        // Two holders, one with an id of their own, and one whose id it is.
        person('people-export', { cio_id: 'c3', email: 'two@shop.test' }),
        person('people-export', { cio_id: 'c4', email: 'two@shop.test' }),
        person('people-export', { cio_id: 'c5', id: 'u5', email: 'eve@shop.test' }),
        person('people-export', { cio_id: 'c6', id: 'fay@shop.test' }),
        person('people-export', { cio_id: 'c7', email: 'gus@shop.test' }),
      ]),
      ...rowsOf('call', [
        call('identify', 1, { user_id: ' ana@shop.test', anonymous_id: A, data: '{"plan":"gold"}' }),
        call('identify', 1, { user_id: 'bo@shop.test', data: '{"plan":"silver"}' }),
        call('identify', 1, { user_id: 'two@shop.test' }),
        call('identify', 1, { user_id: 'eve@shop.test' }),
        call('identify', 1, { user_id: 'fay@shop.test' }),
        call('identify', 1, { user_id: 'new@shop.test' }),
        call('device', 2, { user_id: 'gus@shop.test', token: 'token-7' }),
        call('user-deleted', 3, { user_id: 'gus@shop.test' }),
      ]),
      ...rowsOf('activity', [
        track('e1', { customer_id: 'ANA@shop.test' }),
        track('e2', { anonymous_id: A }),
        track('e3', { customer_id: 'bo@shop.test' }),
      ]),
    }
    const db = await modelOver(rows, { ...builtInPlan, attributes: {} })
    expect(await db.rows(raw('select cio_id, id, email from profile order by cio_id'))).toEqual([
      { cio_id: 'c1', id: null, email: 'Ana@shop.test' },
      { cio_id: 'c3', id: null, email: 'two@shop.test' },
      { cio_id: 'c4', id: null, email: 'two@shop.test' },
      { cio_id: 'c5', id: 'u5', email: 'eve@shop.test' },
      { cio_id: 'c6', id: 'fay@shop.test', email: null },
      { cio_id: 'c7', id: null, email: 'gus@shop.test' },
      { cio_id: 'email:bo@shop.test', id: null, email: 'bo@shop.test' },
      { cio_id: 'id:eve@shop.test', id: 'eve@shop.test', email: null },
      { cio_id: 'id:new@shop.test', id: 'new@shop.test', email: null },
      { cio_id: 'id:two@shop.test', id: 'two@shop.test', email: null },
    ])
    const events = raw(
      'select a.id, p.cio_id from event e join person p using (person) join snap.activity a on a.rowid = e.seq order by a.id',
    )
    expect(await db.rows(events)).toEqual([
      { id: 'e1', cio_id: 'c1' },
      { id: 'e2', cio_id: 'c1' },
      { id: 'e3', cio_id: 'email:bo@shop.test' },
    ])
    expect(await db.rows(raw('select cio_id, token from device'))).toEqual([
      { cio_id: 'c7', token: 'token-7' },
    ])
  })

  describe('whom a whole pull of the App API does not name', () => {
    const began = at(24)
    const pulled = (complete: boolean, sampled = false): Rows => ({
      stream: [['app-api', 'people', 'ended', 3n, 3n, 0n, complete, 'end of cursor', null]],
      ...rowsOf('meta', [
        { key: 'pull_started_at', value: began.toISOString() },
        ...(sampled ? [{ key: 'sample.wanted', value: '2:1' }] : []),
      ]),
    })
    const ana = person('app-api', { cio_id: 'c1', id: 'u1', email: 'ana@shop.test' })
    const bo = person('app-api', { cio_id: 'c2', id: 'u2', email: 'bo@shop.test' })
    const bosTwin = person('app-api', { cio_id: 'c3', id: 'u3', email: 'Bo@shop.test' })
    const profile = rowsOf('profile', [
      ana,
      bo,
      bosTwin,
      person('people-export', { cio_id: 'c1', id: 'u1' }),
      person('people-export', { cio_id: 'c9', id: 'u9', email: 'ana@shop.test' }),
      person('people-export', { id: 'u2' }),
      // An export need not say the number of Customer.io; and of one that it says the id may have changed since.
      person('people-export', { id: 'u8' }),
      person('people-export', { cio_id: 'c2', id: 'u2-before' }),
    ])
    const identify = (user_id: string, email: string, day = 1): Fields =>
      call('identify', day, { user_id, data: JSON.stringify({ email }) })
    const calls = rowsOf('call', [
      // Merged into Ana, and known by two addresses, of which one was never anybody else's.
      identify('old-ana', ' Ana@shop.test'),
      identify('old-ana', 'ana@old.test', 2),
      // Of the two with this address nobody knows which; and nobody has this one.
      identify('old-bo', 'bo@shop.test'),
      identify('deleted', 'deleted@shop.test'),
      // Made while or after people were read.
      identify('new', 'ana@shop.test', 25),
    ])
    const activity = rowsOf('activity', [
      track('1', { customer_id: 'old-ana' }),
      track('2', { customer_id: 'u2' }),
      track('3', { customer_id: 'bare' }),
      track('4', { customer_id: 'ANA@shop.test' }),
      track('5', { customer_id: 'bare-and-new', at: at(25) }),
    ])
    const ids = async (rows: Rows): Promise<unknown[]> => {
      const db = await modelOver(rows, builtInPlan)
      const all = await db.rows(raw('select cio_id from profile order by cio_id'))
      db.close()
      return all.map(({ cio_id }) => cio_id)
    }

    test('is no profile, and whose address one person alone holds is that person', async () => {
      const rows = { ...pulled(true), ...profile, ...calls, ...activity }
      expect(await ids(rows)).toEqual(['c1', 'c2', 'c3', 'id:bare-and-new', 'id:new'])
      const db = await modelOver(rows, builtInPlan)
      const bought = await db.rows(
        raw('select p.cio_id from event e join person p using (person) order by e.happened_at, p.cio_id'),
      )
      // What came after the pull lies beyond the window.
      expect(bought.map(({ cio_id }) => cio_id)).toEqual(['c1', 'c1', 'c2', 'id:bare'])
      expect(await db.rows(raw('from absent_row order by id'))).toEqual([
        { cio_id: null, id: 'u8' },
        { cio_id: 'c9', id: 'u9' },
      ])
      expect(await db.rows(raw('from absent_user order by user_id'))).toEqual([
        { user_id: 'ANA@shop.test', key: 'c1' },
        { user_id: 'bare', key: null },
        { user_id: 'deleted', key: null },
        { user_id: 'old-ana', key: 'c1' },
        { user_id: 'old-bo', key: null },
      ])
      db.close()
    })

    test.each([
      ['a pull that did not read everyone', pulled(false)],
      ['a sample', pulled(true, true)],
    ])('%s says nothing of the others', async (_, how) => {
      expect(await ids({ ...how, ...profile, ...calls, ...activity })).toEqual([
        'c1',
        'c2',
        'c3',
        'c9',
        'id:ANA@shop.test',
        'id:bare',
        'id:bare-and-new',
        'id:deleted',
        'id:new',
        'id:old-ana',
        'id:old-bo',
        'id:u8',
      ])
    })
  })

  test('the newest of the warehouse files counts, and whoever was deleted in it is nobody', async () => {
    const profile = rowsOf('profile', [
      person('warehouse-sync', {
        cio_id: 'c1',
        id: 'u1',
        email: 'new@shop.test',
        sequence: 12n,
        updated_at: at(1),
      }),
      person('warehouse-sync', {
        cio_id: 'c1',
        id: 'u1',
        email: 'old@shop.test',
        sequence: 9n,
        updated_at: at(5),
      }),
      person('warehouse-sync', { cio_id: 'c2', id: 'u2', email: 'new@shop.test', sequence: 9n }),
      person('warehouse-sync', { cio_id: 'c2', id: 'u2', deleted: true, sequence: 10n }),
      person('warehouse-sync', { cio_id: 'c3', id: 'u3', deleted: true, sequence: 9n }),
      person('warehouse-sync', { cio_id: 'c3', id: 'u3', sequence: 10n }),
    ])
    expect(await people(profile)).toEqual([
      { cio_id: 'c1', id: 'u1', email: 'new@shop.test' },
      { cio_id: 'c3', id: 'u3', email: null },
    ])
  })

  test('a phone alone makes no profile where another source shows whose it is', async () => {
    const phone = '+14155552671'
    const callers = rowsOf('call', [
      call('identify', 1, { anonymous_id: 'x', data: JSON.stringify({ phone: ` ${phone}` }) }),
      call('identify', 1, { anonymous_id: 'y', data: '{"phone":"+14155552672"}' }),
      call('identify', 1, { anonymous_id: 'z', data: JSON.stringify({ phone, email: 'bo@shop.test' }) }),
    ])
    const purchase = rowsOf('activity', [track('t1', { anonymous_id: 'x' })])
    const one = person('app-api', { cio_id: 'c1', phone })
    const others = [
      { cio_id: 'anon:y', id: null, email: null },
      { cio_id: 'c1', id: null, email: null },
      { cio_id: 'email:bo@shop.test', id: null, email: 'bo@shop.test' },
    ]
    const rows = { ...rowsOf('profile', [one]), ...callers, ...purchase }
    expect(await people(rows)).toEqual(others)
    const db = await modelOver(rows, builtInPlan)
    expect(await db.rows(raw('select cio_id from audience where intent_events = 1'))).toEqual([
      { cio_id: 'c1' },
    ])
    // Of two nobody can say which one it is, and a third is not there.
    const two = rowsOf('profile', [one, person('app-api', { cio_id: 'c2', phone: `${phone} ` })])
    expect(await people({ ...two, ...callers })).toEqual([
      others[0],
      others[1],
      { cio_id: 'c2', id: null, email: null },
      others[2],
    ])
    // Files alone know no better.
    expect((await people(callers)).map((row) => (row as { cio_id: string }).cio_id)).toEqual([
      'anon:x',
      'anon:y',
      'email:bo@shop.test',
    ])
  })

  test('an address belongs to whom other sources show with it, not to whom an old identify gave it', async () => {
    const profile = rowsOf('profile', [
      person('app-api', { cio_id: 'c1', id: 'u1', email: 'new@shop.test' }),
      person('app-api', { cio_id: 'c2', id: 'u2', email: 'Old@shop.test' }),
    ])
    const calls = rowsOf('call', [
      call('identify', 1, { user_id: 'u1', data: '{"email":"old@shop.test"}' }),
      call('identify', 2, { anonymous_id: 'x', data: '{"email":"old@shop.test"}' }),
    ])
    const purchase = rowsOf('activity', [track('t1', { anonymous_id: 'x' })])
    const rows = { ...profile, ...calls, ...purchase }
    expect(await people(rows)).toEqual([
      { cio_id: 'c1', id: 'u1', email: 'new@shop.test' },
      { cio_id: 'c2', id: 'u2', email: 'Old@shop.test' },
    ])
    const db = await modelOver(rows, builtInPlan)
    expect(await db.rows(raw('select cio_id from audience where intent_events = 1'))).toEqual([
      { cio_id: 'c2' },
    ])
    // Where no other source shows anybody with it, it is still theirs.
    const alone = rowsOf('profile', [person('app-api', { cio_id: 'c1', id: 'u1', email: 'new@shop.test' })])
    expect(await people({ ...alone, ...calls })).toHaveLength(1)
  })

  test('an e-mail address of two people makes no third of whoever was identified with it alone', async () => {
    const two = ['c1', 'c2'].map((cio_id) => person('app-api', { cio_id, email: 'Bo@shop.test' }))
    const calls = rowsOf('call', [
      call('identify', 1, { anonymous_id: 'x', data: '{"email":" bo@shop.test"}' }),
      call('identify', 1, { anonymous_id: 'y', data: '{"email":"new@shop.test"}' }),
    ])
    const names = async (rows: Rows) => (await people(rows)).map((row) => (row as Fields)['cio_id'])
    expect(await names({ ...rowsOf('profile', two), ...calls })).toEqual(['c1', 'c2', 'email:new@shop.test'])
    // A row of an export is a profile, and files alone know of no other.
    const listed = person('people-export', { email: 'bo@shop.test' })
    expect(await names({ ...rowsOf('profile', [...two, listed]), ...calls })).toEqual([
      'c1',
      'c2',
      'email:bo@shop.test',
      'email:new@shop.test',
    ])
    const users = ['u1', 'u2'].map((user_id) =>
      call('identify', 2, { user_id, data: '{"email":"bo@shop.test"}' }),
    )
    expect(await names({ call: [...(calls.call ?? []), ...(rowsOf('call', users).call ?? [])] })).toEqual([
      'email:bo@shop.test',
      'email:new@shop.test',
      'id:u1',
      'id:u2',
    ])
  })

  test('rows that name nobody are nobody, and hide nobody', async () => {
    const nobody = person('people-export', { attributes: '{"city":"Rome"}' })
    expect(await people(rowsOf('profile', [nobody, nobody, person('people-export', { id: 'u1' })]))).toEqual([
      { cio_id: 'id:u1', id: 'u1', email: null },
    ])
  })

  test('an empty id names nobody, so it joins nobody', async () => {
    const emails = ['ana@shop.test', 'bo@shop.test']
    const profile = rowsOf(
      'profile',
      emails.map((email) => person('people-export', { id: '', email })),
    )
    expect(await people(profile)).toEqual(
      emails.map((email) => ({ cio_id: `email:${email}`, id: null, email })),
    )
  })

  test('two cio_ids stay two, though both sources say one id', async () => {
    const profile = rowsOf('profile', [
      person('app-api', { cio_id: 'c1', id: 'u1' }),
      person('warehouse-sync', { cio_id: 'c2', id: 'u1', sequence: 1n }),
    ])
    expect((await people(profile)).map((row) => (row as Fields)['cio_id'])).toEqual(['c1', 'c2'])
  })

  test('a number that two have hides neither whom an id names nor whom an export knows', async () => {
    const phone = '+14155552671'
    const profile = rowsOf('profile', [
      person('app-api', { cio_id: 'c1', phone }),
      person('app-api', { cio_id: 'c2', phone }),
      person('people-export', { phone }),
    ])
    const calls = rowsOf('call', [
      call('identify', 1, { user_id: 'u1', data: JSON.stringify({ phone }) }),
      call('identify', 1, { anonymous_id: 'v1', data: JSON.stringify({ phone }) }),
    ])
    expect((await people({ ...profile, ...calls })).map((row) => (row as Fields)['cio_id'])).toEqual([
      'c1',
      'c2',
      'id:u1',
      `phone:${phone}`,
    ])
    // A user of the files is no other source.
    expect((await people(calls)).map((row) => (row as Fields)['cio_id'])).toEqual(['anon:v1', 'id:u1'])
  })

  test('a deletion that names no user takes nobody away', async () => {
    const email = '{"email":"ana@shop.test"}'
    const phone = '{"phone":"+14155552671"}'
    const calls = rowsOf('call', [
      call('identify', 1, { anonymous_id: 'v1', data: email }),
      call('user-deleted', 2, { anonymous_id: 'v1', data: email }),
      call('identify', 1, { anonymous_id: 'v2', data: phone }),
      call('user-deleted', 2, { anonymous_id: 'v2', data: phone }),
    ])
    expect((await people(calls)).map((row) => (row as Fields)['cio_id'])).toEqual([
      'anon:v2',
      'email:ana@shop.test',
    ])
  })

  test('a user whom files delete is gone, whoever else has no id', async () => {
    const rows = {
      ...rowsOf('profile', [
        person('people-export', { email: 'ana@shop.test' }),
        person('warehouse-sync', { cio_id: 'w1', deleted: true, sequence: 1n }),
        person('warehouse-sync', { cio_id: 'w2', id: 'u5', sequence: 1n }),
      ]),
      ...rowsOf('call', [
        call('identify', 1, { user_id: 'u1', data: '{"email":"bo@shop.test"}' }),
        call('user-deleted', 2, { user_id: 'u1', data: '{"email":"cy@shop.test"}' }),
        // Nothing but an identify brings them back.
        call('device', 3, { user_id: 'u1', token: A }),
        call('alias', 3, { user_id: 'u1' }),
      ]),
      ...rowsOf('activity', [track('t1', { customer_id: 'u1' }), track('t2', { customer_id: 'u2' })]),
    }
    const db = await modelOver(rows, builtInPlan)
    expect(await db.rows(raw('select cio_id, email from profile order by cio_id'))).toEqual([
      { cio_id: 'email:ana@shop.test', email: 'ana@shop.test' },
      { cio_id: 'id:u2', email: null },
      { cio_id: 'w2', email: null },
    ])
    expect(await db.rows(raw('select cio_id, id, reason from gone order by cio_id'))).toEqual([
      { cio_id: 'id:u1', id: 'u1', reason: 'deleted' },
      { cio_id: 'w1', id: null, reason: 'deleted' },
    ])
  })

  test('whom the warehouse deleted no older call and no older export brings back', async () => {
    const left = (n: number, more: Fields): Fields =>
      person('warehouse-sync', { cio_id: `w${n}`, id: `u${n}`, sequence: 1n, updated_at: at(5), ...more })
    const rows = {
      ...rowsOf('profile', [
        left(1, { deleted: true }),
        left(2, { deleted: true }),
        left(3, { suppressed: true }),
        left(4, { deleted: true, updated_at: null }),
        person('people-export', { cio_id: 'w1', id: 'u1', email: 'ana@shop.test' }),
        person('people-export', { cio_id: 'w5', id: 'u5' }),
      ]),
      ...rowsOf(
        'call',
        [1, 2, 3, 4].map((n) => call('identify', n === 1 ? 5 : 6, { user_id: `u${n}` })),
      ),
    }
    const db = await modelOver(rows, builtInPlan)
    // Only u2 was identified after it was deleted, and a suppressed one stays barred.
    expect(await db.rows(raw('select cio_id from profile order by cio_id'))).toEqual([
      { cio_id: 'id:u2' },
      { cio_id: 'w5' },
    ])
    expect(await db.rows(raw(`select key from user_key where user_id in ('u1', 'u2') order by key`))).toEqual(
      [{ key: 'id:u2' }, { key: 'w1' }],
    )
  })

  test('calls of a suppressed user are ignored until the id is free, and that restores nothing', async () => {
    const calls = [1, 2, 3].flatMap((n) => [
      call('identify', 1, { user_id: `u${n}` }),
      call('user-suppressed', 2, { user_id: `u${n}` }),
      ...(n > 1 ? [call('user-unsuppressed', 3, { user_id: `u${n}` })] : []),
      ...(n === 2 ? [] : [call('identify', 4, { user_id: `u${n}` })]),
    ])
    const db = await modelOver(rowsOf('call', calls), builtInPlan)
    expect(await db.rows(raw('select cio_id from profile'))).toEqual([{ cio_id: 'id:u3' }])
    expect(await db.rows(raw('select cio_id, reason from gone order by cio_id'))).toEqual([
      { cio_id: 'id:u1', reason: 'suppressed' },
      { cio_id: 'id:u2', reason: 'deleted' },
    ])
  })

  test('a server that sends the user id as the anonymous id too makes nobody anonymous', async () => {
    const calls = rowsOf('call', [call('identify', 1, { user_id: 'u1', anonymous_id: 'u1' })])
    const db = await modelOver(calls, builtInPlan)
    expect(await db.rows(raw('select id, id_known, anonymous from profile'))).toEqual([
      { id: 'u1', id_known: true, anonymous: false },
    ])
  })

  test('nobody has left who does not say so', async () => {
    const said = ['true', '1', 'FALSE', null]
    const calls = said.map((unsubscribed, n) =>
      call('identify', 1, { user_id: `u${n}`, data: JSON.stringify({ unsubscribed }) }),
    )
    const warehouse = said.map((value, n) => [
      person('warehouse-sync', { cio_id: `w${n}`, sequence: 1n }),
      { cio_id: `w${n}`, name: 'unsubscribed', value, at: at(1), sequence: 1n, source: 'warehouse-sync' },
    ])
    const db = await modelOver(
      {
        ...rowsOf('call', calls),
        ...rowsOf(
          'profile',
          warehouse.map(([profile]) => profile as Fields),
        ),
        ...rowsOf(
          'attribute_change',
          warehouse.map(([, change]) => change as Fields),
        ),
      },
      builtInPlan,
    )
    const rows = await db.rows(raw('select unsubscribed from profile order by cio_id'))
    const left = [true, true, false, false]
    expect(rows.map(({ unsubscribed }) => unsubscribed)).toEqual([...left, ...left])
  })

  test('of a deleted and a living person the App API is believed', async () => {
    const profile = rowsOf('profile', [
      person('warehouse-sync', { cio_id: 'c1', id: 'u1', deleted: true, sequence: 1n }),
      person('app-api', { cio_id: 'c1', id: 'u1' }),
    ])
    expect(await people(profile)).toEqual([{ cio_id: 'c1', id: 'u1', email: null }])
    const calls = rowsOf('call', [
      call('identify', 1, { user_id: 'u1' }),
      call('user-deleted', 2, { user_id: 'u1' }),
    ])
    const db = await modelOver({ ...profile, ...calls }, builtInPlan)
    expect(await db.rows(raw('from gone'))).toEqual([])
  })

  test('the attribute of the warehouse is as it was set last; an empty value takes it away', async () => {
    const profile = rowsOf('profile', [person('warehouse-sync', { cio_id: 'c1', id: 'u1', sequence: 1n })])
    const change = (name: string, value: string | null, day: number): Fields => ({
      cio_id: 'c1',
      name,
      value,
      at: at(day),
      sequence: 1n,
      source: 'warehouse-sync',
    })
    const changes = rowsOf('attribute_change', [
      change('country', 'DE', 2),
      change('country', 'FR', 5),
      change('country', 'IT', 3),
      change('locale', 'de', 2),
      change('locale', '', 4),
    ])
    const db = await modelOver({ ...profile, ...changes }, builtInPlan)
    expect(
      await db.rows(
        raw(
          `select attribute, held from attribute_plan where attribute in ('country', 'locale') order by attribute`,
        ),
      ),
    ).toEqual([
      { attribute: 'country', held: 1 },
      { attribute: 'locale', held: 0 },
    ])
  })

  test('what the warehouse says of people: their address is one of their attributes', async () => {
    const change = (
      name: string,
      value: string | null,
      day: number | null,
      sequence: bigint | null,
    ): Fields => ({
      cio_id: 'c1',
      name,
      value,
      at: day === null ? null : at(day),
      sequence,
      source: 'warehouse-sync',
    })
    const db = await modelOver(
      {
        ...rowsOf('profile', [
          person('warehouse-sync', { cio_id: 'c1', sequence: null }),
          person('warehouse-sync', { cio_id: 'c1', id: 'u1', sequence: 1n }),
          person('warehouse-sync', { cio_id: 'c2', id: 'u2', sequence: 1n, updated_at: null }),
          person('warehouse-sync', { cio_id: 'c2', id: 'u3', sequence: 1n, updated_at: at(1) }),
        ]),
        ...rowsOf('attribute_change', [
          change('email', 'ana@shop.test', 1, 1n),
          change('phone', '+14155552671', 1, 1n),
          // Removed, and set again; of one time the newer file, and what has no time or file is the oldest.
          change('city', 'Rome', 1, 1n),
          change('city', null, 2, 1n),
          change('plan', 'gold', 3, 1n),
          change('plan', 'silver', null, 9n),
          change('tier', 'new', 3, 2n),
          change('tier', 'old', 3, null),
          // Set and removed in one moment of one file: nobody knows the order, so the value stands.
          change('locale', null, 3, 2n),
          change('locale', 'de', 3, 2n),
        ]),
      },
      builtInPlan,
    )
    expect(
      await db.rows(
        raw('select cio_id, id, email, phone, attributes::varchar as said from record order by 1'),
      ),
    ).toEqual([
      {
        cio_id: 'c1',
        id: 'u1',
        email: 'ana@shop.test',
        phone: '+14155552671',
        said: expect.not.stringContaining('city'),
      },
      { cio_id: 'c2', id: 'u3', email: null, phone: null, said: '{}' },
    ])
    const [row] = await db.rows(
      raw(
        `select attributes ->> '$.plan' as plan, attributes ->> '$.tier' as tier, attributes ->> '$.locale' as locale from record where cio_id = 'c1'`,
      ),
    )
    expect(row).toEqual({ plan: 'gold', tier: 'new', locale: 'de' })
  })

  test('nobody is read twice, and only whom several sources know is put together', async () => {
    const db = await modelOver(
      {
        ...rowsOf('profile', [
          person('people-export', { id: 'u1' }),
          person('people-export', { id: 'u4' }),
          person('warehouse-sync', { cio_id: 'w1', id: 'u5', sequence: 1n }),
        ]),
        ...rowsOf('call', [
          call('identify', 1, { user_id: 'u1' }),
          call('identify', 1, { user_id: 'u2' }),
          call('identify', 1, { user_id: 'u3' }),
          call('identify', 2, { user_id: 'u3' }),
        ]),
        ...rowsOf('activity', [
          track('1', { customer_id: 'u2' }),
          track('2', { customer_id: 'u5' }),
          track('3', { customer_id: 'u6' }),
        ]),
      },
      builtInPlan,
    )
    expect(await db.rows(raw('select priority, key from source_record order by all'))).toEqual([
      { priority: 2, key: 'w1' },
      { priority: 3, key: 'id:u1' },
      { priority: 3, key: 'id:u4' },
      { priority: 4, key: 'id:u1' },
      { priority: 4, key: 'id:u2' },
      { priority: 4, key: 'id:u3' },
      // Only of whom nothing else is known their events are the source.
      { priority: 5, key: 'id:u6' },
    ])
    expect(await db.rows(raw('select cio_id from merged_record'))).toEqual([{ cio_id: 'id:u1' }])
  })

  test('traits of several identify calls add up in the order of time', async () => {
    const calls = rowsOf('call', [
      call('identify', 1, { user_id: 'u1', data: '{"country":"DE","locale":"de","email":"ana@shop.test"}' }),
      call('identify', 5, { user_id: 'u1', data: '{"country":null,"email":"new@shop.test"}' }),
      // Only an identify says what somebody is like, or that they are there.
      call('user-unsuppressed', 6, { user_id: 'u1', data: '{"email":"other@shop.test"}' }),
      call('user-unsuppressed', 6, { user_id: 'u4' }),
      call('identify', 1, { anonymous_id: 'v1', data: '{"plan":"gold"}' }),
      call('user-deleted', 2, { user_id: 'u2' }),
      call('identify', 1, { user_id: 'u2' }),
      call('user-deleted', 1, { user_id: 'u3' }),
      call('identify', 2, { user_id: 'u3' }),
    ])
    const db = await modelOver(calls, builtInPlan)
    expect(await db.rows(raw('select cio_id, email, created_at from profile order by cio_id'))).toEqual([
      { cio_id: 'id:u1', email: 'new@shop.test', created_at: '2026-11-01T10:00:00Z' },
      { cio_id: 'id:u3', email: null, created_at: '2026-11-02T10:00:00Z' },
    ])
    expect(
      await db.rows(
        raw(
          `select attribute, held from attribute_plan where attribute in ('country', 'locale') order by attribute`,
        ),
      ),
    ).toEqual([
      { attribute: 'country', held: 0 },
      { attribute: 'locale', held: 1 },
    ])
  })
})

test.each([
  ['2026-10-31T09:00:00-05:00', '2026-10-31T14:00:00Z'],
  ['2026-10-31 09:00:00.5+0200', '2026-10-31T07:00:00Z'],
  ['2026-10-31T09:00:00Z', '2026-10-31T09:00:00Z'],
  ['2026-10-31', '2026-10-31T00:00:00Z'],
  [1_761_901_200, '2025-10-31T09:00:00Z'],
  [99_999_999_999, '5138-11-16T09:46:39Z'],
  [1_761_901_200_000, '2025-10-31T09:00:00Z'],
  // Microseconds and more, and what is no number: the first call counts.
  [100_000_000_000_000, '2026-11-01T10:00:00Z'],
  [1_761_901_200_000_000, '2026-11-01T10:00:00Z'],
  [1e30, '2026-11-01T10:00:00Z'],
  ['NaN', '2026-11-01T10:00:00Z'],
  ['Infinity', '2026-11-01T10:00:00Z'],
  ['yesterday', '2026-11-01T10:00:00Z'],
  ['294247-01-01', '2026-11-01T10:00:00Z'],
  ['-200', '1969-12-31T23:56:40Z'],
])('a profile of files was created at %s', async (created_at, told) => {
  const calls = rowsOf('call', [call('identify', 1, { user_id: 'u1', data: JSON.stringify({ created_at }) })])
  const db = await modelOver(calls, builtInPlan)
  expect(await db.rows(raw('select created_at from profile'))).toEqual([{ created_at: told }])
})

describe('devices of Pipelines files', () => {
  const device = (kind: string, day: number, more: Fields): Fields =>
    call(kind, day, { token: A, platform: 'ios', ...more })
  const holders = async (calls: readonly Fields[], more: Rows = {}): Promise<unknown[]> => {
    const db = await modelOver({ ...rowsOf('call', calls), ...more }, builtInPlan)
    return await db.rows(raw('select cio_id, holders, gone from device order by cio_id'))
  }

  test('a token is held until it is deleted', async () => {
    expect(
      await holders([
        device('device', 1, { user_id: 'u1' }),
        device('device-deleted', 2, { user_id: 'u1' }),
        device('device', 3, { user_id: 'u2' }),
        device('device', 1, { user_id: 'u3' }),
      ]),
    ).toEqual([
      { cio_id: 'id:u2', holders: 2, gone: null },
      { cio_id: 'id:u3', holders: 2, gone: null },
    ])
  })

  test('only ever sent before login, though the visitor was identified: on nobody', async () => {
    const login = call('identify', 2, { user_id: 'u1', anonymous_id: 'v1' })
    const visit = rowsOf('activity', [track('e1', { anonymous_id: 'v1', token: A })])
    expect(await holders([device('device', 1, { anonymous_id: 'v1' }), login], visit)).toEqual([
      { cio_id: 'anon:v1', holders: 1, gone: null },
    ])
    // A user had it since, and logged out.
    const since = [device('device', 3, { user_id: 'u1' }), device('device-deleted', 4, { user_id: 'u1' })]
    expect(await holders([device('device', 1, { anonymous_id: 'v1' }), login, ...since])).toEqual([])
    // What was only ever deleted was on nobody.
    expect(await holders([device('device-deleted', 1, { anonymous_id: 'v1' }), login])).toEqual([])
  })

  test.each([
    ['registered again after login', device('device', 3, { user_id: 'u1' }), {}],
    [
      'seen in an event of a user',
      call('identify', 3, { user_id: 'u1' }),
      rowsOf('activity', [track('e1', { customer_id: 'u1', token: A })]),
    ],
  ])('near miss: %s', async (_, more, rows) => {
    const login = call('identify', 2, { user_id: 'u1', anonymous_id: 'v1' })
    const found = await holders([device('device', 1, { anonymous_id: 'v1' }), login, more], rows)
    expect(found.filter((row) => String((row as Fields)['cio_id']).startsWith('anon:'))).toEqual([])
  })

  test('a device is as its own call says, and was used when its token was seen last', async () => {
    const B = 'b'.repeat(64)
    const C = 'c'.repeat(64)
    const calls = [
      device('device', 1, { user_id: 'u1', data: '{"app_version":"3.1"}' }),
      device('device', 2, { user_id: 'u2', token: B, platform: 'android' }),
      device('device', 3, { anonymous_id: 'v1', token: C, data: '{"app_version":"3.3"}' }),
      call('identify', 4, { user_id: 'u3', anonymous_id: 'v1', platform: 'web' }),
    ]
    const seen = rowsOf('activity', [
      track('e1', { customer_id: 'u1', token: A, at: at(5) }),
      track('e2', { customer_id: 'u1', token: A, at: at(6) }),
    ])
    const db = await modelOver({ ...rowsOf('call', calls), ...seen }, builtInPlan)
    expect(
      await db.rows(raw('select cio_id, platform, app_version, last_used from device order by cio_id')),
    ).toEqual([
      { cio_id: 'anon:v1', platform: 'ios', app_version: '3.3', last_used: '2026-11-03T10:00:00Z' },
      { cio_id: 'id:u1', platform: 'ios', app_version: '3.1', last_used: '2026-11-06T10:00:00Z' },
      { cio_id: 'id:u2', platform: 'android', app_version: null, last_used: '2026-11-02T10:00:00Z' },
    ])
  })

  test('the token stands in the attributes, or it is no device', async () => {
    expect(
      await holders([
        call('device', 1, { user_id: 'u1', data: JSON.stringify({ token: A }) }),
        call('device', 1, { user_id: 'u2' }),
        // A trait of that name is no device.
        call('identify', 2, { user_id: 'u1', data: JSON.stringify({ token: A }) }),
        call('identify', 2, { user_id: 'u3', data: JSON.stringify({ token: A }) }),
      ]),
    ).toEqual([{ cio_id: 'id:u1', holders: 1, gone: null }])
  })

  test('the visitor whose device it is may be known by a phone as well', async () => {
    const calls = rowsOf('call', [
      device('device', 1, { anonymous_id: 'v1' }),
      call('identify', 2, { user_id: 'u1', anonymous_id: 'v1' }),
      call('identify', 3, { anonymous_id: 'v1', data: '{"phone":"+4915112345678"}' }),
    ])
    const db = await modelOver(calls, builtInPlan)
    expect(await db.rows(raw('select cio_id from profile order by cio_id'))).toEqual([
      { cio_id: 'anon:v1' },
      { cio_id: 'id:u1' },
    ])
  })

  test('a token of a visitor that the App API shows on somebody is theirs', async () => {
    const api = {
      ...rowsOf('profile', [person('app-api', { cio_id: 'c1', id: 'u1' })]),
      ...rowsOf('device', [{ cio_id: 'c1', token: A, attributes: '{}' }]),
    }
    const login = call('identify', 2, { user_id: 'u1', anonymous_id: 'v1' })
    expect(await holders([device('device', 1, { anonymous_id: 'v1' }), login], api)).toEqual([
      { cio_id: 'c1', holders: 1, gone: null },
    ])
  })

  test('near miss: a visitor whom nobody ever identified', async () => {
    expect(
      await holders([device('device', 1, { anonymous_id: 'v1' }), call('identify', 1, { user_id: 'u9' })]),
    ).toEqual([])
  })

  test('somebody known by phone alone holds the device of the anonymous id', async () => {
    const known = call('identify', 1, { anonymous_id: 'v1', data: '{"phone":"+4915112345678"}' })
    const held = [{ cio_id: 'anon:v1', holders: 1, gone: null }]
    expect(await holders([device('device', 2, { anonymous_id: 'v1' }), known])).toEqual(held)
    // The logout of another user is none of theirs.
    const logout = device('device-deleted', 3, { user_id: 'u9', anonymous_id: 'v1' })
    expect(await holders([device('device', 2, { anonymous_id: 'v1' }), known, logout])).toEqual(held)
  })

  test('somebody known by e-mail alone holds it too', async () => {
    const known = call('identify', 1, { anonymous_id: 'v1', data: '{"email":"ana@shop.test"}' })
    expect(await holders([device('device', 2, { anonymous_id: 'v1' }), known])).toEqual([
      { cio_id: 'email:ana@shop.test', holders: 1, gone: null },
    ])
  })

  test('where the App API is connected it alone says who holds what now', async () => {
    const api = {
      ...rowsOf('profile', [person('app-api', { cio_id: 'c1', id: 'u1' })]),
      ...rowsOf('device', [{ cio_id: 'c1', token: A, attributes: '{}' }]),
    }
    expect(await holders([device('device', 9, { user_id: 'u2' })], api)).toEqual([
      { cio_id: 'c1', holders: 1, gone: null },
    ])
  })

  test('the device of somebody who was deleted', async () => {
    const gone = rowsOf('profile', [
      person('warehouse-sync', { cio_id: 'c1', id: 'u1', suppressed: true, sequence: 1n }),
    ])
    expect(await holders([device('device', 1, { user_id: 'u1' })], gone)).toEqual([
      { cio_id: 'c1', holders: 0, gone: 'suppressed' },
    ])
    const calls = rowsOf('call', [
      device('device', 1, { user_id: 'u1' }),
      device('device', 2, { user_id: 'u2' }),
    ])
    const db = await modelOver({ ...calls, ...gone }, builtInPlan)
    expect(await db.rows(raw('select cio_id from held_device'))).toEqual([{ cio_id: 'id:u2' }])
  })
})

describe('events of files', () => {
  const whose = async (rows: Rows): Promise<unknown[]> => {
    const db = await modelOver(rows, builtInPlan)
    return await db.rows(
      raw(
        'select a.id, p.cio_id from event e join person p using (person) join snap.activity a on a.rowid = e.seq order by a.id',
      ),
    )
  }

  test('belong to the user, else to whom the anonymous id became, else to the visitor', async () => {
    const calls = rowsOf('call', [
      call('identify', 3, { user_id: 'u1', anonymous_id: 'v1' }),
      call('identify', 5, { user_id: 'u2', anonymous_id: 'v1' }),
      // Neither says who the visitor is.
      call('identify', 1, { user_id: 'u8' }),
      call('identify', 1, { anonymous_id: 'v9', data: '{"plan":"gold"}' }),
    ])
    const tracks = rowsOf('activity', [
      track('1', { customer_id: 'u2', anonymous_id: 'v1' }),
      track('2', { anonymous_id: 'v1' }),
      track('3', { anonymous_id: 'v9' }),
      track('4', { customer_id: 'u7' }),
    ])
    expect(await whose({ ...calls, ...tracks })).toEqual([
      { id: '1', cio_id: 'id:u2' },
      { id: '2', cio_id: 'id:u1' },
      { id: '3', cio_id: 'anon:v9' },
      { id: '4', cio_id: 'id:u7' },
    ])
  })

  test('belong to the person who is there, not to the one of the same id who was deleted', async () => {
    const profile = rowsOf('profile', [
      person('warehouse-sync', { cio_id: 'c1', id: 'u1', deleted: true, sequence: 1n }),
      person('warehouse-sync', { cio_id: 'c2', id: 'u1', sequence: 2n }),
      person('warehouse-sync', { cio_id: 'c3', id: 'u3', deleted: true, sequence: 2n }),
    ])
    const tracks = rowsOf('activity', [
      track('1', { customer_id: 'u1' }),
      track('2', { customer_id: 'u3' }),
      track('3', { anonymous_id: 'v1' }),
    ])
    const calls = rowsOf('call', [
      call('identify', 1, { user_id: 'u1', anonymous_id: 'v1' }),
      call('device', 2, { user_id: 'u1', token: A }),
      // Nothing but this names them as somebody who is there, and it may be older than the deletion.
      call('identify', 3, { user_id: 'u3' }),
    ])
    expect(await whose({ ...profile, ...tracks, ...calls })).toEqual([
      { id: '1', cio_id: 'c2' },
      { id: '2', cio_id: 'c3' },
      { id: '3', cio_id: 'c2' },
    ])
    const db = await modelOver({ ...profile, ...calls }, builtInPlan)
    expect(await db.rows(raw('select cio_id, gone from device'))).toEqual([{ cio_id: 'c2', gone: null }])
  })

  test('belong to whom an e-mail or a phone of the anonymous id names', async () => {
    const profile = rowsOf('profile', [
      person('app-api', { cio_id: 'c1', email: 'Ana@shop.test' }),
      person('app-api', { cio_id: 'c2', phone: '+14155552671' }),
    ])
    const calls = rowsOf('call', [
      call('identify', 1, { anonymous_id: 'v1', data: '{"email":"ana@shop.test"}' }),
      call('identify', 1, { anonymous_id: 'v2', data: '{"phone":"+14155552671"}' }),
      call('identify', 1, { anonymous_id: 'v3', data: '{"phone":"+14155552672"}' }),
      call('identify', 1, { anonymous_id: 'v4', data: '{"email":"bo@shop.test"}' }),
    ])
    const tracks = rowsOf(
      'activity',
      [1, 2, 3, 4].map((n) => track(String(n), { anonymous_id: `v${n}` })),
    )
    expect(await whose({ ...profile, ...calls, ...tracks })).toEqual([
      { id: '1', cio_id: 'c1' },
      { id: '2', cio_id: 'c2' },
      { id: '3', cio_id: 'anon:v3' },
      { id: '4', cio_id: 'email:bo@shop.test' },
    ])
  })

  test('belong to the first who was identified with the anonymous id, by whatever', async () => {
    const profile = rowsOf('profile', [person('app-api', { cio_id: 'a1', email: 'ana@shop.test' })])
    const calls = rowsOf('call', [
      call('identify', 1, { anonymous_id: 'v1', data: '{"phone":"+14155552671"}' }),
      call('identify', 2, { anonymous_id: 'v1', data: '{"email":"ana@shop.test"}' }),
      // To take somebody away is not to identify them.
      call('user-deleted', 1, { user_id: 'u1', anonymous_id: 'v2' }),
      call('identify', 2, { user_id: 'u2', anonymous_id: 'v2' }),
    ])
    const tracks = rowsOf('activity', [
      track('1', { anonymous_id: 'v1' }),
      track('2', { anonymous_id: 'v2' }),
    ])
    expect(await whose({ ...profile, ...calls, ...tracks })).toEqual([
      { id: '1', cio_id: 'anon:v1' },
      { id: '2', cio_id: 'id:u2' },
    ])
  })

  test('who is named: by files alone nobody by a cio_id, and no visitor beside a user', async () => {
    const named = async (rows: Rows) => {
      const db = await modelOver(rows, builtInPlan)
      const column = async (query: string) => (await db.rows(raw(query))).flatMap(Object.values)
      return [
        await column('select cio_id from person order by all'),
        await column('select who from caller order by all'),
        await column('select anonymous_id from anonymous_key order by all'),
      ]
    }
    const tracks = [
      track('1', { customer_id: 'u1', anonymous_id: 'v1' }),
      track('2', { anonymous_id: 'v2' }),
      track('3', { customer_id: 'u1' }),
    ]
    const byFiles = [['anon:v2', 'id:u1'], ['a v2', 'u u1'], ['v2']]
    expect(await named(rowsOf('activity', tracks))).toEqual(byFiles)
    const profile = rowsOf('profile', [person('app-api', { cio_id: 'c1', id: 'u1' })])
    const seen = track('4', { source: 'app-api', cio_id: 'c1' })
    expect(await named({ ...profile, ...rowsOf('activity', [...tracks, seen]) })).toEqual([
      ['anon:v2', 'c1'],
      ['a v2', 'anon:v2', 'c1', 'u u1'],
      ['v2'],
    ])
  })
})
