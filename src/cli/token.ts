import { readFileSync } from "node:fs";
import path from "node:path";

import { roles, type Role } from "../identity/caller.ts";
import { mintDevelopmentToken } from "../identity/development-issuer.ts";
import { numberOf, textOf, textsOf, UsageError, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { directoryOption, stateDirectory } from "./state-directory.ts";
import { complain, say } from "./terminal.ts";

const DAY_SECONDS = 86_400;
const LIFETIME = { least: 1, most: 30 * DAY_SECONDS, otherwise: DAY_SECONDS } as const;

function rolesOf(values: Values): readonly Role[] {
  const asked = textsOf(values, "role");
  if (asked.length === 0) return roles.filter((role) => role !== "admin");
  return asked.map((name) => {
    const role = roles.find((known) => known === name);
    if (role === undefined) throw new UsageError(`--role takes one of ${roles.join(", ")}`);
    return role;
  });
}

/** The participants of the development network in a directory. */
function participantsIn(directory: string): readonly string[] {
  const file = path.join(directory, "network.json");
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`there is no development network in ${directory}; start one by: icl dev`, { cause });
  }
  const { nodes } = JSON.parse(text) as { nodes: readonly { participant: string }[] };
  return nodes.map(({ participant }) => participant);
}

async function token(values: Values): Promise<Exit> {
  const request = { roles: rolesOf(values), lifetimeSeconds: numberOf(values, "lifetime", LIFETIME) };
  const directory = stateDirectory(values);
  const participants = participantsIn(directory);
  const audience = textOf(values, "participant") ?? "";
  if (!participants.includes(audience)) {
    throw new UsageError(`--participant takes one of ${participants.join(", ")}`);
  }
  const subject = textOf(values, "subject") ?? "officer";
  const file = path.join(directory, "development-issuer.json");
  say(await mintDevelopmentToken(file, { subject, audience, ...request }));
  complain("FOR DEVELOPMENT ONLY: nodes in production refuse this token.");
  return EXIT.done;
}

/** `icl token`: makes a token for the development network. */
export const tokenCommand: Command = {
  summary: "make a token for a node of the development network",
  help: `Usage: icl token --participant <domain> [--role <role>]… [--subject <name>] [--lifetime <seconds>]

Writes a bearer token for a user of one node of the network that icl dev runs. For development only.

  -p, --participant <domain>  whose node the token is for
  -r, --role <role>           what the user may do; may be repeated; everything but admin where left out:
                              ${roles.join(", ")}
  -s, --subject <name>        who the user is (officer)
  -l, --lifetime <seconds>    how long it is good (${DAY_SECONDS}, a day)
      --directory <directory> where the network's files are (ICL_DIRECTORY, or .icl)

Example: curl -H "Authorization: Bearer $(icl token -p customs.gov.cn)" http://127.0.0.1:8552/messages`,
  options: {
    ...directoryOption,
    participant: { type: "string", short: "p" },
    role: { type: "string", short: "r", multiple: true },
    subject: { type: "string", short: "s" },
    lifetime: { type: "string", short: "l" },
  },
  run: token,
};
