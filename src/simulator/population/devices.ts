import type { Random } from '../random.ts'
import type { Device, Platform } from '../types.ts'

export const appVersions = ['3.0.4', '3.1.0', '3.1.2', '3.2.0'] as const

const models = {
  ios: ['iPhone14,5', 'iPhone15,2', 'iPhone16,1', 'iPhone17,3'],
  android: ['SM-S921B', 'Pixel 8', 'SM-A546B', 'Pixel 9 Pro'],
} as const
const systems = { ios: ['17.6.1', '18.1', '18.2'], android: ['33', '34', '35'] } as const
const sdks = { ios: '4.7.1', android: '4.19.0' } as const

/** APNs: 32 bytes as hex. FCM: instance id, colon, and the long second part. */
export function drawToken(random: Random, platform: Platform): string {
  return platform === 'ios' ? random.hex(64) : `${random.urlSafe(22)}:APA91b${random.urlSafe(134)}`
}

/** The platform that a device says, however it is written. */
export function platformOf({ platform }: Device): Platform | null {
  const said = platform?.toLowerCase()
  return said === 'ios' || said === 'android' ? said : null
}

export const isUsedSince = ({ lastUsed }: Device, seconds: number): boolean =>
  lastUsed !== null && lastUsed >= seconds

export interface DeviceWish {
  readonly platform: Platform
  readonly lastUsed: number
  readonly locale: string
  readonly pushEnabled: boolean
}

export function drawDevice(random: Random, wish: DeviceWish): Device {
  const { platform } = wish
  return {
    token: drawToken(random, platform),
    platform,
    lastUsed: wish.lastUsed,
    attributes: {
      device_os: random.pick(systems[platform]),
      device_model: random.pick(models[platform]),
      device_manufacturer: platform === 'ios' ? 'Apple' : 'Google',
      app_version: random.pick(appVersions),
      cio_sdk_version: sdks[platform],
      device_locale: wish.locale,
      push_enabled: String(wish.pushEnabled),
      app_identifier: 'com.northwindoutfitters.shop',
      _last_status: random.chance(0.3) ? 'sent' : '',
    },
  }
}
