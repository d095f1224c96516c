import { signal, type Signal } from "@preact/signals";

import { ApiFailure, askJson, askText } from "../../../api/node-api.ts";
import { keep, kept } from "../kept.ts";
import { noteFailure } from "../asked.ts";
import type { DocumentForm } from "../send/make-document.ts";
import { documentIn, issueFile } from "./issue-file.ts";
import type { BulkRow } from "./rows.ts";

/** What became of a row. */
export interface RowResult {
  readonly state: "waiting" | "stored" | "accepted" | "refused";
  readonly obj: string;
  readonly subject: string;
  /** RFC 3339; empty for no end. */
  readonly validUntil: string;
  /** What its file became; empty until it did, and for a row without a file. */
  readonly made: "" | "credential" | "as-is";
  /** The message's id; empty until it is accepted. */
  readonly id: string;
  readonly code: string;
  readonly detail: string;
}

/** How far a run has come. */
export interface Progress {
  readonly phase: "ready" | "storing" | "sending" | "waiting" | "paused" | "done";
  readonly results: readonly RowResult[];
  /** Why it paused by itself; null where it did not. */
  readonly failure: ApiFailure | null;
}

interface LineAnswer {
  readonly line: number;
  readonly status: number;
  readonly id?: string;
  readonly multihash?: string;
  readonly error?: { readonly code: string; readonly detail: string; readonly retryAfterSeconds?: number };
}

const MOST_DOCUMENTS = 100;
const MOST_BYTES = 4 * 1024 * 1024;
/** Larger documents go by themselves: the call for many takes small ones only. */
const LARGEST_TOGETHER = 1024 * 1024;
const MOST_MESSAGES = 500;
const SLICE_MS = 120_000;
const LARGE_MS = 600_000;
const NDJSON = "application/x-ndjson";
const KEPT = "bulk subjects";
/** It will do later: the row is not refused, but waits. */
const PASSING: ReadonlySet<number> = new Set([429, 503]);
/** Whatever the row, the next is answered the same: not this row is refused, but its user is told. */
const OF_ALL_STATUSES: ReadonlySet<number> = new Set([0, 401, 403, 408, 429]);
const OF_ALL_CODES: ReadonlySet<string> = new Set(["credential-issuer-unknown"]);

function isOfRow({ status, code }: ApiFailure): boolean {
  return status < 500 && !OF_ALL_STATUSES.has(status) && !OF_ALL_CODES.has(code);
}

/**
 * Sends many messages with their files: slice after slice, so that neither page nor node has all of them at once. It can be
 * stopped and gone on with at any time: what is sent twice is the same message.
 */
export class BulkRun {
  readonly progress: Signal<Progress>;
  readonly rows: readonly BulkRow[];
  readonly #files: ReadonlyMap<string, File>;
  readonly #form: DocumentForm;
  readonly #participant: string;
  readonly #results: RowResult[];
  #over = new AbortController();

  /**
   * @param files by name
   * @param form whether documents of known types are issued as credentials, or stored as all other files are
   * @param participant in whose name
   */
  constructor(
    rows: readonly BulkRow[],
    files: ReadonlyMap<string, File>,
    form: DocumentForm,
    participant: string,
  ) {
    this.rows = rows;
    this.#files = files;
    this.#form = form;
    this.#participant = participant;
    this.#results = rows.map(({ obj, subject, validUntil }) => ({
      ...{ state: obj === "" ? "waiting" : "stored", obj, subject, validUntil, made: "" },
      ...{ id: "", code: "", detail: "" },
    }));
    this.progress = signal({ phase: "ready", results: [...this.#results], failure: null });
  }

  /** Sends what is not sent yet, until it is done, stopped, or the node cannot be reached. */
  async goOn(): Promise<void> {
    this.#over = new AbortController();
    try {
      this.#show("storing");
      await this.#store();
      this.#show("sending");
      await this.#send();
      this.#show("done");
    } catch (error) {
      if (this.#over.signal.aborted) {
        this.#show("paused");
        return;
      }
      if (!(error instanceof ApiFailure)) throw error;
      noteFailure(error);
      this.#show("paused", error);
    }
  }

  stop(): void {
    this.#over.abort();
  }

  #show(phase: Progress["phase"], failure: ApiFailure | null = null): void {
    this.progress.value = { phase, results: [...this.#results], failure };
  }

  #put(place: number, changes: Partial<RowResult>): void {
    const before = this.#results[place];
    if (before !== undefined) this.#results[place] = { ...before, ...changes };
  }

  /** @throws what is not this row's fault */
  #refuse(place: number, error: unknown): void {
    if (!(error instanceof ApiFailure) || !isOfRow(error)) throw error;
    this.#put(place, { state: "refused", code: error.code, detail: error.message });
  }

  async #store(): Promise<void> {
    const waiting = [...this.rows.keys()].filter((place) => this.#results[place]?.state === "waiting");
    let slice: number[] = [];
    let bytes = 0;
    const flush = async () => {
      if (slice.length > 0) await this.#storeSlice(slice);
      [slice, bytes] = [[], 0];
    };
    for (const place of waiting) {
      const file = this.#files.get(this.rows[place]?.file ?? "");
      if (file === undefined) this.#put(place, { state: "refused", code: "file-missing" });
      else if (this.#form === "credential" && (await this.#isIssued(place, file))) this.#show("storing");
      else if (file.size > LARGEST_TOGETHER) await this.#storeLarge(place, file);
      else {
        if (slice.length === MOST_DOCUMENTS || bytes + file.size > MOST_BYTES) await flush();
        slice.push(place);
        bytes += file.size;
      }
    }
    await flush();
  }

  /** Issues what a row's file holds. @returns whether the row is done with, so or by a refusal */
  async #isIssued(place: number, file: File): Promise<boolean> {
    const row = this.rows[place];
    if (row === undefined) return false;
    try {
      const document = await documentIn(file, row.predicate);
      if (document === null) return false;
      this.#over.signal.throwIfAborted();
      const issued = await this.#patiently(() =>
        issueFile(document, row, this.#participant, this.#over.signal),
      );
      this.#put(place, { state: "stored", made: "credential", ...issued });
    } catch (error) {
      this.#refuse(place, error);
    }
    return true;
  }

  async #storeLarge(place: number, file: File): Promise<void> {
    try {
      const stored = await this.#patiently(() =>
        askJson<{ readonly multihash: string }>("documents", {
          method: "POST",
          body: { content: file, mediaType: mediaTypeOf(file) },
          ...{ timeout: LARGE_MS, signal: this.#over.signal },
        }),
      );
      this.#put(place, { state: "stored", made: "as-is", obj: stored.multihash });
    } catch (error) {
      this.#refuse(place, error);
    }
    this.#show("storing");
  }

  async #storeSlice(places: readonly number[]): Promise<void> {
    const lines = await Promise.all(
      places.map(async (place) => {
        const file = this.#files.get(this.rows[place]?.file ?? "");
        if (file === undefined) return "";
        return `${JSON.stringify({ mediaType: mediaTypeOf(file), content: await base64Of(file) })}\n`;
      }),
    );
    const answers = await this.#lines("documents/batch", lines.join(""));
    for (const { line, multihash, error } of answers) {
      const place = places[line - 1];
      if (place === undefined) continue;
      if (multihash !== undefined) this.#put(place, { state: "stored", made: "as-is", obj: multihash });
      else if (error !== undefined) this.#put(place, { state: "refused", ...error });
    }
    this.#show("storing");
    this.#demandAnswers(places, "waiting");
  }

  async #send(): Promise<void> {
    const subjects = new Map(Object.entries((kept(KEPT) ?? {}) as Readonly<Record<string, string>>));
    for (;;) {
      const ready = [...this.rows.keys()].filter((place) => this.#results[place]?.state === "stored");
      const slice = ready.slice(0, MOST_MESSAGES);
      if (slice.length === 0) return;
      const lines = slice.map((place) => `${JSON.stringify(this.#messageAt(place, subjects))}\n`);
      // The same files chosen once more, after the page was gone, are the same messages.
      keep(KEPT, Object.fromEntries(subjects));
      const answers = await this.#lines("messages/batch", lines.join(""));
      let wait = 0;
      let weakly: number | null = null;
      for (const { line, status, id, error } of answers) {
        const place = slice[line - 1];
        if (place === undefined) continue;
        if (error === undefined) this.#put(place, { state: "accepted", id: id ?? "" });
        else if (error.code === "assurance-too-low") weakly ??= place;
        else if (PASSING.has(status)) wait = Math.max(wait, error.retryAfterSeconds ?? 5);
        else this.#put(place, { state: "refused", code: error.code, detail: error.detail });
      }
      this.#show("sending");
      if (weakly !== null) await this.#sendAlone(weakly, subjects);
      if (wait > 0) await this.#rest(wait);
      else this.#demandAnswers(slice, "stored");
    }
  }

  /** The answer to a line says that its user signed in too weakly, the answer to a message also what would do. */
  async #sendAlone(place: number, subjects: Map<string, string>): Promise<void> {
    try {
      const { id } = await this.#patiently(() =>
        askJson<{ readonly id: string }>("messages", {
          ...{ method: "POST", json: this.#messageAt(place, subjects), signal: this.#over.signal },
        }),
      );
      this.#put(place, { state: "accepted", id });
    } catch (error) {
      this.#refuse(place, error);
    }
  }

  #messageAt(place: number, subjects: Map<string, string>): Readonly<Record<string, string>> {
    const { receiver, predicate } = this.rows[place] ?? { receiver: "", predicate: "" };
    const {
      obj,
      subject: given,
      validUntil,
    } = this.#results[place] ?? { obj: "", subject: "", validUntil: "" };
    const name = `${predicate} ${receiver} ${obj}`;
    const subject = given !== "" ? given : (subjects.get(name) ?? `urn:uuid:${crypto.randomUUID()}`);
    if (given === "") subjects.set(name, subject);
    this.#put(place, { subject });
    return { receiver, subject, predicate, obj, ...(validUntil === "" ? {} : { validUntil }) };
  }

  /** An answer that leaves out lines broke off: going on would ask for them again and again. */
  #demandAnswers(places: readonly number[], state: RowResult["state"]): void {
    if (places.every((place) => this.#results[place]?.state === state)) {
      throw new ApiFailure("unintelligible", 200, "The answer is not that of a node.");
    }
  }

  async #lines(path: string, content: string): Promise<readonly LineAnswer[]> {
    const text = await this.#patiently(() =>
      askText(path, {
        method: "POST",
        body: { content, mediaType: NDJSON },
        accept: NDJSON,
        ...{ timeout: SLICE_MS, signal: this.#over.signal },
      }),
    );
    return text.split("\n").flatMap((line) => {
      try {
        return line === "" ? [] : [JSON.parse(line) as LineAnswer];
      } catch {
        return []; // the last line of an answer that broke off
      }
    });
  }

  /** Asks again after a while where the node says so. */
  async #patiently<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(error instanceof ApiFailure)) throw error;
        if (!PASSING.has(error.status) || error.retryAfterSeconds === null) throw error;
        const { phase } = this.progress.value;
        await this.#rest(error.retryAfterSeconds);
        this.#show(phase);
      }
    }
  }

  async #rest(seconds: number): Promise<void> {
    const { phase } = this.progress.value;
    this.#show("waiting");
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, seconds * 1_000);
      this.#over.signal.addEventListener("abort", () => {
        clearTimeout(timer);
        resolve();
      });
    });
    this.#over.signal.throwIfAborted();
    this.#show(phase);
  }
}

function mediaTypeOf({ type, name }: File): string {
  if (type !== "") return type;
  return /\.jwt$/i.test(name) ? "application/vc+jwt" : "application/octet-stream";
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => {
      const url = typeof reader.result === "string" ? reader.result : "";
      resolve(url.slice(url.indexOf(",") + 1));
    };
    reader.onerror = () => {
      reject(new ApiFailure("file-unreadable", 400, `${file.name} cannot be read.`));
    };
    reader.readAsDataURL(file);
  });
}
