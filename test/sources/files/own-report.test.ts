import { describe, expect, test } from 'vitest'
import { folderOf, loadOf } from '../../support/files.ts'

const people = 'cio_id,id,email\nc1,u1,ana@shop.test\n'
const evidence = 'fingerprint,cio_id,id,email\n3f9a,c9,u9,old@shop.test\n'
const manifest = (...files: readonly string[]): string =>
  JSON.stringify({ files: files.map((file) => ({ file, rows: 1, sha256: 'ab' })) }, null, 2)

describe('a report below a source', () => {
  test('is left aside, and that is said', async () => {
    const loaded = await loadOf(
      await folderOf({
        'people.csv': people,
        'report/manifest.json': manifest('findings.csv', 'evidence/identity.duplicate-email.csv'),
        'report/findings.csv': 'fingerprint,rule,severity\n3f9a,identity/duplicate-email,error\n',
        'report/evidence/identity.duplicate-email.csv': 'cio_id,id,email\nc9,u9,old@shop.test\n',
        'report/merge-suggestions.csv': 'fingerprint,keep_cio_id,id,email\n3f9a,c9,u9,old@shop.test\n',
        'report/report.json': '{\n  "schemaVersion": 1\n}\n',
        'report/timings.json': '{\n  "stages": {}\n}\n',
      }),
    )
    expect(loaded.streams).toEqual(['people: 1/0 complete'])
    expect(await loaded.rows('select cio_id from profile')).toEqual([{ cio_id: 'c1' }])
    expect(loaded.notes).toContain(
      'files/report/evidence/identity.duplicate-email.csv was left aside: it is a report of cio-audit.',
    )
  })

  test('is known by its fingerprints where its manifest is elsewhere', async () => {
    const loaded = await loadOf(await folderOf({ 'people.csv': people, 'evidence.csv': `\ufeff${evidence}` }))
    expect(loaded.streams).toEqual(['people: 1/0 complete'])
    expect(loaded.notes).toContain('files/evidence.csv was left aside: it is a report of cio-audit.')
    await expect(loadOf(await folderOf({ 'evidence.csv': evidence }))).rejects.toThrow(
      'is no source: it is a report of cio-audit',
    )
  })

  test('near miss: an attribute named fingerprint, and manifests of others', async () => {
    const loaded = await loadOf(
      await folderOf({
        'a/people.csv': 'cio_id,id,email,fingerprint\nc1,u1,ana@shop.test,3f9a\n',
        'b/people.csv': 'cio_id,id,email\nc2,u2,ben@shop.test\n',
        'b/manifest.json': manifest('people.csv'),
        'c/findings.csv': 'cio_id,id,email\nc3,u3,cyd@shop.test\n',
        'c/manifest.json': '{"files":["findings.csv"]}',
      }),
    )
    expect(loaded.streams).toEqual(['people: 3/0 complete'])
  })
})
