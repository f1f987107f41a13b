import { readFile } from 'node:fs/promises'
import { stripTypeScriptTypes } from 'node:module'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The modules of the page's script, each after those that it imports. */
const modules = ['slices', 'elements', 'store', 'filter', 'list', 'detail', 'main'] as const

/**
 * The page's script as one text. It is written as modules of our own that import each other and nothing else; in the page
 * they stand one after another in one module, so their imports and exports go. Read as it was built, or, where the sources
 * run, as it was written and without its types.
 */
export async function clientScript(): Promise<string> {
  const extension = extname(fileURLToPath(import.meta.url))
  const texts = await Promise.all(
    modules.map(async (name) => {
      const text = await readFile(new URL(`./client/${name}${extension}`, import.meta.url), 'utf8')
      return extension === '.ts' ? stripTypeScriptTypes(text) : text
    }),
  )
  return `\n${texts.map(standalone).join('\n')}`
}

const standalone = (text: string): string =>
  text
    .replaceAll(/^import\b[^'"]*from\s+['"][^'"]+['"];?$/gm, '')
    .replaceAll(/^export (?=async function|function|class|const|let)/gm, '')
    .replaceAll(/^export \{\};?$/gm, '')
