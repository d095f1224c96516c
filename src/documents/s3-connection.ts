import { createReadStream } from "node:fs";
import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";

import { AwsV4Signer } from "aws4fetch";

import { Problem } from "../domain/problems.ts";
import type { CountFault } from "../operations/fault.ts";
import { readSecret } from "../secret.ts";
import { readErrorCode } from "./s3-answers.ts";
import type { S3Location } from "./s3-location.ts";
import { noRoom, outOfReach } from "./store-problems.ts";

const EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const CONNECTIONS = 64;
const ANSWER_BYTES = 4 * 1024 * 1024;
const MOST_RETRY_SECONDS = 300;
/** What another attempt may change: the storage is overloaded, its clock was off, or it made a mistake. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** How long the storage is waited for; milliseconds. */
export interface S3Pace {
  /** Without a byte in either direction. */
  readonly idleMs: number;
  /** For a whole request, apart from its bytes. */
  readonly requestMs: number;
  /** Bytes a second below which a transfer is given up. */
  readonly slowestBytesPerSecond: number;
  /** Before each further attempt; so many are made. */
  readonly retryMs: readonly number[];
}

export const s3Pace: S3Pace = {
  idleMs: 20_000,
  requestMs: 30_000,
  slowestBytesPerSecond: 128 * 1024,
  retryMs: [200, 1_000, 3_000],
};

/** A request to the storage. */
export interface S3Request {
  readonly method: "GET" | "HEAD" | "PUT" | "DELETE";
  /** Of an object; left out for the bucket itself. */
  readonly key?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: S3Body;
  /** Whether a failed attempt may not be followed by another; as a rule it may, since done twice it does the same. */
  readonly once?: boolean;
  /** Milliseconds for the request, apart from its bytes; the pace's where left out. */
  readonly withinMs?: number;
}

/** What is uploaded: bytes, or those of a file, with their SHA-256, by which the storage checks what it got. */
export type S3Body = { readonly sha256: string; readonly size: number } & (
  | { readonly bytes: Uint8Array; readonly file?: undefined }
  | { readonly file: string; readonly bytes?: undefined }
);

/** An answer that is no success, as the storage gave it. */
export class S3Failure extends Error {
  readonly status: number;
  /** The storage's own code, where it gave one. */
  readonly code: string | null;
  /** Whether the storage will say the same another time. */
  readonly isFinal: boolean;

  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string | null, retryAfterSeconds?: number) {
    super(`The object storage answered ${status}${code === null ? "" : ` (${code})`}.`);
    this.name = "S3Failure";
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
    this.isFinal = !PASSING.has(status);
  }
}

/** There is no such object. */
export class ObjectAbsent extends Error {
  constructor() {
    super("There is no such object.");
    this.name = "ObjectAbsent";
  }
}

/** Says what an answer of success holds, while the bytes of it come in. It is called once for each attempt. */
export type S3Reader<Result> = (answer: IncomingMessage) => Promise<Result>;

/** Reads an answer that is small whole. @throws Error where it is not small */
export async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > ANSWER_BYTES) throw new Error("The storage's answer has no end.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/**
 * Speaks S3 to one bucket: signs, sends, bounds each request in time and bytes, and asks again where that may help. It
 * follows no redirect, since the signature would be for another host.
 */
export class S3Connection {
  readonly #region: string;
  readonly #pace: S3Pace;
  readonly #countFault: CountFault;
  readonly #base: URL;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** What is under way. */
  readonly #attempts = new Set<AbortController>();
  #closed = false;
  readonly #signingKeys = new Map<string, ArrayBuffer>();

  /** @throws Error naming where a credential should be, when there is none */
  constructor(location: S3Location, pace: S3Pace, countFault: CountFault) {
    this.#region = location.region;
    this.#credentials = {
      accessKeyId: readSecret(location.accessKeyId),
      secretAccessKey: readSecret(location.secretAccessKey),
    };
    this.#pace = pace;
    this.#countFault = countFault;
    this.#base = bucketUrl(location);
    const options = { keepAlive: true, maxSockets: CONNECTIONS };
    this.#agent = this.#base.protocol === "https:" ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /**
   * Sends a request, and reads its answer.
   *
   * @param read its answer is over when it ends; a Problem of its own ends the request at once
   * @throws ObjectAbsent where there is no such object
   * @throws Problem `unavailable` where the storage does not answer, or refuses; its cause says why
   */
  async send<Result>(request: S3Request, read: S3Reader<Result>): Promise<Result> {
    const pauses = request.once === true ? [] : this.#pace.retryMs;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.#attempt(request, read);
      } catch (error) {
        const own = noRoom(error);
        if (own instanceof Problem || error instanceof ObjectAbsent) throw own;
        this.#countFault("document_storage_failures");
        const final = error instanceof S3Failure && error.isFinal;
        const pause = final || this.#closed ? undefined : pauses[attempt];
        if (pause === undefined) throw unavailable(error);
        await delay(pause * (0.5 + Math.random()));
      }
    }
  }

  async #attempt<Result>(request: S3Request, read: S3Reader<Result>): Promise<Result> {
    const ended = new AbortController();
    this.#attempts.add(ended);
    // Headers come within the time of a request; a body's length, which says how long it may take, comes with them.
    const overdue = () => {
      ended.abort(new Error("The storage took too long."));
    };
    let timer = setTimeout(overdue, this.#timeFor(request, request.body?.size ?? 0));
    try {
      const sent = await this.#open(request, ended.signal);
      const answered = answerOf(sent);
      const uploading = upload(sent, request.body);
      const answer = await Promise.race([answered, uploading.then(() => answered)]);
      uploading.catch(() => undefined); // answered before it had everything: the answer says why
      clearTimeout(timer);
      timer = setTimeout(overdue, this.#timeFor(request, Number(answer.headers["content-length"] ?? 0)));
      return await judge(answer, request, read);
    } finally {
      clearTimeout(timer);
      this.#attempts.delete(ended);
      ended.abort(); // whatever of the answer nobody read
    }
  }

  async #open(
    { method, key = "", query = {}, body }: S3Request,
    signal: AbortSignal,
  ): Promise<ClientRequest> {
    const url = new URL(this.#base);
    if (key !== "") url.pathname = `${url.pathname.replace(/\/$/, "")}/${key}`;
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const signer = new AwsV4Signer({
      ...{ method, region: this.#region, service: "s3", cache: this.#signingKeys },
      url: url.href,
      headers: { "x-amz-content-sha256": body?.sha256 ?? EMPTY_SHA256 },
      ...this.#credentials,
    });
    const { headers } = await signer.sign();
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const sent = send(url, {
      ...{ method, signal, agent: this.#agent },
      headers: {
        ...Object.fromEntries(headers),
        ...(method === "PUT" ? { "content-length": body?.size ?? 0 } : {}),
        ...(body === undefined ? {} : { "content-type": "application/octet-stream" }),
      },
    });
    sent.setTimeout(this.#pace.idleMs, () => {
      sent.destroy(new Error("The storage keeps silent."));
    });
    return sent;
  }

  #timeFor({ withinMs = this.#pace.requestMs }: S3Request, bytes: number): number {
    const { slowestBytesPerSecond } = this.#pace;
    return withinMs + (Number.isFinite(bytes) ? (bytes / slowestBytesPerSecond) * 1_000 : 0);
  }

  /** Ends what is under way, and closes what is kept open for further requests. */
  close(): void {
    this.#closed = true;
    for (const attempt of this.#attempts) attempt.abort(new Error("The node stops."));
    this.#agent.destroy();
  }
}

/** The URL of a bucket: its name in the path, or before the host. */
export function bucketUrl({ endpoint, bucket, pathStyle }: S3Location): URL {
  const url = new URL(endpoint);
  if (pathStyle) url.pathname = `${url.pathname.replace(/\/$/, "")}/${bucket}`;
  else url.host = `${bucket}.${url.host}`;
  return url;
}

async function judge<Result>(
  answer: IncomingMessage,
  { method, key }: S3Request,
  read: S3Reader<Result>,
): Promise<Result> {
  const status = answer.statusCode ?? 0;
  if (status >= 200 && status < 300) {
    const result = await read(answer);
    // Read to its end, its connection serves the next request.
    if (!answer.readableEnded) await readText(answer);
    return result;
  }
  const code = readErrorCode(await readText(answer));
  // An answer to HEAD has no body that could say what is absent.
  if (key !== undefined && (code === "NoSuchKey" || (method === "HEAD" && status === 404))) {
    throw new ObjectAbsent();
  }
  throw new S3Failure(status, code, retryAfter(answer.headers["retry-after"]));
}

function unavailable(error: unknown): Error {
  return outOfReach(error, error instanceof S3Failure ? error.retryAfterSeconds : undefined);
}

function retryAfter(header: string | undefined): number | undefined {
  const seconds = header === undefined ? NaN : Number(header);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, MOST_RETRY_SECONDS) : undefined;
}

function answerOf(sent: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    sent.once("response", resolve);
    sent.on("error", reject); // also what comes after the answer, which then no longer matters
  });
}

async function upload(sent: ClientRequest, body: S3Body | undefined): Promise<void> {
  if (body?.file === undefined) {
    sent.end(body?.bytes);
    return;
  }
  await pipeline(createReadStream(body.file), sent);
}
