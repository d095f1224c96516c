import { Router, type Request, type Response } from "express";

import { parseMultihash } from "../domain/multihash.ts";
import { Problem } from "../domain/problems.ts";
import {
  pinOfId,
  pinOfMessage,
  pinOfQr,
  pinOfReceipt,
  readPresented,
  type Pin,
  type Presented,
} from "../verification/presented.ts";
import { hashOf, readForm } from "../verification/presented-file.ts";
import { verify, type VerifyOptions } from "../verification/verify.ts";

/** What the Verification API is built from. */
export interface VerificationRouterOptions extends VerifyOptions {
  /** Bytes of the largest document. */
  readonly maxBytes: number;
}

/**
 * The Verification API (PROTOCOL §5; openapi/verification.yaml). Open to everybody: it tells what is on public ledgers, and
 * nothing of a document but whether it is the one.
 */
export function verificationRouter(options: VerificationRouterOptions): Router {
  const router = Router({ caseSensitive: true, strict: true });

  const answer = async (presented: Presented, response: Response): Promise<void> => {
    const verification = await verify(options, presented);
    response.set("Cache-Control", "no-store").json(verification);
  };

  router.get("/verify/:multihash", async (request, response) => {
    const pin = pinInQuery(request);
    const multihash = parseMultihash(request.params.multihash);
    await answer(
      pin === null ? { document: multihash, pin } : { document: null, pin: { ...pin, multihash } },
      response,
    );
  });

  router.post("/verify", async (request, response) => {
    requireIdentity(request);
    // A sender that asked first is told to go ahead (RFC 9110 §10.1.1).
    if (/^100-continue$/i.test(request.headers.expect ?? "")) response.writeContinue();
    await answer(await presentedIn(options, request), response);
  });

  return router;
}

async function presentedIn({ maxBytes }: VerificationRouterOptions, request: Request): Promise<Presented> {
  if (request.body !== undefined) return readPresented(request.body as unknown);
  if (/^multipart\/form-data\b/i.test(request.headers["content-type"] ?? "")) {
    const { file, fields } = await readForm(request, maxBytes);
    return readFields(file, fields);
  }
  const announced = Number(request.headers["content-length"] ?? 0);
  if (announced > maxBytes) {
    throw new Problem("document-too-large", `A document has ${maxBytes} bytes at most.`);
  }
  const pin = pinInQuery(request);
  return { document: await hashOf(request, maxBytes), pin };
}

/** The fields of a form: those of the JSON body, an object written as JSON. */
function readFields(file: Presented["document"], fields: ReadonlyMap<string, string>): Presented {
  const known = new Map<string, (value: string) => Pin>([
    ["message", (value) => pinOfMessage(value.startsWith("{") ? fromJson(value, "message") : value)],
    ["receipt", (value) => pinOfReceipt(fromJson(value, "receipt"))],
    ["qr", pinOfQr],
  ]);
  const pins = [...fields].map(([name, value]) => {
    const read = known.get(name);
    if (read === undefined) {
      throw new Problem("malformed-request", "Beside the file, a form has a message, a receipt or a qr.");
    }
    return read(value);
  });
  if (pins.length > 1) {
    throw new Problem("malformed-request", "Present one of message, receipt and qr with the file.");
  }
  if (file === null) {
    throw new Problem("malformed-request", "The form has no file: send the document as a file of the form.");
  }
  return { document: file, pin: pins[0] ?? null };
}

function fromJson(text: string, what: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new Problem("malformed-json", `The form's ${what} is not JSON.`); // the parser would quote it
  }
}

function pinInQuery(request: Request): Pin | null {
  const id: unknown = request.query.message;
  if (id === undefined) return null;
  if (typeof id !== "string") throw new Problem("malformed-request", "Give message once.");
  return pinOfId(id);
}

function requireIdentity(request: Request): void {
  const encoding = request.headers["content-encoding"] ?? "identity";
  if (encoding.toLowerCase() !== "identity") {
    throw new Problem(
      "media-type-unsupported",
      "Send the bytes as they are, without Content-Encoding: the document's hash is that of these bytes.",
    );
  }
}
