import { numberOf, textOf, UsageError, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { clientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { show } from "./output.ts";

const AFTER = { least: 0, most: 999_999_999_999_999, otherwise: 0 } as const;

async function replay(values: Values, operands: readonly string[]): Promise<Exit> {
  const id = operands[0] ?? "";
  if (textOf(values, "after") === null) throw new UsageError("say from where: --after <event id>, 0 for all");
  const after = numberOf(values, "after", AFTER);
  const answer = await clientOf(values).ask(`/subscriptions/${encodeURIComponent(id)}/replay`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ after }),
  });
  show(values, answer, `${id}  told once more of everything after ${after}`);
  return EXIT.done;
}

/** `icl replay`: has a subscriber told once more. */
export const replayCommand: Command = {
  summary: "have a subscriber told once more, from an event on",
  help: `Usage: icl replay <subscription id> --after <event id>

Sets a subscription back, so that everything after the event is delivered once more, in order, as far back as events are
kept. The subscriber knows what it has seen by the events' ids.

      --after <event id>  the last event that is not told again; 0 for all that are kept
${nodeHelp}

Needs the role subscriptions for one's own, admin for any. Ends with 0 when done, 3 when the node refused (events that are no
longer kept are events-forgotten), 4 when it is out of reach.

Example: icl replay 6f1c… --after 4711`,
  options: { ...nodeOptions, after: { type: "string" } },
  operands: ["the subscription id"],
  run: replay,
};
