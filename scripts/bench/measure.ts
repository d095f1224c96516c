/** What was measured: how long one of something took, and how many there were in a time. */
export interface Measure {
  /** Of `p50`, `p95` and `p99`. */
  readonly unit: "ms";
  /** How many were timed. */
  readonly n: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly rate: number;
  readonly rateUnit: string;
  /** How many times longer the median is than the plain operation's, measured in turn with it. */
  readonly times?: number;
}

/** Measures by name. */
export type Measures = Readonly<Record<string, Measure>>;

/**
 * The value below which a share of the values lies (nearest rank).
 *
 * @param share from 0 to 1
 */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new Error("Nothing was measured.");
  return value;
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/**
 * Sums up.
 *
 * @param times of one each, in milliseconds
 * @param rate so many a second, in `rateUnit`
 */
export function measureOf(times: readonly number[], rate: number, rateUnit: string): Measure {
  const [p50 = 0, p95 = 0, p99 = 0] = [0.5, 0.95, 0.99].map((share) => percentile(times, share));
  return { unit: "ms", n: times.length, p50, p95, p99, rate, rateUnit };
}

/** Times a piece of work, in milliseconds. */
export async function timed<T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> {
  const start = performance.now();
  const value = await work();
  return { ms: performance.now() - start, value };
}

/**
 * Does something to each of some items, so many at a time.
 *
 * @param workers at once
 */
export async function each<T>(
  items: readonly T[],
  workers: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: workers }, worker));
}
