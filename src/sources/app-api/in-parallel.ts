import PQueue from 'p-queue'

/**
 * Works through a list with so many at once. The first failure is thrown, after what was under way has ended; what
 * had not begun is left.
 */
export async function inParallel<T>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = new PQueue({ concurrency: atOnce })
  let failure: { readonly cause: unknown } | null = null
  for (const item of items) {
    void queue.add(async () => {
      if (failure) return
      try {
        await work(item)
      } catch (cause) {
        failure ??= { cause }
      }
    })
  }
  await queue.onIdle()
  if (failure !== null) throw (failure as { readonly cause: unknown }).cause
}
