import PQueue from 'p-queue'

/**
 * Works through a list with so many at once. The first failure is thrown, after what was under way has ended; what
 * had not begun is left.
 *
 * @returns the results, in the order of the list.
 */
export async function inParallel<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const queue = new PQueue({ concurrency: atOnce })
  const results: R[] = []
  let failure: { readonly cause: unknown } | null = null
  for (const [at, item] of items.entries()) {
    void queue.add(async () => {
      if (failure) return
      try {
        results[at] = await work(item)
      } catch (cause) {
        failure ??= { cause }
      }
    })
  }
  await queue.onIdle()
  if (failure !== null) throw (failure as { readonly cause: unknown }).cause
  return results
}
