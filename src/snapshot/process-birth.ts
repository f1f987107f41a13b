import { readFile } from 'node:fs/promises'

/**
 * When a process was started, in the system's own words (Linux: boot id and ticks since boot, field 22 of `stat`).
 * Null where the system does not say; then only the process number counts.
 */
export async function processBirth(pid: number): Promise<string | null> {
  try {
    const [boot, stat] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/stat`, 'utf8'),
    ])
    // The second field is the name in brackets and may hold anything, so counting starts after the last bracket.
    const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]
    return ticks === undefined ? null : `${boot.trim()}/${ticks}`
  } catch {
    return null // no /proc on this system, or not this process in it
  }
}
