import { titleOf, type ReliabilityPromise } from "./promises.ts";

const BEGIN = "<!-- promises: written by npm run disable -- --page -->";
const END = "<!-- end of promises -->";

/** The promises as rows of a table. */
export function tableOf(promises: readonly ReliabilityPromise[]): string {
  const rows = promises.map(
    (each) =>
      `| ${[each.promise, each.fault, `\`${each.test.file}\`: “${titleOf(each)}”`, each.mechanism].map(cell).join(" | ")} |`,
  );
  return ["| promise | fault that tries it | test | holds by |", "| --- | --- | --- | --- |", ...rows].join(
    "\n",
  );
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

/**
 * A page with its table written anew.
 *
 * @throws Error when the page does not say where
 */
export function withTable(page: string, promises: readonly ReliabilityPromise[]): string {
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (before === undefined || after === undefined)
    throw new Error("The page does not say where its table goes.");
  return `${before}${BEGIN}\n\n${tableOf(promises)}\n\n${END}${after}`;
}
