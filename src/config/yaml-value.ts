import { type Document, isAlias, isMap, isScalar, isSeq, type Node } from 'yaml'
import { quote } from './problem.ts'

/** A value with its place in the text; `children` by key or index. */
export interface Located {
  readonly value: unknown
  readonly offset: number
  readonly keyOffset: number
  readonly source: string | undefined
  readonly children: ReadonlyMap<PropertyKey, Located>
}

type Report = (offset: number, text: string) => void

/** More than any real file needs; an alias bomb or a nesting attack stops here. */
const limits = { depth: 40, values: 200_000 }

/**
 * Validation libraries drop a key named `__proto__`, because plain objects cannot carry it. It may be the name of an
 * event, so it is carried under another name; `realKey` gives it back.
 */
const protoKey = '__proto__\u0000'
export const realKey = (key: string): string => (key === protoKey ? '__proto__' : key)
const carriedKey = (key: string): string => (key === '__proto__' ? protoKey : key)

/**
 * Turns a parsed document into plain values with positions. Aliases are followed, within limits; mappings have no
 * prototype, so that no key can reach one.
 */
export function readNode(document: Document.Parsed, report: Report): Located {
  const open = new Set<Node>()
  const state = { left: limits.values, stopped: false }
  const none: ReadonlyMap<PropertyKey, Located> = new Map()

  function stop(offset: number, text: string): void {
    if (!state.stopped) report(offset, text)
    state.stopped = true
  }

  function read(node: Node | null, offset: number, keyOffset: number, depth: number): Located {
    const leaf = (value: unknown, source?: string): Located => ({
      value,
      offset,
      keyOffset,
      source,
      children: none,
    })
    state.left -= 1
    if (state.left < 0) stop(offset, `the file unfolds to more than ${limits.values} values`)
    if (depth > limits.depth) stop(offset, `this is nested deeper than ${limits.depth} levels`)
    if (state.stopped || node === null) return leaf(null)
    if (isAlias(node)) {
      const target = node.resolve(document)
      if (target === undefined)
        report(
          offset,
          `the alias *${node.source} stands for nothing: no anchor &${node.source} comes before it`,
        )
      else if (open.has(target)) report(offset, `the alias *${node.source} stands inside what it stands for`)
      else return read(target, offset, keyOffset, depth)
      return leaf(null)
    }
    if (isScalar(node)) return leaf(node.value, node.source ?? '')
    open.add(node)
    const children = new Map<PropertyKey, Located>()
    if (isSeq<Node>(node)) {
      node.items.forEach((item, index) =>
        children.set(index, read(item, start(item, offset), start(item, offset), depth + 1)),
      )
    } else if (isMap<Node, Node | null>(node)) {
      for (const { key, value } of node.items) {
        const name = carriedKey(keyText(key, document))
        const place = start(key, offset)
        if (children.has(name)) report(place, `the key ${quote(realKey(name))} stands twice in one mapping`)
        else children.set(name, read(value, start(value, place), place, depth + 1))
        if (state.stopped) break
      }
    }
    open.delete(node)
    return { value: plain(node, children), offset, keyOffset, source: undefined, children }
  }

  const top = document.contents
  const located = read(top, start(top, 0), start(top, 0), 0)
  return isScalar(top) && top.value === null && (top.source ?? '') === ''
    ? { ...located, value: undefined }
    : located
}

function plain(node: Node, children: ReadonlyMap<PropertyKey, Located>): unknown {
  if (isSeq(node)) return [...children.values()].map((child) => child.value)
  const object = Object.create(null) as Record<string, unknown>
  for (const [key, child] of children) object[String(key)] = child.value
  return object
}

function keyText(key: Node, document: Document.Parsed): string {
  const node = isAlias(key) ? key.resolve(document) : key
  return isScalar(node) ? String(node.value ?? '') : ''
}

function start(node: Node | null, otherwise: number): number {
  return node?.range?.[0] ?? otherwise
}

/** The value at a path, or the nearest one above it that is there. */
export function locate(root: Located, path: readonly PropertyKey[]): Located {
  let current = root
  for (const step of path) {
    const next = current.children.get(step)
    if (next === undefined) break
    current = next
  }
  return current
}
