/** What the node answers to an operator's questions, as in its OpenAPI document (overview, operations, registry). */
export interface ChannelOverview {
  readonly id: string;
  readonly name: string;
  readonly type: "test" | "production";
  readonly technology: string;
  readonly network: string;
  readonly finality: { readonly kind: "immediate" | "confirmations" | "finalized"; readonly blocks?: number };
  readonly status: "active" | "deprecated" | "retired";
  readonly head: number | null;
  readonly followed: number | null;
  readonly final: number | null;
  readonly lag: number;
  readonly quiet: number;
  readonly answeredAt: string | null;
  readonly stopped: { readonly code: string; readonly since: string } | null;
  readonly lastFork: { readonly at: string; readonly depth: number } | null;
  readonly line: Readonly<Record<"waiting" | "underWay" | "bundled" | "failing", number>>;
  readonly oldestWaiting: string | null;
}

export interface Channels {
  readonly asOf: string;
  readonly items: readonly ChannelOverview[];
  readonly unopened: readonly {
    readonly label: string;
    readonly code: string | null;
    readonly at: string | null;
    readonly retried: boolean;
  }[];
}

export interface SigningAccount {
  readonly account: string;
  readonly use: "operator" | "former-operator" | "node";
  readonly unit: string | null;
  readonly nextNonce: number | null;
  readonly ledger: {
    readonly balance: string;
    readonly nonce: number | null;
    readonly lastsFor: number | null;
  } | null;
  readonly failure: string | null;
  readonly low: boolean;
  readonly inFlight: readonly {
    readonly nonce: number;
    readonly txn: string;
    readonly since: string;
    readonly raises: number;
    readonly price: string;
    readonly included: boolean;
    readonly carries: string | null;
  }[];
  readonly inFlightTotal: number;
  readonly spent: {
    readonly amount: string;
    readonly transactions: number;
    readonly complete: boolean;
  } | null;
}

export interface Signers {
  readonly asOf: string;
  readonly items: readonly {
    readonly channel: string;
    readonly name: string;
    readonly network: string;
    readonly failure: string | null;
    readonly accounts: readonly SigningAccount[] | null;
  }[];
}

export interface Stuck {
  readonly kind: string;
  readonly id: string;
  readonly since: string;
  readonly code: string;
  readonly detail: string;
  readonly channel: string | null;
  readonly actions: readonly ("retry" | "give-up" | "replay" | "restart")[];
}

export interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

export interface SubscriptionOverview {
  readonly id: string;
  readonly owner: string;
  readonly topic: string;
  readonly host: string;
  readonly state: "pending" | "active" | "ended";
  readonly endedReason: string | null;
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly position: number;
  readonly behind: number;
  readonly failingSince: string | null;
  readonly tries: number;
  readonly lastDeliveredAt: string | null;
  readonly lastFailure: string | null;
  readonly deadLetters: number;
}

export interface DeadLetter {
  readonly n: number;
  readonly type: string;
  readonly message: string;
  readonly failedAt: string;
  readonly reason: string;
  readonly retrying: boolean;
}

export interface ChannelRights {
  readonly height: number;
  readonly consortium: readonly string[];
  readonly participants: readonly {
    readonly participant: string;
    readonly admin: string | null;
    readonly operators: readonly { readonly account: string; readonly predicates: readonly string[] }[];
    readonly nodeKeys: readonly string[];
  }[];
}

export interface RightsAnswer {
  readonly asOf: string;
  readonly rights: ChannelRights | null;
  readonly failure: string | null;
}

export interface RegistryChange {
  readonly at: string;
  readonly height: number;
  readonly channelTxnId: string;
  readonly kind: "status" | "participant" | "message-type";
  readonly record: Readonly<Record<string, unknown>>;
}

export interface ChannelRecord {
  readonly id: string;
  readonly name: string;
  readonly participants: readonly {
    readonly domain: string;
    readonly jurisdiction: string;
    readonly status: "invited" | "active" | "suspended";
    readonly endpoint: string | null;
    readonly binding?: { readonly outcome: "bound" | "unbound" | "unknown"; readonly reason: string | null };
  }[];
}

export interface Latency {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

export type Latencies = Readonly<Record<string, Latency | undefined>>;

export interface TrafficBucket {
  readonly from: string;
  readonly estimated: boolean;
  readonly volume: readonly {
    readonly direction: "outgoing" | "incoming";
    readonly effect: string;
    readonly status: string;
    readonly count: number;
  }[];
  readonly latency: Latencies;
}

export interface Traffic {
  readonly from: string;
  readonly to: string;
  readonly step: number;
  readonly buckets: readonly TrafficBucket[];
  readonly latency: Latencies;
}
