/** Why the node did not do what it was asked: its problem document (RFC 9457), or that it cannot be reached. */
export class ApiFailure extends Error {
  /** The catalogue's code; `unreachable` where no answer came, `unintelligible` where it was no answer of a node. */
  readonly code: string;
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  /** What else the problem document says, such as `faults`. */
  readonly members: Readonly<Record<string, unknown>>;
  /** How long to wait before asking again, where the node says so. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: string,
    status: number,
    detail: string,
    more: {
      readonly members?: Readonly<Record<string, unknown>>;
      readonly retryAfterSeconds?: number | null;
    } = {},
  ) {
    super(detail);
    this.code = code;
    this.status = status;
    this.members = more.members ?? {};
    this.retryAfterSeconds = more.retryAfterSeconds ?? null;
  }
}

/** What is asked of the node. */
export interface Asked {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE";
  /** Sent as JSON. */
  readonly json?: unknown;
  /** Sent as it is, with its media type. */
  readonly body?: { readonly content: Blob | Uint8Array<ArrayBuffer> | string; readonly mediaType: string };
  readonly accept?: string;
  readonly signal?: AbortSignal;
  /** Milliseconds after which the node counts as out of reach (20,000). */
  readonly timeout?: number;
}

const PATIENCE = 20_000;
const SAFE: ReadonlySet<string> = new Set(["GET", "HEAD"]);

/** So long after the last touch of a key or the page nobody counts as being there. */
const UNATTENDED_MS = 60_000;

let antiForgery: string | null = null;
let touchedAt = performance.now();
let onSignedOut: () => void = () => undefined;

for (const touch of ["pointerdown", "keydown", "wheel"] as const) {
  addEventListener(
    touch,
    () => {
      touchedAt = performance.now();
    },
    { passive: true, capture: true },
  );
}

/** Has a function called whenever the node answers that nobody is signed in. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

/** Remembers the token of the session, which every call that changes something carries (decision record 0031). */
export function rememberAntiForgery(token: string | null): void {
  antiForgery = token;
}

/**
 * Asks the node that this page came from. Paths are relative to it: `messages?limit=10`.
 *
 * @returns the answer, whose status is below 400
 * @throws ApiFailure
 */
export async function ask(path: string, asked: Asked = {}): Promise<Response> {
  const { method = "GET", json, body, accept = "application/json", signal, timeout = PATIENCE } = asked;
  const headers = new Headers({ accept });
  if (json !== undefined) headers.set("content-type", "application/json");
  if (body !== undefined) headers.set("content-type", body.mediaType);
  if (!SAFE.has(method) && antiForgery !== null) headers.set("icl-csrf", antiForgery);
  // What a page asks by itself does not keep a session alive.
  if (performance.now() - touchedAt > UNATTENDED_MS) headers.set("icl-unattended", "1");
  const late = AbortSignal.timeout(timeout);
  const content = json === undefined ? body?.content : JSON.stringify(json);
  let response: Response;
  try {
    response = await fetch(new URL(path, document.baseURI), {
      ...{ method, headers, redirect: "error", credentials: "same-origin" },
      signal: signal === undefined ? late : AbortSignal.any([signal, late]),
      ...(content === undefined ? {} : { body: content }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw unreachable();
  }
  if (response.ok) return response;
  if (response.status === 401) onSignedOut();
  throw await failureIn(response);
}

function unreachable(): ApiFailure {
  return new ApiFailure("unreachable", 0, "The node cannot be reached.");
}

/**
 * What is read of an answer that `ask` gave. One that breaks off on the way is no answer.
 *
 * @param signal that it was asked with
 * @throws ApiFailure `unreachable`
 */
export async function bodyOf<Content>(reading: Promise<Content>, signal?: AbortSignal): Promise<Content> {
  try {
    return await reading;
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw unreachable();
  }
}

/** Asks for text. @throws ApiFailure */
export async function askText(path: string, asked: Asked = {}): Promise<string> {
  return bodyOf((await ask(path, asked)).text(), asked.signal);
}

/** Asks for a file. @throws ApiFailure */
export async function askBlob(path: string, asked: Asked = {}): Promise<Blob> {
  return bodyOf((await ask(path, asked)).blob(), asked.signal);
}

/** Asks for JSON. Its form is that of the node's OpenAPI document. @throws ApiFailure */
export async function askJson<Answer>(path: string, asked: Asked = {}): Promise<Answer> {
  const response = await ask(path, asked);
  const text = await bodyOf(response.text(), asked.signal);
  try {
    return JSON.parse(text) as Answer;
  } catch {
    throw new ApiFailure("unintelligible", response.status, "The answer is not that of a node.");
  }
}

async function failureIn(response: Response): Promise<ApiFailure> {
  const { status, headers } = response;
  const wait = headers.get("retry-after") ?? "";
  const retryAfterSeconds = /^\d{1,6}$/.test(wait) ? Number(wait) : null;
  try {
    const members = (await response.json()) as Readonly<Record<string, unknown>>;
    const { code, detail, title } = members;
    if (typeof code === "string") {
      const text = typeof detail === "string" ? detail : typeof title === "string" ? title : code;
      return new ApiFailure(code, status, text, { members, retryAfterSeconds });
    }
  } catch {
    // A proxy in between answers in a form of its own.
  }
  const detail = `The answer has the status ${status}.`;
  return new ApiFailure("unintelligible", status, detail, { retryAfterSeconds });
}
