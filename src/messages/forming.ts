import type { Member } from "./bundle-repository.ts";

/** Messages of one group, leased to be bundled. */
export interface Forming {
  readonly channelId: string;
  readonly groupKey: string;
  /** Who holds the lease. */
  readonly holder: string;
  /** In the order in which they were posted; one at least. */
  readonly members: readonly Member[];
}

/** What became of messages that were to be bundled. */
export interface Formed {
  /** Null when no bundle came of it. */
  readonly bundleId: string | null;
  readonly bundled: number;
  /** How many were sent on singly. */
  readonly alone: number;
}
