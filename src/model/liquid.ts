import {
  AssignTag,
  CaseTag,
  EchoTag,
  ForTag,
  IfTag,
  Liquid,
  Output,
  TablerowTag,
  Tag,
  toValueSync,
  TypeGuards,
  UnlessTag,
  Value,
  type Arguments,
  type Template,
  type Token,
} from 'liquidjs'

/** A variable that a message uses: `event.items[0].name` is root `event` and path `items`, `0`, `name`. */
export interface LiquidVariable {
  readonly root: (typeof roots)[number]
  readonly path: readonly (string | number)[]
  /** It is printed somewhere without a `default`, and nothing in the message asks whether it is there. */
  readonly bare: boolean
}

export type LiquidReading = { readonly variables: readonly LiquidVariable[] } | { readonly unread: string }

/** What Customer.io fills in from our data; everything else is its own (unsubscribe links, snippets). */
const roots = ['event', 'customer', 'trigger'] as const
/** No message is this long, and the time that reading takes grows with the square of what is badly nested. */
const mostCharacters = 200_000
/** No sentence is made of so many variables. */
const mostJoined = 50

type Path = readonly (string | number)[]
type Argument = Arguments extends Iterable<infer Each> ? Each : never

/** The variables of one body, sorted; or why its Liquid could not be read. A body is hostile: it never throws. */
export function readLiquid(body: string): LiquidReading {
  if (body.length > mostCharacters)
    return { unread: `it is longer than ${mostCharacters.toLocaleString('en')} characters` }
  try {
    const reader = new Reader()
    reader.readAll(reader.liquid.parse(body), new Map())
    return { variables: reader.variables() }
  } catch (cause) {
    // The parser's sentence quotes the body and may be as long; a stack that was too deep is one of its errors too.
    const words = cause instanceof Error ? cause.message : String(cause)
    return { unread: words.split('\n')[0]?.slice(0, 120) ?? '' }
  }
}

/**
 * Names that a message gave to what it took from a variable; null: from something else. `made`: it is another thing than
 * what the path leads to, made by a filter (`event.items | first`) or picked out of it (`event.items.last`), so that what
 * lies in it is told as what lies in a list. `joined`: what was put to its text (`event.brand | append: event.name`).
 */
type Aliases = Map<
  string,
  { readonly path: Path; readonly made: boolean; readonly joined: readonly Path[] } | null
>

class Reader {
  readonly liquid = new Liquid()
  readonly #uses = new Map<string, { path: Path; printed: boolean }>()
  readonly #asked: Path[] = []

  constructor() {
    // Customer.io has tags of its own (`unsubscribe`, `view_in_browser_url`, `snippet`); they use no variable of ours.
    const ignored = class extends Tag {
      render(): void {}
    }
    Object.setPrototypeOf(this.liquid.tags, new Proxy({}, { get: () => ignored }))
  }

  variables(): LiquidVariable[] {
    const read = [...this.#uses.values()].flatMap(({ path: [root, ...path], printed }) => {
      const known = roots.find((name) => name === root)
      // What is looped over or picked out of all properties names none of them.
      if (known === undefined || path.length === 0 || path[0] === '[]') return []
      const asked = this.#asked.some(
        (other) => other[0] === root && other.slice(1).every((part, index) => path[index] === part),
      )
      return [{ root: known, path, bare: printed && !asked }]
    })
    return read.toSorted((one, other) => (labelOf(one) < labelOf(other) ? -1 : 1))
  }

  readAll(templates: readonly Template[], aliases: Aliases): void {
    for (const template of templates) this.#read(template, aliases)
  }

  #read(template: Template, aliases: Aliases): void {
    const given = [...(template.arguments?.() ?? [])]
    const asks = template instanceof IfTag || template instanceof UnlessTag || template instanceof CaseTag
    const prints = template instanceof Output || template instanceof EchoTag || isLoop(template)
    const shows = prints || template instanceof AssignTag
    for (const argument of given) {
      const printed = prints && !isDefaulted(argument)
      for (const path of pathsOf(argument, aliases)) {
        this.#use(path, printed)
        // A default is a question too: the author knows that it may be missing, wherever else it stands.
        if (asks || (shows && isDefaulted(argument))) this.#asked.push(path)
      }
    }
    const [first] = given
    const [source] = first === undefined ? [] : [...pathsOf(first, aliases)]
    const inner = isLoop(template)
      ? new Map(aliases).set(
          template.variable,
          source === undefined ? null : { path: [...source, '[]'], made: false, joined: [] },
        )
      : aliases
    if (template instanceof AssignTag) {
      const made = first instanceof Value && (first.filters.length > 0 || isPicked(first, aliases))
      const joined = first instanceof Value ? fewOf(joinedTo(first, aliases)) : []
      for (const name of template.localScope())
        aliases.set(nameOf(name), source === undefined ? null : { path: source, made, joined })
    }
    if (template.children) this.readAll(toValueSync(template.children(false, true)), inner)
  }

  #use(path: Path, printed: boolean): void {
    const key = JSON.stringify(path)
    const before = this.#uses.get(key)
    if (before === undefined) this.#uses.set(key, { path, printed })
    else before.printed ||= printed
  }
}

const isLoop = (template: Template): template is ForTag | TablerowTag =>
  template instanceof ForTag || template instanceof TablerowTag

const isDefaulted = (argument: Argument): boolean =>
  argument instanceof Value && argument.filters.some(({ name }) => name === 'default')

/** Its path stops before its end, or that of what it is another name for did. */
function isPicked({ initial }: Value, aliases: Aliases): boolean {
  return initial.postfix.some((token) => {
    if (!TypeGuards.isPropertyAccessToken(token)) return false
    const [root, ...rest] = token.props
    const from = aliasOf(root, aliases)
    if (rest.length === 0) return from?.made === true
    return plainStart(rest, from?.path.length ?? 1).length < rest.length
  })
}

/** What stands in a text beside what it was made of: the parser's `append` and `prepend`, and what was put to it before. */
function* joinedTo({ initial, filters }: Value, aliases: Aliases): Generator<Path> {
  for (const token of initial.postfix) {
    if (TypeGuards.isPropertyAccessToken(token)) yield* joinedOf(token.props, aliases)
  }
  for (const { name, args } of filters) {
    if (name !== 'append' && name !== 'prepend') continue
    for (const arg of args) yield* pathsOf(Array.isArray(arg) ? arg[1] : arg, aliases)
  }
}

/** Each once: a text that is put to itself again and again would else grow without end. */
function fewOf(paths: Iterable<Path>): readonly Path[] {
  const few = new Map<string, Path>()
  for (const path of paths) {
    few.set(JSON.stringify(path), path)
    if (few.size === mostJoined) break
  }
  return [...few.values()]
}

function joinedOf([root, ...rest]: readonly Token[], aliases: Aliases): readonly Path[] {
  return rest.length > 0 ? [] : (aliasOf(root, aliases)?.joined ?? [])
}

function aliasOf(root: Token | undefined, aliases: Aliases): ReturnType<Aliases['get']> {
  // equivalent mutants [&& for ||]: every path begins with something, and what has no name is no alias
  return root !== undefined && 'content' in root ? aliases.get(String(root.content)) : undefined
}

const nameOf = (token: { readonly content: string }): string => token.content

/**
 * Variables of one argument, with names of the message put back. The parser's own analysis finds the same, but it counts
 * the lines before each of them, so a long message with many variables would take minutes.
 */
function* pathsOf(argument: Argument | Token | undefined, aliases: Aliases): Generator<Path> {
  if (argument instanceof Value || TypeGuards.isFilteredValueToken(argument)) {
    for (const token of argument.initial.postfix) yield* pathsOf(token, aliases)
    for (const { args } of argument.filters) {
      for (const arg of args) yield* pathsOf(Array.isArray(arg) ? arg[1] : arg, aliases)
    }
  } else if (TypeGuards.isRangeToken(argument)) {
    yield* pathsOf(argument.lhs, aliases)
    yield* pathsOf(argument.rhs, aliases)
  } else if (TypeGuards.isPropertyAccessToken(argument)) {
    // Its own path comes before those of its keys: a name given to it is another name for that one.
    const own = pathOf(argument.props, aliases)
    if (argument.variable === undefined && own !== null) yield own
    yield* joinedOf(argument.props, aliases)
    for (const prop of argument.props) yield* pathsOf(prop, aliases)
  }
}

function pathOf([root, ...rest]: readonly Token[], aliases: Aliases): Path | null {
  if (root === undefined || !('content' in root)) return null
  const name = String(root.content)
  const from = aliases.has(name) ? aliases.get(name) : { path: [name], made: false, joined: [] }
  if (from == null) return null
  const plain = plainStart(rest, from.path.length)
  return [...from.path, ...(from.made && plain.length > 0 ? ['[]'] : []), ...plain]
}

/**
 * As much of a path as says where a value lies: up to a key that is itself a variable, or a word of Liquid (`size`,
 * `last`), which is no key of ours beneath the first.
 */
function plainStart(props: readonly Token[], depth: number): Path {
  const plain: (string | number)[] = []
  for (const prop of props) {
    const isBeneath = depth + plain.length > 1
    const content = 'content' in prop ? prop.content : null
    if (typeof content === 'number' ? content < 0 : typeof content !== 'string') break
    if (isBeneath && (content === 'size' || content === 'last')) break
    plain.push(isBeneath && content === 'first' ? 0 : (content as string | number))
  }
  return plain
}

/** `event.items[0].name`, as it stands in the message. */
export const labelOf = ({ root, path }: Pick<LiquidVariable, 'root' | 'path'>): string =>
  path.reduce<string>(
    (label, part) =>
      part === '[]' ? `${label}[]` : typeof part === 'number' ? `${label}[${part}]` : `${label}.${part}`,
    root,
  )
