import { LineCounter, parseDocument, type YAMLError } from 'yaml'
import type { ErrorCode } from '../core/errors.ts'
import { fileError, type Problem } from './problem.ts'
import type { TextFile } from './text-file.ts'
import { locate, type Located, readNode } from './yaml-value.ts'

export type Position = Pick<Problem, 'line' | 'column'>

/** A YAML file as plain values, with the place of each. */
export interface YamlFile {
  readonly origin: string
  /** Undefined for a file that holds nothing. */
  readonly value: unknown
  /** Where the value of a path stands, or what comes nearest to it; `key`: where its name stands. */
  position(path: readonly PropertyKey[], key?: 'key'): Position
  /** The text of a scalar as it was written: `1.0`, which as a number is 1. */
  source(path: readonly PropertyKey[]): string | undefined
}

const help =
  'The file must be YAML 1.2: spaces for indentation, each key once, text with special characters in quotes.'

export function parseYaml(file: TextFile, code: ErrorCode): YamlFile {
  const lineCounter = new LineCounter()
  const at = (offset: number): Position => {
    const { line, col } = lineCounter.linePos(offset)
    return { line, column: col }
  }
  const fail = (problems: readonly Problem[], cause?: unknown) =>
    fileError(code, file.origin, problems, help, cause)
  // The library compares each key with each other one: 90,000 keys took two minutes. readNode does it in one pass.
  const document = parse(() =>
    parseDocument(file.text, {
      lineCounter,
      prettyErrors: false,
      stringKeys: true,
      uniqueKeys: false,
      resolveKnownTags: false,
      logLevel: 'error',
    }),
  )
  if (document instanceof Error)
    throw fail([{ line: 1, column: 1, text: 'this is no YAML that can be read' }], document)
  const broken = [...document.errors, ...document.warnings]
  if (broken.length > 0) throw fail(firstOfEachLine(broken, at))

  const problems: Problem[] = []
  const root: Located = readNode(document, (offset, text) => problems.push({ ...at(offset), text }))
  if (problems.length > 0) throw fail(problems)
  return {
    origin: file.origin,
    value: root.value,
    position: (path, key) => at(locate(root, path)[key === 'key' ? 'keyOffset' : 'offset']),
    source: (path) => locate(root, path).source,
  }
}

function parse<T>(run: () => T): T | Error {
  try {
    return run()
  } catch (cause) {
    // Seen only for absurd nesting, where the stack ends.
    return cause instanceof Error ? cause : new Error(String(cause))
  }
}

/** A broken line makes the parser stumble several times; the first of them is the one to mend. */
function firstOfEachLine(errors: readonly YAMLError[], at: (offset: number) => Position): Problem[] {
  const lines = new Map<number, Problem>()
  for (const error of errors) {
    const place = at(error.pos[0])
    if (!lines.has(place.line)) lines.set(place.line, { ...place, text: sentence(error) })
  }
  return [...lines.values()]
}

const sentences: ReadonlyMap<string, string> = new Map([
  ['TAB_AS_INDENT', 'this line is indented with a tab; YAML allows only spaces'],
  ['MULTIPLE_DOCS', 'a second document starts here; a file holds one (remove the line ---)'],
  ['RESOURCE_EXHAUSTION', 'this is nested too deeply'],
  ['NON_STRING_KEY', 'a key must be a plain name, not a list or a mapping'],
  ['TAG_RESOLVE_FAILED', 'tags (!name) are not known here'],
])

function sentence(error: YAMLError): string {
  // After a colon the library quotes the file, which may hold anything.
  return sentences.get(error.code) ?? `this is no valid YAML: ${error.message.split(/\n|: "/)[0]}`
}
