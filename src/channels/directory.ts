import type { ChannelOptions } from "./open-channel.ts";

/** What a directory is asked. */
export interface DirectoryQuery {
  /**
   * Ids of channels that need not be listed: those that this node has used before, and those that a channel in use names
   * as its successor. They have to pass the operator's other conditions all the same.
   */
  readonly named: readonly string[];
  /** Ids of channels that are not looked at any more, because they are open. */
  readonly known: ReadonlySet<string>;
}

/** What became of one channel that a directory lists, or that was asked about. */
export type Finding =
  /** It meets the operator's conditions, and may be opened with these options. */
  | { readonly id: string; readonly verdict: "allowed"; readonly options: ChannelOptions }
  /** It does not; `code` and `detail` say why. */
  | { readonly id: string; readonly verdict: "refused"; readonly code: string; readonly detail: string }
  /** Its ledger does not say enough yet; ask again. */
  | { readonly id: string; readonly verdict: "pending" };
