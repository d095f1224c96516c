import type { Kysely } from "kysely";

import { ChannelFailure } from "../channels/channel.ts";
import type { Predicate } from "../domain/predicate.ts";
import { typeOn, type TypeOnChannel } from "../routing/registry-repository.ts";
import type { Schema } from "../store/schema.ts";

/** The message types of a channel by its final state, looked up once while a stretch of its ledger is applied. */
export class FinalTypes {
  readonly #db: Kysely<Schema>;
  readonly #channelId: string;
  readonly #known = new Map<Predicate, TypeOnChannel>();

  constructor(db: Kysely<Schema>, channelId: string) {
    this.#db = db;
    this.#channelId = channelId;
  }

  /**
   * @param carried what the ledger carries of this type, for the failure
   * @throws ChannelFailure `stop` when it was never registered
   */
  async get(predicate: Predicate, carried: string): Promise<TypeOnChannel> {
    const type = this.#known.get(predicate) ?? (await typeOn(this.#db, this.#channelId, predicate));
    if (type === null) {
      throw new ChannelFailure(
        "stop",
        "type-unregistered",
        `The ledger carries ${carried} of an unregistered type.`,
      );
    }
    this.#known.set(predicate, type);
    return type;
  }

  /** Has a type be looked up again: it changed. */
  forget(predicate: Predicate): void {
    this.#known.delete(predicate);
  }
}
