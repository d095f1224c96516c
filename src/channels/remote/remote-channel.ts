import { batchId, type BatchHeader } from "../../domain/batch.ts";
import type { CertificateState } from "../../domain/certificate.ts";
import { messageId, type Message } from "../../domain/message.ts";
import type { Domain } from "../../domain/participant.ts";
import {
  ChannelFailure,
  type AccountSignature,
  type Channel,
  type ChannelDescription,
  type EvidencePlace,
  type Judgement,
  type LedgerEvidence,
  type LedgerPage,
  type Progress,
  type Submission,
} from "../channel.ts";
import type { ChannelRights } from "../rights.ts";
import type { SigningAccount } from "../signing-account.ts";
import { readWire, type ChannelWire } from "./channel-wire.ts";

/** What it takes to open a channel that another process serves. */
export interface RemoteChannelOptions {
  readonly technology: "remote";
  /** Base URL of the process, without trailing slash. */
  readonly url: string;
  /** The id that the channel must have, so that no other is taken for it. */
  readonly channelId: string;
  /** Agreed on with whoever runs the process: never logged, never in an error. */
  readonly token: string;
}

const TIMEOUT_MS = 30_000;
/** A page with a hundred thousand events. */
const LARGEST_ANSWER = 128 * 1024 * 1024;

/**
 * Opens a channel that runs in a process of its own (`channel-api.yaml`).
 *
 * @throws ChannelFailure stop: `wrong-channel` when it serves another one, `channel-refused`, `channel-answer-invalid`; retry
 *   while it is out of reach
 */
export async function openRemoteChannel(options: RemoteChannelOptions): Promise<Channel> {
  const line = new Line(options);
  const description = await line.get("/description", "Description");
  if (description.id !== options.channelId) {
    throw new ChannelFailure(
      "stop",
      "wrong-channel",
      "The process serves another channel than the one configured.",
    );
  }
  return new RemoteChannel(line, description);
}

/** A channel in another process. What it answers is checked against the interface before it is believed. */
class RemoteChannel implements Channel {
  readonly description: ChannelDescription;
  readonly #line: Line;

  constructor(line: Line, description: ChannelDescription) {
    this.#line = line;
    this.description = description;
  }

  async read(cursor: string | null): Promise<LedgerPage> {
    const page = await this.#line.post("/read", { cursor }, "Page");
    checkPage(page);
    return page;
  }

  judge(submission: Submission): Promise<Judgement> {
    return this.#line.post("/judge", submission, "Judgement");
  }

  async submit(submission: Submission): Promise<void> {
    await this.#line.post("/submit", submission, "Taken");
  }

  progress(key: string): Promise<Progress> {
    return this.#line.post("/progress", { key }, "Progress");
  }

  certificateState(issuance: Message): Promise<CertificateState> {
    return this.#line.post("/certificate-state", issuance, "CertificateState");
  }

  batchedCertificateState(header: BatchHeader, index: number): Promise<CertificateState> {
    return this.#line.post("/batched-certificate-state", { header, index }, "CertificateState");
  }

  evidence({ position, txn }: EvidencePlace): Promise<LedgerEvidence> {
    return this.#line.post("/evidence", { position, txn }, "Evidence");
  }

  async signAsNode(payload: Uint8Array): Promise<AccountSignature> {
    const signed = await this.#line.post("/sign-as-node", { payload: toBase64(payload) }, "Signature");
    return { account: signed.account, signature: new Uint8Array(Buffer.from(signed.signature, "base64")) };
  }

  async isNodeSignature(
    participant: Domain,
    payload: Uint8Array,
    signed: AccountSignature,
  ): Promise<boolean> {
    const check = {
      participant,
      payload: toBase64(payload),
      account: signed.account,
      signature: toBase64(signed.signature),
    };
    const { valid } = await this.#line.post("/is-node-signature", check, "SignatureVerdict");
    return valid;
  }

  async isNodeKey(participant: Domain, account: string): Promise<boolean> {
    const { valid } = await this.#line.post("/is-node-key", { participant, account }, "NodeKeyVerdict");
    return valid;
  }

  async rights(): Promise<ChannelRights | null> {
    return (await this.#line.ifServed("/rights", "Rights"))?.rights ?? null;
  }

  async signingAccounts(): Promise<readonly SigningAccount[] | null> {
    return (await this.#line.ifServed("/signing-accounts", "SigningAccounts"))?.accounts ?? null;
  }

  close(): Promise<void> {
    return this.#line.close();
  }
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

/** What the form alone does not say: ids follow from content, and a page keeps to its own bounds. */
function checkPage(page: LedgerPage): void {
  let last = { height: -1, index: -1 };
  for (const event of page.events) {
    if (event.kind === "message" && event.id !== messageId(event.message)) throw invalid("a message's id");
    if (event.kind === "batch" && event.id !== batchId(event.header)) throw invalid("a batch's id");
    const { height, index } = event.position;
    const inOrder = height > last.height || (height === last.height && index > last.index);
    if (!inOrder || height > page.followed) throw invalid("the order of events");
    last = { height, index };
  }
  if (page.final > page.followed) throw invalid("what is final");
}

function invalid(what: string): ChannelFailure {
  return new ChannelFailure(
    "stop",
    "channel-answer-invalid",
    `The process that serves the channel answered what the interface does not allow (${what}).`,
  );
}

/** The calls to the other process. */
class Line {
  readonly #url: string;
  readonly #token: string;
  readonly #closing = new AbortController();
  readonly #underWay = new Set<Promise<unknown>>();

  constructor({ url, token }: RemoteChannelOptions) {
    this.#url = url;
    this.#token = token;
  }

  get<Name extends keyof ChannelWire>(path: string, answer: Name): Promise<ChannelWire[Name]> {
    return this.#track(this.#call(path, null, answer));
  }

  /** Calls what a process may leave out. @returns null where it does */
  async ifServed<Name extends keyof ChannelWire>(
    path: string,
    answer: Name,
  ): Promise<ChannelWire[Name] | null> {
    return this.#track(this.#call(path, null, answer, true));
  }

  post<Name extends keyof ChannelWire>(
    path: string,
    body: unknown,
    answer: Name,
  ): Promise<ChannelWire[Name]> {
    return this.#track(this.#call(path, JSON.stringify(body), answer));
  }

  /** Breaks off what is under way; resolves when nothing is any more. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.allSettled(this.#underWay);
  }

  #track<T>(work: Promise<T>): Promise<T> {
    this.#underWay.add(work);
    const forget = () => this.#underWay.delete(work);
    work.then(forget, forget);
    return work;
  }

  #call<Name extends keyof ChannelWire>(
    path: string,
    body: string | null,
    answer: Name,
  ): Promise<ChannelWire[Name]>;
  #call<Name extends keyof ChannelWire>(
    path: string,
    body: null,
    answer: Name,
    optional: true,
  ): Promise<ChannelWire[Name] | null>;
  async #call<Name extends keyof ChannelWire>(
    path: string,
    body: string | null,
    answer: Name,
    optional = false,
  ): Promise<ChannelWire[Name] | null> {
    let response: Response;
    let value: unknown;
    try {
      response = await fetch(`${this.#url}${path}`, {
        method: body === null ? "GET" : "POST",
        headers: {
          authorization: `Bearer ${this.#token}`,
          accept: "application/json",
          ...(body === null ? {} : { "content-type": "application/json" }),
        },
        body,
        redirect: "error",
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      });
      value = await readJson(response);
    } catch (error) {
      if (error instanceof ChannelFailure) throw error;
      throw new ChannelFailure(
        "retry",
        "channel-unreachable",
        "The process that serves the channel is out of reach.",
        { cause: error },
      );
    }
    if (optional && response.status === 404) return null;
    if (!response.ok) throw failureOf(response.status, value);
    const read = readWire(answer, value);
    if (read === null) throw invalid(path.slice(1));
    return read;
  }
}

async function readJson(response: Response): Promise<unknown> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += piece.length;
    if (size > LARGEST_ANSWER) throw invalid("an answer without end");
    pieces.push(piece);
  }
  try {
    return JSON.parse(Buffer.concat(pieces).toString("utf8")) as unknown;
  } catch {
    return null; // judged by its status, or as an answer without form
  }
}

function failureOf(status: number, value: unknown): ChannelFailure {
  const failure = readWire("Failure", value);
  if (failure !== null) return new ChannelFailure(failure.action, failure.code, failure.detail);
  if (status >= 500 || status === 429) {
    return new ChannelFailure("retry", "channel-unreachable", `The channel's process answered ${status}.`);
  }
  return new ChannelFailure(
    "stop",
    "channel-refused",
    `The channel's process refused with ${status}: check its URL, its token and its version.`,
  );
}
