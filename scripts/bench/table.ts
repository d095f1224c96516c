import type { Measures } from "./measure.ts";

/** Lays measures out for people: a line each. */
export function tableOf(measures: Measures): string {
  const rows = Object.entries(measures).map(([name, { n, p50, p95, p99, rate, rateUnit, times }]) => [
    name,
    String(n),
    ...[p50, p95, p99].map(figure),
    `${figure(rate)} ${rateUnit}`,
    times === undefined ? "" : `${times.toFixed(1)} ×`,
  ]);
  const lines = [["", "n", "p50 ms", "p95 ms", "p99 ms", "rate", "of plain"], ...rows];
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  const cell = (text: string, column: number) =>
    column === 0 ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return lines.map((line) => line.map(cell).join("  ").trimEnd()).join("\n");
}

function figure(value: number): string {
  return value >= 100 ? String(Math.round(value)) : value.toPrecision(3);
}
