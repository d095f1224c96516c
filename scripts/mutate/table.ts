import type { Verdict } from "./judge.ts";

/**
 * The result of a whole run as a page: how many mutants each file has and what became of them.
 * @param equivalent reasons by a mutant's name.
 */
export function tableOf(verdicts: readonly Verdict[], equivalent: Readonly<Record<string, string>>): string {
  const rows = new Map<string, { all: number; killed: number; equivalent: number }>();
  for (const { mutant, killedBy } of verdicts) {
    const row = rows.get(mutant.file) ?? { all: 0, killed: 0, equivalent: 0 };
    row.all += 1;
    if (killedBy !== undefined) row.killed += 1;
    else if (equivalent[mutant.id] !== undefined) row.equivalent += 1;
    rows.set(mutant.file, row);
  }
  const total = { all: 0, killed: 0, equivalent: 0 };
  for (const row of rows.values()) {
    total.all += row.all;
    total.killed += row.killed;
    total.equivalent += row.equivalent;
  }
  const table = [
    ["File", "Mutants", "Killed", "Equivalent", "Survived"],
    ["---", "---:", "---:", "---:", "---:"],
    ...[...rows, ["all", total] as const].map(([file, row]) => [
      file === "all" ? file : `\`${file}\``,
      ...[row.all, row.killed, row.equivalent, row.all - row.killed - row.equivalent].map(String),
    ]),
  ];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map(
    (row, line) =>
      `| ${row.map((cell, column) => padded(cell, widths[column] ?? 0, column, line)).join(" | ")} |`,
  );
  return `# Mutants of the contracts

\`npm run mutate -- --record\` changes the contracts in every small way that a test should notice, one at a time, runs the tests
of \`test/contracts\` against each, and writes this page. It forces each condition, and each operand of \`&&\` and \`||\`, true and
false and negates it; exchanges operators; removes each emit, assignment, call, revert and modifier.

A mutant is killed when a named test fails: [killed-by.json](../test/mutation/killed-by.json) says which one. Conditions forced
true and false are branch coverage: \`npm run mutate -- --branches\` runs those alone. A mutant that no test can tell from
the contract is listed with the reason in [equivalent.json](../test/mutation/equivalent.json).

${lines.join("\n")}
`;
}

/** A cell as prettier would lay it out. */
function padded(cell: string, width: number, column: number, line: number): string {
  if (line === 1) return column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`;
  return column === 0 ? cell.padEnd(width) : cell.padStart(width);
}
