import { Router, type Request, type Response } from "express";

import { isMessageId, type MessageId } from "../domain/message.ts";
import { parseMultihash } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import { codeAsPng, codeAsSvg } from "../paper/code-picture.ts";
import type { DocumentSeal, SealDocument } from "../paper/document-seal.ts";
import { unsealDocument, type SealingOptions } from "../paper/seal-document.ts";
import { requireUser } from "./caller.ts";

/** What the calls about papers work with. */
export interface SealRouterOptions {
  readonly sealing: SealingOptions;
  readonly sealDocument: SealDocument;
}

const titles = {
  link: "Code that leads to the issuer's verifier",
  offline: "Seal that is checked without a network",
} as const;

type CodeName = keyof typeof titles;

/** Sealing documents so that their paper can be checked (openapi/paper.yaml). */
export function sealRouter({ sealing, sealDocument }: SealRouterOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });

  router.post("/documents/:multihash/seal", async (request, response) => {
    const caller = requireUser(response, "messages:write");
    const { message } = (request.body ?? {}) as { readonly message?: unknown };
    const multihash = parseMultihash(request.params.multihash);
    const seal = await sealDocument(caller, multihash, messageIn(message));
    response.set("Cache-Control", "no-store").vary("Accept");
    const picture = request.accepts(["application/json", "image/svg+xml", "image/png"]);
    if (picture === "image/svg+xml" || picture === "image/png") sendPicture(request, response, seal, picture);
    else response.json(toJson(seal));
  });

  router.delete("/documents/:multihash/seal", async (request, response) => {
    const caller = requireUser(response, "messages:write");
    await unsealDocument(sealing, caller, parseMultihash(request.params.multihash));
    response.status(204).end();
  });

  return router;
}

function messageIn(value: unknown): MessageId | null {
  if (value === undefined) return null;
  if (typeof value === "string" && isMessageId(value)) return value;
  throw new Problem(
    "malformed-request",
    "message is a message's id: 0x and 64 lower-case hexadecimal digits.",
  );
}

function sendPicture(
  request: Request,
  response: Response,
  seal: DocumentSeal,
  kind: "image/svg+xml" | "image/png",
): void {
  const name: CodeName = request.query.code === "offline" ? "offline" : "link";
  const text = seal[name];
  if (text === null) {
    throw new Problem(
      "seal-key-missing",
      "This node's agency has no P-256 key that makes offline seals: ask for code=link, or configure one under credentials.issuers.",
    );
  }
  response.type(kind).send(kind === "image/png" ? codeAsPng(text) : codeAsSvg(text, titles[name]));
}

function toJson({ multihash, messageId, link, offline, status, statusAsOf }: DocumentSeal) {
  const code = (name: CodeName, text: string) => ({
    svg: codeAsSvg(text, titles[name]),
    png: codeAsPng(text).toString("base64"),
    text,
  });
  return {
    ...{ multihash, message: messageId, link, offline, status },
    statusAsOf: new Date(statusAsOf).toISOString(),
    codes: { link: code("link", link), offline: offline === null ? null : code("offline", offline) },
  };
}
