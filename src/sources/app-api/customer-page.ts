import { deviceSchema } from '../../customerio/index.ts'
import type { Customer, Received } from '../../customerio/index.ts'
import type { DataRow, Page, Reject } from '../../snapshot/index.ts'
import { deviceRow, profileRow } from './rows.ts'
import { sortRecords } from './stream.ts'

/** What one bulk read brought: profiles, their devices, and who of those asked for was left out. */
export function customerPage(
  records: readonly Received<Customer>[],
  asked: readonly string[],
  page: number,
): Omit<Page, 'stream'> {
  const missing = new Set(asked)
  const devices: DataRow[] = []
  const deviceRejects: Reject[] = []
  const { rows, rejects } = sortRecords(
    records,
    (n) => `page ${page}, record ${n}`,
    (customer, raw, n): DataRow | Reject => {
      // Twice, or somebody else: it has a place in no chunk, and must not stand beside the one that has.
      if (!missing.delete(customer.cioId)) {
        return {
          position: `page ${page}, record ${n}`,
          reason: 'not one of the people asked for',
          raw: raw ?? JSON.stringify(customer),
        }
      }
      const read = customer.devices.map((device, index) => ({
        device,
        parsed: deviceSchema.safeParse(device),
        index,
      }))
      for (const { device, parsed, index } of read) {
        if (parsed.success) devices.push(deviceRow(customer.cioId, parsed.data))
        else {
          const [issue] = parsed.error.issues
          deviceRejects.push({
            position: `page ${page}, record ${n}, device ${index + 1}`,
            reason: `device ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'does not fit'}`,
            raw: JSON.stringify(device),
          })
        }
      }
      return profileRow(customer, raw, 'app-api')
    },
  )
  // A record that could not be read may be anybody's, so nobody of this page is called gone while there is one.
  const absent = rejects.length === 0 ? [...missing] : []
  return {
    read: records.length,
    rows: { profile: rows, device: devices, absent: absent.map((cioId) => [cioId]) },
    rejects: [...rejects, ...deviceRejects],
  }
}
