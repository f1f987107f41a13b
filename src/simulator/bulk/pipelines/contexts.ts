import { appVersions, drawDevice, platformOf } from '../../population/devices.ts'
import type { Shopper } from '../../population/shopper.ts'
import type { Random } from '../../random.ts'
import type { Device, Platform } from '../../types.ts'

const namespace = 'com.northwindoutfitters.shop'
const timezones: Readonly<Record<string, string>> = {
  US: 'America/New_York',
  GB: 'Europe/London',
  DE: 'Europe/Berlin',
  FR: 'Europe/Paris',
  ES: 'Europe/Madrid',
  IT: 'Europe/Rome',
}
const userAgents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
  'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0',
] as const

/** A till or the shop's own back end. */
export const serverContext = '{"library":{"name":"customerio-node","version":"4.3.0"}}'

const kinds = {
  ios: { os: 'iOS', library: 'analytics-swift' },
  android: { os: 'Android', library: 'analytics-kotlin' },
} as const
/** A server registers a token and does not know of what phone it is. */
const unknownKind = { os: undefined, library: 'customerio-node' }

/** The phone's own words about itself; the token stands in it as soon as there is one. */
export function mobileContext(
  platform: Platform | null,
  attributes: Device['attributes'],
  token: string | null,
  zone: string,
): string {
  const version = attributes['app_version']
  const { os, library } = platform === null ? unknownKind : kinds[platform]
  return JSON.stringify({
    app: { name: 'Northwind', version, namespace: attributes['app_identifier'] ?? namespace },
    os: { name: os, version: attributes['device_os'] },
    device: {
      ...(token === null ? {} : { token }),
      type: platform ?? undefined,
      model: attributes['device_model'],
      manufacturer: attributes['device_manufacturer'],
    },
    library: { name: library, version: attributes['cio_sdk_version'] },
    locale: attributes['device_locale'],
    timezone: zone,
  })
}

export const zoneOf = ({ person }: Shopper): string =>
  timezones[person.attributes['country'] ?? ''] ?? 'America/Chicago'

/** Whatever a shopper sends comes out of one app or browser, so that its context is made once. */
export class Contexts {
  readonly #random: Random
  readonly #known = new Map<number, string>()
  readonly #early = new Map<number, string>()
  readonly #pages = new Map<string, string>()

  constructor(random: Random) {
    this.#random = random
  }

  /** `place`: the page a browser is on. */
  of(shopper: Shopper, place: string): string {
    if (shopper.surface === 'pos') return serverContext
    if (shopper.surface === 'web') return this.web(shopper.index, place)
    let context = this.#known.get(shopper.index)
    if (context === undefined)
      this.#known.set(shopper.index, (context = this.#phone(shopper, shopper.surface, true)))
    return context
  }

  /** The same before the phone has got a token. */
  withoutToken(shopper: Shopper, place: string): string {
    if (shopper.surface === 'pos' || shopper.surface === 'web') return this.of(shopper, place)
    const early = this.#early.get(shopper.index) ?? this.#phone(shopper, shopper.surface, false)
    this.#early.set(shopper.index, early)
    return early
  }

  web(visitor: number, place: string): string {
    const userAgent = userAgents[visitor % userAgents.length]
    const key = `${visitor % userAgents.length} ${place}`
    let context = this.#pages.get(key)
    if (context === undefined) {
      const page = {
        path: `/${place}`,
        url: `https://northwindoutfitters.com/${place}`,
        title: 'Northwind Outfitters',
      }
      context = JSON.stringify({ library: { name: 'analytics.js', version: '0.3.1' }, page, userAgent })
      this.#pages.set(key, context)
    }
    return context
  }

  #phone(shopper: Shopper, platform: Platform, withToken: boolean): string {
    const device = shopper.person.devices[0]
    if (device !== undefined) {
      const token = withToken ? device.token : null
      // The app knows where it runs, whatever the server said of its token.
      return mobileContext(platformOf(device) ?? platform, device.attributes, token, zoneOf(shopper))
    }
    // The app runs there, but push was never set up.
    const locale = shopper.person.attributes['locale'] || 'en-US'
    const { attributes } = drawDevice(this.#random, { platform, lastUsed: 0, locale, pushEnabled: false })
    return mobileContext(platform, { ...attributes, app_version: appVersions[2] }, null, zoneOf(shopper))
  }
}
