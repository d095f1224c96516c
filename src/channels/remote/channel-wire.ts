import { readFileSync } from "node:fs";

import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import { parse } from "yaml";

import type { BatchHeader } from "../../domain/batch.ts";
import type { CertificateState } from "../../domain/certificate.ts";
import type { Message } from "../../domain/message.ts";
import type {
  ChannelDescription,
  EvidencePlace,
  Judgement,
  LedgerEvidence,
  LedgerPage,
  Progress,
  Submission,
} from "../channel.ts";
import type { ChannelRights } from "../rights.ts";
import type { SigningAccount } from "../signing-account.ts";

/** A failure as a problem document. */
export interface WireFailure {
  readonly code: string;
  readonly detail: string;
  readonly action: "retry" | "stop";
}

/** What crosses the wire between a node and a channel in another process, by the names of `channel-api.yaml`. */
export interface ChannelWire {
  Description: ChannelDescription;
  ReadRequest: { readonly cursor: string | null };
  Page: LedgerPage;
  Submission: Submission;
  Judgement: Judgement;
  Taken: Record<string, never>;
  ProgressRequest: { readonly key: string };
  Progress: Progress;
  Message: Message;
  BatchedCertificate: { readonly header: BatchHeader; readonly index: number };
  CertificateState: CertificateState;
  EvidencePlace: EvidencePlace;
  Evidence: LedgerEvidence;
  SignRequest: { readonly payload: string };
  Signature: { readonly account: string; readonly signature: string };
  SignatureCheck: {
    readonly participant: Message["sender"];
    readonly payload: string;
    readonly account: string;
    readonly signature: string;
  };
  SignatureVerdict: { readonly valid: boolean };
  NodeKeyCheck: { readonly participant: Message["sender"]; readonly account: string };
  NodeKeyVerdict: { readonly valid: boolean };
  /** Null where the channel cannot say. */
  Rights: { readonly rights: ChannelRights | null };
  SigningAccounts: { readonly accounts: readonly SigningAccount[] | null };
  Failure: WireFailure;
}

const document = parse(readFileSync(new URL("./channel-api.yaml", import.meta.url), "utf8")) as {
  readonly components: object;
};
// Names and patterns of OpenAPI's own are not the schema language's, and discriminating by `oneOf` is the document's choice.
const ajv = new Ajv2020({ strict: false, allErrors: false });
ajv.addSchema({ $id: "channel", components: document.components });

const validators = new Map<keyof ChannelWire, ValidateFunction>();

/**
 * Reads what came over the wire.
 *
 * @param name of a schema in `channel-api.yaml`
 * @returns null when it does not have the form of that schema
 */
export function readWire<Name extends keyof ChannelWire>(
  name: Name,
  value: unknown,
): ChannelWire[Name] | null {
  let validate = validators.get(name);
  if (validate === undefined) {
    validate = ajv.compile({ $ref: `channel#/components/schemas/${name}` });
    validators.set(name, validate);
  }
  return validate(value) ? (value as ChannelWire[Name]) : null;
}
