import { serve, type HttpBindings, type ServerType } from '@hono/node-server'
import { Hono } from 'hono'
import type { ChecklistItem } from '../../core/checklist.ts'
import { makePopulation } from '../population/population.ts'
import type { Fact, Population, PopulationOptions } from '../types.ts'
import { activityRoutes } from './app-activities.ts'
import { campaignRoutes } from './app-campaigns.ts'
import { peopleRoutes } from './app-people.ts'
import { segmentRoutes } from './app-segments.ts'
import { controlRoutes } from './control.ts'
import { FaultBoard, type Fault } from './faults.ts'
import { guard, type Keys, type SeenRequest } from './guards.ts'
import { appError } from './replies.ts'
import { makeTrack } from './track.ts'
import { trackRoutes } from './track-api.ts'
import { trackV2Routes } from './track-v2.ts'
import { Workspace } from './workspace.ts'

export interface SimulatorOptions extends PopulationOptions {
  /** 0 (the default) takes a free port. */
  readonly port?: number
  readonly region?: 'us' | 'eu'
  readonly faults?: readonly Fault[]
  readonly bulkShape?: 'wrapped' | 'bare'
  /** Does the bulk read want `cio_` before a `cio_id`? */
  readonly cioIdPrefix?: 'bare' | 'required'
  readonly log?: (line: string) => void
  readonly keys?: Keys
  /** What time Track calls come at; default always `now`. */
  readonly clock?: () => Date
}

export interface Simulator {
  readonly appUrl: string
  readonly trackUrl: string
  readonly appKey: string
  readonly siteId: string
  readonly trackKey: string
  /** What was planted, before anything was serialised. */
  readonly facts: readonly Fact[]
  /** The `cio_id`s of each person that has several profiles. */
  readonly persons: Population['persons']
  /** What the built-in plan asks nothing about, so that a team must vouch for it to see a GO. */
  readonly attest: readonly ChecklistItem[]
  requests(): readonly SeenRequest[]
  setFaults(faults: readonly Fault[]): void
  close(): Promise<void>
}

/** Not secret: these open a simulator on loopback and nothing else. */
const usualKeys: Keys = { appKey: 'sim-app-key', siteId: 'sim-site-id', trackKey: 'sim-track-key' }
const workspaceId = 101
const unproven: readonly ChecklistItem[] = ['identify-at-login']

/** A Customer.io workspace on loopback: App API and Track v1 on one state and one port. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  const keys = options.keys ?? usualKeys
  const board = new FaultBoard()
  board.set(options.faults ?? [])
  const seen: SeenRequest[] = []
  const workspace = new Workspace(makePopulation(options), workspaceId)
  const { facts, persons } = workspace.population

  const app = new Hono<{ Bindings: HttpBindings }>()
  guard(app, keys, board, seen, options.log ?? (() => undefined))
  controlRoutes(app, board, facts, seen)
  app.get('/v1/workspaces', (context) =>
    context.json({
      workspaces: [
        {
          id: workspaceId,
          name: 'Northwind Outfitters',
          messages_sent: workspace.population.deliveries.length,
          billable_messages_sent: workspace.population.deliveries.length,
          people: workspace.size,
          object_types: 0,
          objects: 0,
        },
      ],
    }),
  )
  const routes = app as unknown as Hono
  activityRoutes(routes, workspace)
  peopleRoutes(routes, workspace, {
    bulkShape: options.bulkShape ?? 'wrapped',
    cioIdPrefix: options.cioIdPrefix ?? 'bare',
  })
  segmentRoutes(routes, workspace)
  campaignRoutes(routes, workspace)
  const track = makeTrack(workspace, options.clock ?? (() => options.now))
  trackRoutes(routes, track, options.region ?? 'us')
  trackV2Routes(routes, track)
  app.notFound((context) => appError(context, 404, 'not found'))

  const { server, port } = await listen(app, options.port ?? 0)
  const url = `http://127.0.0.1:${port}`
  return {
    appUrl: url,
    trackUrl: url,
    ...keys,
    facts,
    persons,
    attest: unproven,
    requests: () => [...seen],
    setFaults: (faults) => board.set(faults),
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)))
        if ('closeAllConnections' in server) server.closeAllConnections()
      }),
  }
}

/** Rejects when the port cannot be had, e.g. because something else listens there. */
function listen(
  app: Hono<{ Bindings: HttpBindings }>,
  port: number,
): Promise<{ server: ServerType; port: number }> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (info) =>
      resolve({ server, port: info.port }),
    )
    server.once('error', reject)
  })
}
