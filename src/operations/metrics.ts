import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

import type { Logger } from "../log.ts";
import { transitionCounts } from "../messages/transition-counts.ts";
import type { Store } from "../store/store.ts";
import { faults, type Fault } from "./fault.ts";
import { readStoredMetrics, type StoredMetrics, type Tally } from "./metrics-repository.ts";

/** What metrics are read from. */
export interface MetricsOptions {
  readonly store: Store;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** A request that was answered. `route` is an address of the OpenAPI document, so that there are not too many. */
export interface AnsweredRequest {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly seconds: number;
}

/** A ledger is asked more often than this, and what it last answered is noted every few seconds. */
const SILENT_SECONDS = 30;
const BUCKETS = [0.005, 0.025, 0.1, 0.5, 1, 5, 30];

/**
 * A node's metrics in Prometheus' text format. What the database holds is read at each scrape, so that every replica tells
 * the same; what a process alone knows is counted in it. No label names a person, a subject or a network address.
 */
export class Metrics {
  readonly #options: MetricsOptions;
  readonly #registry = new Registry();
  readonly #gauges = new Map<string, Gauge>();
  readonly #requests: Histogram;
  readonly #problems: Counter;
  readonly #forks: Counter;
  readonly #forkDepth: Gauge;
  readonly #faults: ReadonlyMap<string, Counter>;
  readonly #transitions: Counter;

  constructor(options: MetricsOptions) {
    this.#options = options;
    const registers = [this.#registry];
    collectDefaultMetrics({ register: this.#registry });
    this.#requests = new Histogram({
      name: "icl_http_request_seconds",
      help: "Duration of HTTP requests.",
      labelNames: ["method", "route", "status"],
      buckets: BUCKETS,
      registers,
    });
    this.#problems = new Counter({
      name: "icl_problems_total",
      help: "Requests answered with a problem, by its code.",
      labelNames: ["code"],
      registers,
    });
    this.#forks = new Counter({
      name: "icl_forks_total",
      help: "Forks of a channel's ledger that this process followed.",
      labelNames: ["channel"],
      registers,
    });
    this.#forkDepth = new Gauge({
      name: "icl_fork_depth",
      help: "Heights that the last fork took back.",
      labelNames: ["channel"],
      registers,
    });
    this.#faults = new Map(
      Object.entries(faults).map(([fault, help]) => [
        fault,
        new Counter({ name: `icl_${fault}_total`, help, labelNames: ["channel"], registers }),
      ]),
    );
    this.#transitions = new Counter({
      name: "icl_message_transitions_total",
      help: "Steps of messages in their journals, by the status they led to, written by this process.",
      labelNames: ["status"],
      registers,
    });
  }

  /** The media type of `text`. */
  get mediaType(): string {
    return this.#registry.contentType;
  }

  countRequest({ method, route, status, seconds }: AnsweredRequest): void {
    this.#requests.observe({ method, route, status: String(status) }, seconds);
  }

  countProblem(code: string): void {
    this.#problems.inc({ code });
  }

  /** @param depth heights that were taken back */
  countFork(channel: string, depth: number): void {
    this.#forks.inc({ channel });
    this.#forkDepth.set({ channel }, depth);
  }

  /** @param channel empty where the fault belongs to none */
  countFault(fault: Fault, channel = ""): void {
    this.#faults.get(fault)?.inc({ channel });
  }

  /** Everything, as Prometheus reads it. Where the database does not answer, what the process knows alone. */
  async text(): Promise<string> {
    const { store, log } = this.#options;
    let stored: StoredMetrics | null = null;
    try {
      stored = await readStoredMetrics(store.db);
    } catch (error) {
      log.error("metrics could not be read from the database", { error });
    }
    this.#set("icl_database_up", "1 when the database answered.", [
      { labels: {}, value: stored === null ? 0 : 1 },
    ]);
    if (stored !== null) this.#setStored(stored);
    this.#transitions.reset();
    for (const [status, count] of transitionCounts(store.db)) this.#transitions.inc({ status }, count);
    return this.#registry.metrics();
  }

  #setStored(stored: StoredMetrics): void {
    this.#setChannels(stored);
    this.#set("icl_outbox", "What is in line for a channel.", stored.outbox);
    this.#set("icl_resubmissions", "Submissions beyond the first of what is in line.", stored.resubmissions);
    this.#set("icl_transactions_in_flight", "Signed transactions without a final word.", stored.transactions);
    this.#set("icl_signer_in_flight", "The same by the account that signed them.", stored.signers);
    this.#set("icl_fee_bumps", "Replacements of transactions in flight.", stored.feeBumps);
    this.#set("icl_document_fetches", "Documents to be fetched, and those given up.", stored.fetches);
    this.#set(
      "icl_bindings",
      "Participants by whether their domain names the accounts that act for them.",
      stored.bindings,
    );
    this.#set("icl_batches", "Batches that are not whole and final here.", stored.batches);
    this.#set("icl_subscriptions", "Subscriptions by state.", stored.subscriptions);
    const alone = (value: number) => [{ labels: {}, value }];
    this.#set("icl_subscriptions_failing", "Those whose callback fails.", alone(stored.failingSubscriptions));
    this.#set("icl_dead_letters", "Notifications that could not be delivered.", alone(stored.deadLetters));
    this.#set("icl_documents_held", "Documents under legal hold.", alone(stored.holds));
    this.#set("icl_audit_unsealed", "Acts that are not chained yet.", alone(stored.unsealedActs));
  }

  #setChannels({ channels, oldestWaiting }: StoredMetrics): void {
    const now = this.#options.now();
    const of = (value: (row: StoredMetrics["channels"][number]) => number) =>
      channels.map((row) => ({ labels: { channel: row.id }, value: value(row) }));
    const behind = (row: StoredMetrics["channels"][number]) => Math.max(0, row.head - row.followed);
    const ago = (moment: number) => Math.max(0, now - moment) / 1000;
    // What is seen of a ledger that does not answer says nothing of how far it is by now. Before its first answer a channel
    // has only been opened.
    const silent = (row: StoredMetrics["channels"][number]) => ago(row.read_at ?? row.updated_at);
    const unreachable = (row: StoredMetrics["channels"][number]) =>
      silent(row) > SILENT_SECONDS ? silent(row) : 0;
    this.#set(
      "icl_channel_head_height",
      "Newest height of the ledger.",
      of(({ head }) => head),
    );
    this.#set(
      "icl_channel_followed_height",
      "Last height read.",
      of(({ followed }) => followed),
    );
    this.#set(
      "icl_channel_final_height",
      "Last final height in effect here.",
      of((row) => row.final),
    );
    this.#set("icl_channel_lag_blocks", "Heights that are yet to be read.", of(behind));
    this.#set(
      "icl_channel_lag_seconds",
      "How long nothing was read though there is something to read, or the ledger could not be asked.",
      of((row) => Math.max(behind(row) === 0 ? 0 : ago(row.updated_at), unreachable(row))),
    );
    this.#set(
      "icl_channel_unreachable_seconds",
      "Since when the ledger has not answered any replica; 0 while it does.",
      of(unreachable),
    );
    this.#set(
      "icl_channel_quiet_seconds",
      "How long the ledger has brought nothing new: its clients are away or stand still, or it makes no blocks.",
      of((row) => Math.max(0, now - row.updated_at) / 1000),
    );
    this.#set(
      "icl_channel_stopped",
      "1 while an operator has to look at the channel.",
      of(({ stopped }) => (stopped === null ? 0 : 1)),
    );
    this.#set(
      "icl_oldest_waiting_seconds",
      "Age of the oldest accepted message that is not final.",
      of(({ id }) => {
        const since = oldestWaiting.get(id);
        return since === undefined ? 0 : Math.max(0, now - since) / 1000;
      }),
    );
  }

  /** Sets a gauge to exactly these: what has gone since the last scrape is not told any more. */
  #set(name: string, help: string, tallies: readonly Tally[]): void {
    let gauge = this.#gauges.get(name);
    if (gauge === undefined) {
      if (tallies.length === 0) return;
      const labelNames = Object.keys(tallies[0]?.labels ?? {});
      gauge = new Gauge({ name, help, labelNames, registers: [this.#registry] });
      this.#gauges.set(name, gauge);
    }
    gauge.reset();
    for (const { labels, value } of tallies) gauge.set({ ...labels }, value);
  }
}
