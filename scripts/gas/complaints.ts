import type { Figures } from "./chain.ts";

/** What is wrong with the figures, one sentence each: grown past the snapshot, missing here or there, over its aim. */
export function complaints(ours: Figures, snapshot: Figures, aims: Figures): string[] {
  const operations = new Set([...Object.keys(snapshot), ...Object.keys(ours)]);
  const grown = [...operations].flatMap((operation) => {
    const now = ours[operation];
    const before = snapshot[operation];
    if (before === undefined) return [`${operation}: not in the snapshot`];
    if (now === undefined) return [`${operation}: in the snapshot, but not measured any more`];
    return now > before ? [`${operation}: grew from ${before} to ${now}`] : [];
  });
  const over = Object.entries(aims).flatMap(([operation, aim]) =>
    (ours[operation] ?? Infinity) > aim ? [`${operation}: above its aim of ${aim}`] : [],
  );
  return [...grown, ...over];
}
