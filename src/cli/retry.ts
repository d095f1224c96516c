import type { Command, Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { clientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { show } from "./output.ts";

async function retry(values: Values, operands: readonly string[]): Promise<Exit> {
  const id = operands[0] ?? "";
  const path = `/operations/stuck/${encodeURIComponent(id)}/retry`;
  show(values, await clientOf(values).ask(path, { method: "POST" }), `${id}  due at once`);
  return EXIT.done;
}

/** `icl retry`: has something that is stuck tried at once. */
export const retryCommand: Command = {
  summary: "have something that is stuck tried at once",
  help: `Usage: icl retry <id>

Makes a message, bundle, fetch, subscription or dead letter due at once; the id is as icl stuck lists it, or a message's bare
id. A fetch that was given up is in line again. A message that has failed is posted again instead, which opens a new attempt.

${nodeHelp}

Needs the role admin. Ends with 0 when done, 3 when there is nothing to try again, 4 when the node is out of reach.

Example: icl retry fetch:0x…:eip155:2021:0x…`,
  options: nodeOptions,
  operands: ["the id"],
  run: retry,
};
