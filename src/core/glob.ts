// As in shells: one star stands for any letters within one part of a rule's id, two stars for any at all.
export function matchesGlob(id: string, glob: string): boolean {
  const escaped = glob.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)
  const pattern = escaped.replaceAll(/\*+/g, (stars) => (stars.length > 1 ? '.*' : '[^/]*'))
  return new RegExp(`^${pattern}$`).test(id)
}
