import { Problem } from "../domain/problems.ts";
import type { Domain } from "../domain/participant.ts";
import { didOfDomain } from "../identity/did-document.ts";
import type { Store } from "../store/store.ts";
import type { IssuerKey, IssuerKeys } from "./issuer-keys.ts";
import { emptyList, ENTRIES, setEntry, statusListCredential } from "./status-list.ts";
import { hasList, revokedPositions, type GivenEntry } from "./status-repository.ts";
import { signVcJwt } from "./vc-jwt.ts";

/** How long others may go by a list that they fetched. */
export const LIST_LIFETIME_MS = 5 * 60 * 1000;
/** How long this node goes by one that it made. */
const KEPT_MS = 2_000;
const MOST_KEPT = 100;

/** What publishing status lists needs. */
export interface StatusPublisherOptions {
  readonly store: Store;
  readonly participant: Domain;
  readonly keys: IssuerKeys;
  /** Base URL of this node, without trailing slash. */
  readonly publicUrl: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/**
 * This node's status lists. Each is made from the tables when it is asked for, so that it says what the ledgers say finally,
 * after whatever happened in between.
 */
export class StatusPublisher {
  readonly #options: StatusPublisherOptions;
  readonly #made = new Map<number, { readonly at: number; readonly text: Promise<string | null> }>();

  constructor(options: StatusPublisherOptions) {
    this.#options = options;
  }

  /**
   * The key that signs what the agency asserts.
   *
   * @throws Problem `credential-issuer-unknown`
   */
  agencyKey(): IssuerKey {
    const did = didOfDomain(this.#options.participant);
    const key = this.#options.keys.of(did);
    if (key === null) {
      throw new Problem(
        "credential-issuer-unknown",
        `This node has no key of ${did}: have the operator configure one in credentials.issuers.`,
      );
    }
    return key;
  }

  /** The URL of a list. */
  urlOf(list: number): string {
    return `${this.#options.publicUrl}/credentials/status/${list}`;
  }

  /** The entry of this node's lists that is meant; null for another node's list. */
  entryOf(status: { readonly list: string; readonly index: number }): GivenEntry | null {
    const number = this.numberOf(status.list);
    return number === null || status.index >= ENTRIES ? null : { list: number, position: status.index };
  }

  /** The number of a list by its URL; null for another node's. */
  numberOf(url: string): number | null {
    const digits = url.slice(this.urlOf(0).length - 1);
    const number = /^[1-9]\d{0,8}$/.test(digits) ? Number(digits) : 0;
    return number > 0 && this.urlOf(number) === url ? number : null;
  }

  /**
   * A list as a signed credential.
   *
   * @returns null where there is none of this number
   * @throws Problem `credential-issuer-unknown`
   */
  textOf(list: number): Promise<string | null> {
    const now = this.#options.now();
    const made = this.#made.get(list);
    if (made !== undefined && now >= made.at && now - made.at < KEPT_MS) return made.text;
    const text = this.#make(list, now);
    text.catch(() => this.#made.delete(list));
    if (this.#made.size >= MOST_KEPT) this.#made.clear();
    this.#made.set(list, { at: now, text });
    return text;
  }

  async #make(number: number, now: number): Promise<string | null> {
    const { store, participant } = this.#options;
    const key = this.agencyKey();
    if (!(await hasList(store.db, number))) return null;
    const list = emptyList();
    for (const position of await revokedPositions(store.db, participant, number)) setEntry(list, position);
    const made = { url: this.urlOf(number), issuer: key.did, list, from: now, until: now + LIST_LIFETIME_MS };
    return signVcJwt(statusListCredential(made), key);
  }
}
