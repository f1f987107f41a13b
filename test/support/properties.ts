import fc from 'fast-check'

const { PROPERTY_SEED: given, PROPERTY_SHRINK: shrinks } = process.env

/**
 * fast-check with the same cases in every run: a change is refused for what it did, and not for what chance found in
 * code that it never touched. `PROPERTY_SEED=draw` looks for more; a number repeats what a failure has printed.
 */
if (given !== 'draw') fc.configureGlobal({ seed: Number(given ?? -1757760884) })
// A mutant is dead with its first failure; the smallest one takes a minute to find.
if (shrinks === 'no') fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true })

export { fc }
