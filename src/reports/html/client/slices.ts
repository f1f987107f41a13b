/** Work in slices: nobody's key press waits for longer than one of them. */
const sliceMs = 12
/** The clock is asked only so often; what is done in between takes far less than a slice. */
const between = 64

/** Lets the browser draw and listen. */
export const pause = (): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, 0)
  })

const never = (): boolean => false
const nothing = (): void => undefined

/** @returns false where it became stale on its way, and was left. */
export async function inSlices(
  count: number,
  work: (at: number) => void,
  isStale: () => boolean = never,
  onSlice: () => void = nothing,
): Promise<boolean> {
  let began = performance.now()
  for (let at = 0; at < count; at += 1) {
    work(at)
    if (at % between !== 0 || performance.now() - began < sliceMs) continue
    onSlice()
    await pause()
    if (isStale()) return false
    began = performance.now()
  }
  return true
}
