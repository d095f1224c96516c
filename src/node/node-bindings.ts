import type { Config } from "../config.ts";
import type { FetcherOptions } from "../documents/fetch-options.ts";
import { AddressGuard } from "../identity/address-guard.ts";
import { bindingOfAccount, bindingReasons, type Binding } from "../identity/binding.ts";
import { bindingOn, hastenBinding, operatorsOf, type Seat } from "../identity/binding-repository.ts";
import { DidWeb } from "../identity/did-web.ts";
import type { Reason } from "../domain/journal.ts";
import { BindingKeeper, type BindingKeeperOptions } from "../operations/binding-keeper.ts";
import type { CountFault } from "../operations/fault.ts";

/** What a node's bindings are built from. */
export interface NodeBindingsOptions extends Omit<BindingKeeperOptions, "look"> {
  readonly config: Pick<Config, "mode" | "identity" | "peers">;
  readonly countFault: CountFault;
}

const HASTEN_MS = 30_000;

/** Finds the documents of did:web as a node's configuration has it. */
export function didsOf(
  { mode, identity, peers }: Pick<Config, "mode" | "identity" | "peers">,
  { countFault, now }: { readonly countFault: CountFault; readonly now: () => number },
): DidWeb {
  const { allowPrivateAddresses } = peers;
  return new DidWeb({
    guard: new AddressGuard({ allowPrivateAddresses, allowHttp: false }),
    // Written by the operator, who may well mean a host of the closed network.
    hostGuard: new AddressGuard({ allowPrivateAddresses: true, allowHttp: mode === "development" }),
    pinned: new Map(Object.entries(identity.dids ?? {})),
    hosts: new Map(Object.entries(identity.didHosts ?? {})),
    ...{ countFault, now },
  });
}

/** Whether participants' domains name the accounts that act for them: found out in the background, and asked here. */
export class NodeBindings {
  readonly #options: NodeBindingsOptions;
  readonly #keeper: BindingKeeper;
  /** Finds the documents of DIDs for whoever else needs them. */
  readonly dids: DidWeb;

  constructor(options: NodeBindingsOptions) {
    this.#options = options;
    this.dids = didsOf(options.config, options);
    this.#keeper = new BindingKeeper({
      ...options,
      look: (did, maxAgeMs) => this.dids.look(did, maxAgeMs),
    });
  }

  start(): void {
    this.#keeper.start();
  }

  wake(): void {
    this.#keeper.wake();
  }

  async stop(): Promise<void> {
    await this.#keeper.stop();
  }

  /** Whether an account is bound; one that is not is looked at again soon. */
  async of(seat: Seat, account: string | null): Promise<Binding> {
    const { store, now } = this.#options;
    const binding = bindingOfAccount(await bindingOn(store.db, seat), account);
    if (binding.outcome !== "bound") {
      const at = now();
      if (await hastenBinding(store.db, seat, { now: at, since: at - HASTEN_MS })) this.#keeper.wake();
    }
    return binding;
  }

  /** Which documents are not to be fetched because who sent them is not bound: see `FetcherOptions`. */
  readonly withheld: NonNullable<FetcherOptions["withheld"]> = async ({ channelId, source, messageIds }) => {
    const { store, ruleOf } = this.#options;
    const held = new Map<string, Reason>();
    if (ruleOf(channelId) !== "required") return held;
    const seat = { channelId, participant: source };
    const known = await bindingOn(store.db, seat);
    const operators = await operatorsOf(store.db, channelId, messageIds);
    for (const id of messageIds) {
      const { outcome, reason } = bindingOfAccount(known, operators.get(id) ?? null);
      if (outcome === "bound") continue;
      const code = outcome === "unbound" ? "sender-unbound" : "sender-unchecked";
      held.set(id, { code, detail: bindingReasons[reason ?? "not-checked"] });
    }
    return held;
  };
}
