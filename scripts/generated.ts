import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '..')

export interface Generated {
  /** Content by path below the root, with `/`. */
  readonly files: ReadonlyMap<string, string>
  /** Folders in which nothing else may stand: what is left over there belongs to something that is gone. */
  readonly owned?: readonly string[]
}

/**
 * Writes generated files, or with `--check` compares them and says what to run; nothing is written then.
 *
 * @returns the exit code.
 */
export async function deliver({ files, owned = [] }: Generated, check: boolean): Promise<number> {
  const stale: string[] = []
  for (const [path, content] of files) {
    if ((await read(path)) === content) continue
    stale.push(path)
    if (check) continue
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), content)
  }
  for (const path of await leftOver(files, owned)) {
    stale.push(path)
    if (!check) await rm(join(root, path))
  }
  for (const path of stale) console.log(`${check ? 'not up to date: ' : 'written: '}${path}`)
  if (!check || stale.length === 0) return 0
  console.error('Run `npm run generate` and commit what it writes.')
  return 1
}

async function read(path: string): Promise<string | null> {
  return readFile(join(root, path), 'utf8').catch(() => null)
}

async function leftOver(files: ReadonlyMap<string, string>, owned: readonly string[]): Promise<string[]> {
  const found: string[] = []
  for (const folder of owned) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(
      () => [],
    )
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll('\\', '/')
      if (entry.isFile() && !files.has(path)) found.push(path)
    }
  }
  return found
}
