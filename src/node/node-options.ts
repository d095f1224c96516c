import type { Channel } from "../channels/channel.ts";
import type { ChannelConfig } from "../config.ts";
import type { IsBound } from "../credentials/check-credential.ts";
import type { FindCredentialType } from "../credentials/credential-types.ts";
import type { CheckPace } from "../credentials/received-checks.ts";
import type { FetchPace } from "../documents/fetch-options.ts";
import type { RetrievalLimits } from "../documents/peer-request.ts";
import type { ResolveDid } from "../identity/did-document.ts";
import type { Logger } from "../log.ts";
import type { TrafficTiming } from "../messages/channel-traffic.ts";
import type { BindingKeeperOptions } from "../operations/binding-keeper.ts";
import type { Store } from "../store/store.ts";
import type { SubscriptionOptions } from "./node-subscriptions.ts";

/** What a test, or another host than the command line, may want otherwise. */
export interface NodeOptions {
  /** By default one JSON object a line on standard error, from the configured level on. */
  readonly log?: Logger;
  readonly timing?: Partial<TrafficTiming>;
  readonly fetching?: Partial<FetchPace>;
  readonly retrieval?: Partial<RetrievalLimits>;
  readonly subscriptions?: SubscriptionOptions;
  /** Milliseconds between two looks into a directory of channels; 30,000 where left out. */
  readonly directoryPoll?: number;
  /** How often domains are looked at, in milliseconds. */
  readonly bindings?: Partial<Pick<BindingKeeperOptions, "poll" | "fresh" | "again" | "soon" | "stale">>;
  /** Milliseconds between two looks at TLS files; 5,000 where left out. */
  readonly tlsPoll?: number;
  /** Opens a configured channel; by default with the plug-in of its technology. */
  readonly open?: (config: ChannelConfig, store: Store) => Promise<Channel>;
  /** Kinds of credentials that are known by meaning; those of the document types where left out. */
  readonly findCredentialType?: FindCredentialType;
  /** Resolves another's `did:web`; as configured where left out. */
  readonly resolveDidWeb?: ResolveDid;
  /** Whether an agency's domain names the accounts that act for it; by the channel's rule where left out. */
  readonly isBound?: IsBound;
  readonly checking?: Partial<CheckPace>;
  /** Checks answers against the OpenAPI document too. */
  readonly validateResponses?: boolean;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}
