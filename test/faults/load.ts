import { setTimeout as delay } from "node:timers/promises";

import type { MessageRecord } from "../../src/messages/message-record.ts";
import { acquitted, attached, cn, created } from "../channels/fixtures.ts";
import type { Draft, Officer } from "../e2e/officer.ts";
import { eventually } from "../eventually.ts";
import { allMessages } from "./all-messages.ts";

const BATCH = 20;
const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

/**
 * Officers at work with nodes that may be dead, or say that they cannot now, at any moment: whatever is not acknowledged is
 * sent again until it is.
 */
export class Load {
  /** Ids that were acknowledged, of messages that do not acquit. */
  readonly accepted = new Set<string>();
  /** Ids of acquittals that were acknowledged. */
  readonly acquittals = new Set<string>();
  readonly #sender: Officer;
  readonly #receiver: Officer;
  readonly #name: string;
  /** Numbers whose acquittal was acknowledged. */
  readonly #asked = new Set<string>();
  #number = 0;
  #stopping = false;
  #running: readonly Promise<void>[] = [];

  /** @param name tells the subjects of one load from those of another on the same ledger */
  constructor(sender: Officer, receiver: Officer, name: string) {
    this.#sender = sender;
    this.#receiver = receiver;
    this.#name = name;
  }

  /**
   * @param pace milliseconds between two messages, and between two batches
   */
  start(pace: { readonly single: number; readonly batch: number }): void {
    this.#running = [
      this.#repeat(pace.single, () => this.#one()),
      this.#repeat(pace.batch, () => this.#many()),
      this.#repeat(500, () => this.#acquit()),
    ];
  }

  /** Resolves when everything that was begun is acknowledged, and all that arrived and is to be acquitted has been. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#running);
  }

  /**
   * Stops, and resolves when all that was acknowledged has arrived where it was for, and nothing is under way at either side.
   *
   * @param within milliseconds
   * @throws Error that names what has not
   */
  async arrived(within = 120_000): Promise<void> {
    await this.stop();
    let under: readonly string[] = [];
    const settled = async () => {
      if ((await this.acquitAll()) > 0) return false;
      const [sent, received] = [await allMessages(this.#sender), await allMessages(this.#receiver)];
      const [here, there] = [new Set(sent.map(({ id }) => id)), new Set(received.map(({ id }) => id))];
      under = [
        ...[...sent, ...received]
          .filter(({ status }) => status !== "delivered" && status !== "available")
          .map(({ id, status }) => `${id} ${status}`),
        ...[...this.accepted].filter((id) => !there.has(id)).map((id) => `${id} not there`),
        ...[...this.acquittals].filter((id) => !here.has(id)).map((id) => `${id} not here`),
      ];
      return under.length === 0;
    };
    await eventually(settled, { within, every: 1_000 }).catch((cause: unknown) => {
      throw new Error(`Still under way: ${under.slice(0, 20).join(", ")}`, { cause });
    });
  }

  /** Acquits what is there of a third of the certificates. @returns how many by this */
  async acquitAll(): Promise<number> {
    const before = this.acquittals.size;
    await this.#acquit();
    return this.acquittals.size - before;
  }

  async #repeat(every: number, work: () => Promise<void>): Promise<void> {
    while (!this.#stopping) {
      await work();
      await delay(every);
    }
  }

  async #one(): Promise<void> {
    const number = (this.#number += 1);
    const obj = await insist(() => this.#sender.store(json({ of: this.#name, number }), "application/json"));
    const predicate = number % 2 === 0 ? created : attached;
    this.accepted.add(await post(this.#sender, this.#draft(number, predicate, obj)));
  }

  async #many(): Promise<void> {
    const first = this.#number + 1;
    this.#number += BATCH;
    const obj = await insist(() => this.#sender.store(json({ of: this.#name, first }), "application/json"));
    const lines = Array.from({ length: BATCH }, (_, place) => this.#draft(first + place, created, obj));
    const body = lines.map((line) => JSON.stringify(line)).join("\n");
    const ids = await insist(async () => {
      const headers = { "content-type": "application/x-ndjson" };
      const response = await this.#sender.request("/messages/batch", { method: "POST", headers, body });
      const text = await response.text();
      if (response.status !== 200) throw new Later(response.status, text);
      const answers = text
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as { readonly status: number; readonly id?: string });
      const refused = answers.find(({ status }) => status !== 200 && status !== 202);
      if (refused !== undefined) throw new Later(refused.status, JSON.stringify(refused));
      return answers.flatMap(({ id }) => id ?? []);
    });
    if (ids.length !== BATCH) throw new Error(`Of ${BATCH} lines ${ids.length} were answered.`);
    for (const id of ids) this.accepted.add(id);
  }

  async #acquit(): Promise<void> {
    const obj = await insist(() => this.#receiver.store(json({ used: this.#name }), "application/json"));
    const here = await insist(() => allMessages(this.#receiver, "&direction=incoming"));
    for (const { status, predicate, subject, sender, certificate } of here) {
      if (predicate !== created || status !== "available" || certificate === undefined) continue;
      if (!subject.startsWith(this.#name) || !/[036]$/.test(subject) || this.#asked.has(subject)) continue;
      const draft = { receiver: sender, subject, predicate: acquitted, obj };
      this.acquittals.add(await post(this.#receiver, draft));
      this.#asked.add(subject);
    }
  }

  #draft(number: number, predicate: string, obj: string): Draft {
    return { receiver: cn, subject: `${this.#name}:${number}`, predicate, obj };
  }
}

/** An answer that says: not now. */
class Later extends Error {
  constructor(status: number, body: string) {
    super(body);
    // Anything else is a refusal, which no test of this kind expects.
    if (status !== 503 && status !== 429) throw new Error(`Refused with ${status}: ${body}`);
  }
}

async function post(officer: Officer, draft: Draft): Promise<string> {
  return insist(async () => {
    const { status, body } = await officer.post(draft);
    if (status !== 200 && status !== 202) throw new Later(status, JSON.stringify(body));
    return (body as MessageRecord).id;
  });
}

/** Tries until the node is there and takes it; only a dead node's silence and its `not now` are forgiven. */
export async function insist<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const isPassing = error instanceof Later || error instanceof TypeError || isNotNow(error);
      if (!isPassing || tries > 5_000) throw error;
      await delay(50);
    }
  }
}

function isNotNow(error: unknown): boolean {
  return error instanceof Error && /"status":503|terminated|aborted/.test(error.message);
}
