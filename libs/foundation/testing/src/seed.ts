/** The seed of this run's random tests: SEED from the environment, or a new one. Print it so that a failure can be run again. */
export function testSeed(): number {
  const given = process.env['SEED'];
  return given === undefined ? Math.trunc(Math.random() * 2 ** 31) : Number(given);
}

/** A small deterministic generator (mulberry32): numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
