import { NodeRefusal, NodeUnreachable, NodeFailure } from "./node-errors.ts";

/** What a request carries besides its path. */
export interface NodeRequest {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: NonNullable<RequestInit["body"]>;
  /** Ends the request early; by default an answer is waited for half a minute. */
  readonly signal?: AbortSignal;
}

const PATIENCE_MS = 30_000;
const LONGEST_ANSWER = 64 * 1024 * 1024;
const LONGEST_PROBLEM = 64 * 1024;
/** Answered by whoever stands before a node that cannot serve now. */
const UNAVAILABLE: ReadonlySet<number> = new Set([502, 503, 504]);

/** One node, asked over HTTP with a user's token. */
export class NodeClient {
  readonly url: string;
  readonly #token: () => string | null;

  /**
   * @param url the node's, without trailing slash
   * @param token read before each request; null to ask as nobody
   */
  constructor(url: string, token: () => string | null) {
    this.url = url;
    this.#token = token;
  }

  /**
   * Asks for something and reads the whole answer.
   *
   * @param path with query, from `/` on
   * @returns the JSON value answered
   * @throws NodeRefusal, NodeUnreachable, NodeFailure
   */
  async ask(path: string, request: NodeRequest = {}): Promise<unknown> {
    const signal = request.signal ?? AbortSignal.timeout(PATIENCE_MS);
    const response = await this.open(path, { ...request, signal });
    const text = await this.#read(response, LONGEST_ANSWER);
    try {
      return JSON.parse(text) as unknown;
    } catch (cause) {
      throw new NodeFailure(`${this.url} did not answer with JSON: is it a node?`, { cause });
    }
  }

  /**
   * Asks for something whose answer is read as it comes.
   *
   * @returns an answer that says yes
   * @throws NodeRefusal, NodeUnreachable, NodeFailure
   */
  async open(path: string, request: NodeRequest = {}): Promise<Response> {
    const { method = "GET", headers = {}, body, signal } = request;
    const token = this.#token();
    let response: Response;
    try {
      response = await fetch(`${this.url}${path}`, {
        method,
        headers: { ...headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
        // Nobody else is to get the token or the document, wherever an answer points.
        redirect: "manual",
        ...(body === undefined ? {} : { body, duplex: "half" }),
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      throw unreachable(this.url, error);
    }
    if (response.ok) return response;
    throw await this.#problem(response);
  }

  async #problem(response: Response): Promise<Error> {
    const { status } = response;
    if (status < 400) {
      await response.body?.cancel();
      return new NodeFailure(`${this.url} points elsewhere (${status}): give the node's own address`);
    }
    const text = await this.#read(response, LONGEST_PROBLEM).catch(() => "");
    const problem = parseProblem(text);
    const said = problem === null ? `HTTP status ${status}` : `${status} ${problem.code}: ${problem.detail}`;
    if (UNAVAILABLE.has(status)) return new NodeUnreachable(`${this.url} cannot serve now (${said})`);
    if (status >= 500) return new NodeFailure(`${this.url} failed (${said})`);
    return new NodeRefusal(status, said, problem?.document ?? null);
  }

  async #read(response: Response, most: number): Promise<string> {
    const chunks: Uint8Array[] = [];
    let size = 0;
    try {
      for await (const chunk of bytesOf(response)) {
        size += chunk.byteLength;
        if (size > most) throw new NodeFailure(`${this.url} answered more than ${most} bytes`);
        chunks.push(chunk);
      }
    } catch (error) {
      throw error instanceof NodeFailure ? error : unreachable(this.url, error);
    }
    return Buffer.concat(chunks).toString("utf8");
  }
}

/** The bytes of an answer; none where it has no body. */
export function bytesOf(response: Response): AsyncIterable<Uint8Array> {
  return response.body ?? ReadableStream.from<Uint8Array>([]);
}

/** What an interrupted request means: the network's word for it, never the request. */
export function unreachable(url: string, error: unknown): NodeUnreachable {
  if (error instanceof Error && (error.name === "TimeoutError" || error.name === "AbortError")) {
    return new NodeUnreachable(`${url} does not answer`, { cause: error });
  }
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "the connection failed";
  return new NodeUnreachable(`${url} is out of reach (${code})`, { cause: error });
}

interface ParsedProblem {
  readonly code: string;
  readonly detail: string;
  /** As it was answered. */
  readonly document: unknown;
}

function parseProblem(text: string): ParsedProblem | null {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    return null; // not the node itself, but something before it
  }
  if (typeof document !== "object" || document === null) return null;
  const { code, detail } = document as { code?: unknown; detail?: unknown };
  return typeof code === "string" && typeof detail === "string" ? { code, detail, document } : null;
}
