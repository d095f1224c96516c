import { textOf, UsageError, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { clientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { show } from "./output.ts";

async function giveUp(values: Values, operands: readonly string[]): Promise<Exit> {
  const id = operands[0] ?? "";
  const reason = textOf(values, "reason");
  if (reason === null || reason.trim() === "") throw new UsageError("say why: --reason <text>");
  const answer = await clientOf(values).ask(`/operations/stuck/${encodeURIComponent(id)}/give-up`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ reason }),
  });
  show(values, answer, `${id}  given up`);
  return EXIT.done;
}

/** `icl give-up`: ends something that is stuck, with a reason. */
export const giveUpCommand: Command = {
  summary: "end something that is stuck, and say why",
  help: `Usage: icl give-up <id> --reason <text>

Ends a message for which nothing is signed as failed, or a fetch as fetch-failed; the reason stands in the journal and in the
audit log. What is signed is carried until the ledger has its word, and is refused here. Both can be begun again: post the
message, or icl retry the fetch.

  -r, --reason <text>     why, for those who read the journal (500 characters at most)
${nodeHelp}

Needs the role admin. Ends with 0 when done, 3 when it can no longer be given up, 4 when the node is out of reach.

Example: icl give-up 0x… --reason "sent by mistake, agreed with the receiver"`,
  options: { ...nodeOptions, reason: { type: "string", short: "r" } },
  operands: ["the id"],
  run: giveUp,
};
