import { textOf, textsOf, UsageError, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { membersOf } from "./message-record.ts";
import { clientOf, nodeHelp, nodeOptions } from "./node-options.ts";
import { show } from "./output.ts";

async function anchor(values: Values, operands: readonly string[]): Promise<Exit> {
  const [did = ""] = operands;
  const client = clientOf(values);
  const reason = textOf(values, "revoke");
  if (reason !== null) {
    const path = `/credentials/anchors/${encodeURIComponent(did)}?reason=${encodeURIComponent(reason)}`;
    const answer = await client.ask(path, { method: "DELETE" });
    show(values, answer, `${did}  ${String(membersOf(answer).get("revoked"))} revoked`);
    return EXIT.done;
  }
  const demanded = (name: string): string => {
    const value = textOf(values, name);
    if (value === null) throw new UsageError(`say what the register says: --${name}`);
    return value;
  };
  const until = textOf(values, "valid-until");
  const body = {
    did,
    name: demanded("name"),
    registeredId: demanded("registered-id"),
    registerType: textOf(values, "register-type") ?? "Accreditation",
    idScheme: { id: demanded("register"), name: demanded("register-name") },
    scopes: textsOf(values, "scope"),
    ...(until === null ? {} : { validUntil: until }),
  };
  if (body.scopes.length === 0) throw new UsageError("say what it is registered for: --scope <URL>");
  const answer = await client.ask("/credentials/anchors", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  show(values, answer, `${did}  ${String(membersOf(answer).get("id"))}`);
  return EXIT.done;
}

/** `icl anchor`: vouches for an issuer, or no longer. */
export const anchorCommand: Command = {
  summary: "vouch for an issuer by the agency's Digital Identity Anchor, or no longer",
  help: `Usage: icl anchor <did> --name <name> --registered-id <id> --register <URL> --register-name <name> --scope <URL>
       icl anchor <did> --revoke <reason>

Has the agency's node make and publish a credential that the holder of this DID is who the register says. See that the DID is
theirs before: by its did:web domain, or by something they sign with its key.

      --name <name>           as it stands in the register
      --registered-id <id>    its number there
      --register <URL>        the register
      --register-name <name>  what the register is called
      --register-type <kind>  Accreditation where left out; or Business, Facility, …
      --scope <URL>           what it is registered for; may be repeated
      --valid-until <time>    RFC 3339; no end where left out
      --revoke <reason>       revoke every anchor of this DID instead
${nodeHelp}

Needs the role admin. Ends with 0 when done, 3 when the node refused, 4 when it is out of reach.

Example: icl anchor did:web:chamber.com.au --revoke "Authorisation ended"`,
  options: {
    ...nodeOptions,
    name: { type: "string" },
    "registered-id": { type: "string" },
    register: { type: "string" },
    "register-name": { type: "string" },
    "register-type": { type: "string" },
    scope: { type: "string", multiple: true },
    "valid-until": { type: "string" },
    revoke: { type: "string" },
  },
  operands: ["the DID"],
  run: anchor,
};
