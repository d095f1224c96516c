const FIRST_MILLISECONDS = 250;
const LONGEST_MILLISECONDS = 30_000;

/**
 * How long to wait before trying again: doubling from a quarter of a second to half a minute, spread by a fifth so that
 * what failed together does not come back together.
 *
 * @param tries how often it has been tried so far, from 1
 * @returns milliseconds
 */
export function backoff(tries: number, random: () => number = Math.random): number {
  const plain = Math.min(LONGEST_MILLISECONDS, FIRST_MILLISECONDS * 2 ** Math.min(tries - 1, 20));
  return Math.round(plain * (0.8 + 0.4 * random()));
}
