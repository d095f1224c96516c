/** A final change of a channel's status, of one of its participants or of one of its message types. */
export interface RegistryChangeTable {
  channel_id: string;
  height: number;
  index: number;
  txn: string;
  time_seconds: number;
  kind: "status" | "participant" | "message-type";
  /** The record after the change, as JSON. */
  record: string;
}

/** A channel that this node opened because a directory led to it: opened again also when it is listed no more. */
export interface DiscoveredChannelTable {
  channel_id: string;
  /** By which directory: technology, network and address. */
  directory: string;
  found_at: number;
}
