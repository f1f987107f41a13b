import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'
import { SaxesParser } from 'saxes'
import { reporters, type Format, type ReportInput } from '../../src/reports/index.ts'

export const formats = Object.keys(reporters) as Format[]

/** Every file of a format as text. */
export async function filesOf(format: Format, input: ReportInput): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>()
  for (const { path, content } of reporters[format].files(input, {
    width: 80,
    colour: false,
    csvBom: false,
  })) {
    let text = ''
    for await (const part of content()) text += part
    files.set(path, text)
  }
  return files
}

/** The only file of a format. */
export async function fileOf(format: Format, input: ReportInput): Promise<string> {
  const [text = '', ...others] = (await filesOf(format, input)).values()
  if (others.length > 0) throw new Error(`${format} is more than one file.`)
  return text
}

/** As GitHub would read it, raw HTML with it. */
export const htmlOf = (markdown: string): string =>
  micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] })

export interface XmlElement {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: XmlElement[]
  text: string
}

/** The root of a document; throws where it is not well-formed. */
export function xmlOf(text: string): XmlElement {
  const parser = new SaxesParser()
  const open: XmlElement[] = [{ name: '', attributes: {}, children: [], text: '' }]
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: attributes as Record<string, string>, children: [], text: '' }
    open.at(-1)?.children.push(element)
    open.push(element)
  })
  parser.on('text', (part) => {
    const element = open.at(-1)
    if (element) element.text += part
  })
  parser.on('closetag', () => void open.pop())
  parser.write(text).close()
  const [root] = open[0]?.children ?? []
  if (root === undefined) throw new Error('The document has no element.')
  return root
}

/** Elements of a name, at any depth. */
export const xmlAll = (element: XmlElement, name: string): XmlElement[] => [
  ...(element.name === name ? [element] : []),
  ...element.children.flatMap((child) => xmlAll(child, name)),
]

export interface SarifResult {
  readonly ruleId: string
  readonly ruleIndex: number
  readonly level: string
  readonly message: { readonly text: string }
  readonly locations: readonly {
    readonly physicalLocation: {
      readonly artifactLocation: { readonly uri: string }
      readonly region: { readonly startLine: number }
    }
    readonly logicalLocations?: readonly { readonly fullyQualifiedName: string }[]
  }[]
  readonly partialFingerprints: Readonly<Record<string, string>>
  readonly suppressions?: readonly unknown[]
  readonly properties: { readonly state?: string; readonly rolledUp?: number }
}
export interface SarifRun {
  readonly tool: {
    readonly driver: {
      readonly rules: readonly { readonly id: string; readonly help: { readonly text: string } }[]
    }
  }
  readonly invocations: readonly {
    readonly toolExecutionNotifications: readonly { readonly message: { readonly text: string } }[]
  }[]
  readonly results: readonly SarifResult[]
}

export function sarifRun(text: string): SarifRun {
  const { runs } = JSON.parse(text) as { runs: SarifRun[] }
  const [run] = runs
  if (run === undefined) throw new Error('There is no run.')
  return run
}
