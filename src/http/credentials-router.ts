import { Router } from "express";

import { issueAnchor, revokeAnchors, type AnchorsOptions } from "../credentials/anchors.ts";
import type { Checked } from "../credentials/check-credential.ts";
import { textOf } from "../credentials/document-check.ts";
import type { CredentialCheck } from "../credentials/finding.ts";
import type { RegisteredIdentity } from "../credentials/identity-anchor.ts";
import { giveStatusEntry, issueCredential, type IssueOptions } from "../credentials/issue-credential.ts";
import { LARGEST_CREDENTIAL } from "../credentials/vc-jwt.ts";
import { findReadable } from "../documents/documents.ts";
import { digestOf, parseMultihash } from "../domain/multihash.ts";
import { parseDomain, type Domain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import { participantsNamed } from "../routing/registry-repository.ts";
import { requireUser } from "./caller.ts";

/** What the calls about credentials work with. */
export interface CredentialsRouterOptions extends IssueOptions, AnchorsOptions {
  readonly participant: Domain;
  readonly check: (checked: Checked) => Promise<CredentialCheck>;
}

const LONGEST_REASON = 500;

/** Issuing, vouching and checking (openapi/credentials.yaml). */
export function credentialsRouter(options: CredentialsRouterOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.post("/credentials", async (request, response) => {
    const caller = requireUser(response, "credentials:issue");
    const { type, credentialSubject, issuer, validFrom, validUntil } = request.body as IssueBody;
    const [from, until] = [momentOf(validFrom, "validFrom"), momentOf(validUntil, "validUntil")];
    const issued = await issueCredential(options, caller, {
      ...{ type, credentialSubject },
      ...(from === null ? {} : { validFrom: from }),
      ...(until === null ? {} : { validUntil: until }),
      ...(issuer === undefined ? {} : { issuer }),
    });
    response.status(201).location(`documents/${issued.multihash}`).json(issued);
  });

  router.post("/credentials/check", async (request, response) => {
    const caller = requireUser(response, "messages:read");
    const { credential, multihash, participant } = request.body as CheckBody;
    const text = credential ?? (await readText(multihash ?? ""));
    const sender = participant === undefined ? options.participant : parseDomain(participant);
    await demandParticipant(sender);
    const check = await options.check({ text, participant: sender, channelId: null });
    response.json({ ...check, checkedAt: new Date(options.now()).toISOString() });

    /** An agency's own domain is asked for its keys: none that a caller made up. */
    async function demandParticipant(domain: Domain): Promise<void> {
      if (domain === options.participant) return;
      if ((await participantsNamed(options.store.db, domain)).length > 0) return;
      throw new Problem(
        "participant-unknown",
        "No channel of this node has this participant: name the one that sent the credential.",
      );
    }

    async function readText(hash: string): Promise<string> {
      const held = await findReadable(options, caller, digestOf(parseMultihash(hash)));
      if (held.size > LARGEST_CREDENTIAL) {
        throw new Problem(
          "credential-refused",
          `A credential has ${LARGEST_CREDENTIAL} bytes at most: this is none.`,
        );
      }
      return textOf(options.files, held.digest);
    }
  });

  router.post("/credentials/status-entries", async (_request, response) => {
    const caller = requireUser(response, "credentials:issue");
    response.status(201).json(await giveStatusEntry(options, caller));
  });

  router.post("/credentials/anchors", async (request, response) => {
    const administrator = requireUser(response, "admin");
    const { validUntil, ...identity } = request.body as RegisteredIdentity & {
      readonly validUntil?: unknown;
    };
    const until = momentOf(validUntil, "validUntil");
    response.status(201).json(await issueAnchor(options, administrator, identity, until));
  });

  router.delete("/credentials/anchors/:did", async (request, response) => {
    const administrator = requireUser(response, "admin");
    const { did } = request.params;
    const { reason } = request.query;
    const text = typeof reason === "string" ? reason.trim() : "";
    if (text === "" || text.length > LONGEST_REASON) {
      throw new Problem("malformed-request", `Give a reason of 1 to ${LONGEST_REASON} characters.`);
    }
    response.json({ did, revoked: await revokeAnchors(options, administrator, did, text) });
  });

  return router;
}

interface IssueBody {
  readonly type: string;
  readonly credentialSubject: Readonly<Record<string, unknown>>;
  readonly issuer?: string;
  readonly validFrom?: unknown;
  readonly validUntil?: unknown;
}

interface CheckBody {
  readonly credential?: string;
  readonly multihash?: string;
  readonly participant?: string;
}

/** A validated date-time arrives as one. */
function momentOf(value: unknown, name: string): number | null {
  if (value === undefined) return null;
  const at =
    value instanceof Date ? value.getTime() : typeof value === "string" ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) {
    throw new Problem("malformed-request", `${name} is an RFC 3339 date-time, such as 2027-06-03T00:00:00Z.`);
  }
  return at;
}
