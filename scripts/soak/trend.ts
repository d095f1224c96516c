import { median } from "../bench/measure.ts";

/** What became of a figure over a run. */
export interface Trend {
  /** Median of the middle third. */
  readonly middle: number;
  /** Median of the last third. */
  readonly last: number;
  /** By how much the last is above the middle, as a share of it; below 0 where it fell. */
  readonly growth: number;
}

/**
 * Whether a figure grows. The first third warms up and does not count; medians do not mind a sample that stands out.
 *
 * @param values one a sample, at even distances, nine at least
 */
export function trendOf(values: readonly number[]): Trend {
  if (values.length < 9) throw new Error(`${values.length} samples tell no trend.`);
  const third = Math.floor(values.length / 3);
  const middle = median(values.slice(third, 2 * third));
  const last = median(values.slice(-third));
  return { middle, last, growth: (last - middle) / middle };
}
