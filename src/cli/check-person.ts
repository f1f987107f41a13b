import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { withModel } from '../audit/open-model.ts'
import { personChain, type Chain, type Search } from '../audit/person/index.ts'
import { readSample } from '../audit/sampling.ts'
import { exitCodes, UsageError } from '../core/errors.ts'
import { momentAt } from '../core/moment.ts'
import type { Database } from '../engine/database.ts'
import { cutStreams, findPeople, idTypesFor, personFacts, type IdType } from '../model/person-facts.ts'
import { phoneSpellings } from '../model/people.ts'
import { openSnapshot, snapshotPath } from '../snapshot/index.ts'
import { pullPerson } from '../sources/app-api/person.ts'
import { bringIn, defaultDays } from './bring-in.ts'
import { connect } from './connect.ts'
import { screenOf, writeOut, type Io } from './io.ts'
import { loadJob, type Job } from './job.ts'
import { loadMasker, maskingFor } from './masking.ts'
import { daysBefore } from './moments.ts'
import { readOrigin } from './origin.ts'
import { chainAsJson, renderChain, spellingOf } from './person-report.ts'
import { requireKey } from './require-key.ts'
import {
  readPullOptions,
  readWindow,
  type CommonFlags,
  type PullOptions,
  type Window,
} from './run-options.ts'

export interface CheckFlags extends CommonFlags {
  readonly plan: string | undefined
  readonly 'id-type': string | undefined
  readonly source: readonly string[] | undefined
  readonly offline: boolean
  readonly since: string | undefined
  readonly 'as-of': string | undefined
  readonly 'max-rate': string | undefined
  readonly memory: string | undefined
  readonly json: boolean
  readonly reveal: boolean
  readonly redact: boolean
}

interface Question {
  readonly identifier: string
  readonly types: readonly IdType[]
  readonly window: Window
  readonly options: PullOptions
  /** How values are written. */
  readonly spelling: ReturnType<typeof spellingOf>
}

interface Answer {
  readonly chain: Chain
  readonly cut: readonly string[]
}

/** `cio-audit check person`: one person through the whole chain. Nothing is kept of what was asked over the API. */
export async function runCheckPerson(
  identifier: string,
  flags: CheckFlags,
  io: Io,
  toolVersion: string,
): Promise<number> {
  if (identifier.trim() === '')
    throw new UsageError(
      'USAGE_PERSON',
      'The identifier is empty.',
      'Give an id, an e-mail, a phone or a cio_id.',
    )
  const window = readWindow({ ...flags, until: undefined }, io.now())
  const options = readPullOptions(
    { ...flags, 'max-activities': undefined, sample: undefined, fresh: false },
    window.asOf ?? io.now(),
  )
  const job = await loadJob(flags, io, toolVersion)
  const isMasked = maskingFor({
    reveal: flags.reveal,
    redact: flags.redact || job.settings.report.redact,
    ci: job.environment.ci,
    terminal: io.stdout.isTTY,
  }).stdout(flags.json ? 'json' : 'table')
  const question: Question = {
    identifier,
    types: flags['id-type'] === undefined ? idTypesFor(identifier) : [flags['id-type'] as IdType],
    window,
    options,
    spelling: spellingOf(isMasked ? await loadMasker(job.stateDir, job.environment.redactKey) : null),
  }
  const isLive = !flags.offline && (flags.source ?? []).every((source) => source === 'api')
  const { chain, cut } = isLive ? await askApi(job, question) : await askStored(job, question, flags)
  const text = flags.json
    ? chainAsJson(chain, cut)
    : renderChain(screenOf(io.stdout, flags['no-color']), chain, cut, isLive)
  await writeOut(io.stdout, [text])
  return chain.decision === 'go'
    ? exitCodes.go
    : chain.decision === 'no-go'
      ? exitCodes.noGo
      : exitCodes.inconclusive
}

async function askStored(job: Job, question: Question, flags: CheckFlags): Promise<Answer> {
  const held = await bringIn(job, readOrigin({ source: flags.source, offline: true }), question.options)
  try {
    return await job.progress.step('Looking at this person', () =>
      inModel(job, question, held.snapshotPath, job.stateDir, async (db) => {
        for (const type of question.types) {
          const { defaultCountry } = job.settings.identity
          const found = await findPeople(db, question.identifier, type, defaultCountry)
          if (found.length > 0)
            return {
              type,
              identifier: question.identifier,
              found,
              segments: null,
              isWhole: (await readSample(db)) === null,
            }
        }
        return null
      }),
    )
  } finally {
    await held.release()
  }
}

async function askApi(job: Job, question: Question): Promise<Answer> {
  requireKey(job)
  const { io } = job
  const now = question.window.asOf ?? io.now()
  const { since: asked } = question.window
  const since = asked === undefined ? daysBefore(now, defaultDays) : momentAt(asked, now)
  const folder = await mkdtemp(join(tmpdir(), 'cio-audit-person-'))
  try {
    return await job.progress.step('Asking for this person', async () => {
      const snapshot = await openSnapshot({ stateDir: folder, access: 'write' })
      let search: Search | null = null
      try {
        await snapshot.setMeta({ since: since.toISOString(), pull_started_at: now.toISOString() })
        const client = await connect(job, question.options.maxRate, {})
        const pulled = await pullPerson(snapshot, client, {
          identifier: question.identifier,
          types: question.types,
          phones: phoneSpellings(question.identifier, job.settings.identity.defaultCountry),
          since,
        })
        if (pulled !== null)
          search = {
            ...pulled,
            identifier: question.identifier,
            isWhole: false,
            isSegmentsUnread: pulled.segments === null,
          }
        await snapshot.setMeta({ pull_ended_at: now.toISOString() })
        await snapshot.finish()
      } finally {
        await snapshot.close()
      }
      io.signal.throwIfAborted()
      return await inModel(job, question, snapshotPath(folder), folder, async () => search)
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** The same model for both ways, so that a person is judged as a run would judge them. */
async function inModel(
  job: Job,
  { identifier, types, window, options, spelling }: Question,
  path: string,
  stateDir: string,
  find: (db: Database) => Promise<Search | null>,
): Promise<Answer> {
  const { since, asOf } = window
  const view = {
    snapshotPath: path,
    stateDir,
    settings: job.settings,
    plan: job.plan,
    memoryBytes: options.memoryBytes,
    ...(asOf ? { asOf } : {}),
    ...(since ? { since } : {}),
  }
  return await withModel(view, async (db) => {
    const search = await find(db)
    const cut = await cutStreams(db)
    const facts = search === null ? null : await personFacts(db, search.found[0] ?? '')
    if (search === null || facts === null) {
      const sample = await readSample(db)
      const whom = sample === null ? 'nobody' : `nobody of the ${sample.people} people whom --sample drew`
      const text = `${whom} has the ${types.join(' or ')} ${spelling.text(identifier)}`
      return {
        chain: { decision: 'inconclusive', steps: [{ step: 'found', mark: 'fail', text, details: [] }] },
        cut,
      }
    }
    return { chain: personChain(facts, search, cut, spelling), cut }
  })
}
