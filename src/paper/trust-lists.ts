import type { KeyObject } from "node:crypto";

import { CompactSign } from "jose";
import pLimit from "p-limit";

import type { ChannelDescription } from "../channels/channel.ts";
import { assertionKeyOf } from "../credentials/assertion-key.ts";
import { CredentialFault } from "../credentials/credential-fault.ts";
import type { Domain } from "../domain/participant.ts";
import { Problem } from "../domain/problems.ts";
import { DidFailure, didOfDomain, type DidDocument, type ResolveDid } from "../identity/did-document.ts";
import { participantsOnChannels, type ParticipantOnChannel } from "../routing/registry-repository.ts";
import type { Store } from "../store/store.ts";
import {
  TRUST_LIST_FORMAT,
  TRUST_LIST_TYPE,
  type TrustedKey,
  type TrustedParticipant,
  type TrustList,
  type TrustProblem,
} from "./trust-list.ts";

/** What trust lists are made from. */
export interface TrustListsOptions {
  readonly store: Store;
  readonly participant: Domain;
  readonly channels: () => readonly ChannelDescription[];
  /** Finds another participant's DID document; keeps answers by itself, and guards whom it asks. */
  readonly resolve: ResolveDid;
  /** This participant's own keys that make seals; the first one signs. */
  readonly ownKeys: readonly (TrustedKey & { readonly key: KeyObject })[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Milliseconds that whoever asks waits for domains at most; 8,000 where left out. */
  readonly patience?: number;
}

interface Known {
  readonly keys: readonly TrustedKey[];
  readonly problem: TrustProblem | null;
  readonly at: number;
}

const AT_ONCE = 4;
const PATIENCE_MS = 8_000;
const FRESH_MS = 10 * 60_000;
const FAILED_MS = 60_000;
const MOST_KEYS = 20;
/** A list is put together at most so often. */
const LIST_MS = 15_000;

/**
 * Whose seals this node believes: the participants of its channels, with the keys that their own domains publish. Domains are asked
 * a few at a time, and not again for minutes, however many ask for the list.
 */
export class TrustLists {
  readonly #options: TrustListsOptions;
  readonly #limit = pLimit(AT_ONCE);
  readonly #known = new Map<Domain, Known>();
  readonly #underWay = new Map<Domain, Promise<void>>();
  #last: { readonly at: number; readonly list: Promise<TrustList> } | null = null;

  constructor(options: TrustListsOptions) {
    this.#options = options;
  }

  /** The list as it is now. A domain that does not answer in time is on it with the reason, and is asked on meanwhile. */
  async current(): Promise<TrustList> {
    const at = this.#options.now();
    if (this.#last === null || Math.abs(at - this.#last.at) >= LIST_MS) {
      const list = this.#make(at);
      this.#last = { at, list };
      list.catch(() => {
        this.#last = null; // what failed is tried again by who asks next
      });
    }
    const { list } = this.#last;
    const made = await list;
    // One that is not whole yet is not kept: its domains may answer any moment.
    if (made.participants.some(({ problem }) => problem === "not-asked-yet")) this.#last = null;
    return made;
  }

  /**
   * The same, signed by this participant, so that an exported file shows whose it is and that it is whole.
   *
   * @returns a compact JWS
   * @throws Problem `seal-key-missing`
   */
  async signed(): Promise<string> {
    const [own] = this.#options.ownKeys;
    if (own === undefined) {
      throw new Problem(
        "seal-key-missing",
        "This node's agency has no P-256 key to sign with: ask for application/json, or configure one under credentials.issuers.",
      );
    }
    const text = JSON.stringify(await this.current());
    return new CompactSign(new TextEncoder().encode(text))
      .setProtectedHeader({ alg: "ES256", typ: TRUST_LIST_TYPE, kid: own.kid })
      .sign(own.key);
  }

  async #make(at: number): Promise<TrustList> {
    const { store, participant, channels } = this.#options;
    const described = channels();
    const types = new Map(described.map(({ id, type }) => [id, type]));
    const seats = (await participantsOnChannels(store.db, [...types.keys()])).filter(
      ({ status }) => status !== "invited",
    );
    const byDomain = Map.groupBy(seats, ({ domain }) => domain);
    await this.#askAll([...byDomain.keys()].filter((domain) => domain !== participant));
    return {
      format: TRUST_LIST_FORMAT,
      asOf: new Date(at).toISOString(),
      by: participant,
      channels: described.map(({ id, name, type }) => ({ id, name, type })),
      participants: [...byDomain].map(([domain, own]) => this.#entry(domain, own, types)),
    };
  }

  #entry(
    domain: Domain,
    seats: readonly ParticipantOnChannel[],
    types: ReadonlyMap<string, "test" | "production">,
  ): TrustedParticipant {
    const real = seats.filter(({ channelId }) => types.get(channelId) === "production");
    const counted = real.length > 0 ? real : seats;
    const seat = counted.find(({ status }) => status === "active") ?? counted[0];
    const { keys, problem } = this.#keysOf(domain);
    return {
      domain,
      jurisdiction: seat?.jurisdiction ?? "",
      status: seat?.status === "active" ? "active" : "suspended",
      channels: seats.map(({ channelId }) => channelId).sort(),
      keys,
      ...(problem === null ? {} : { problem }),
    };
  }

  #keysOf(domain: Domain): Pick<Known, "keys" | "problem"> {
    if (domain !== this.#options.participant) {
      return this.#known.get(domain) ?? { keys: [], problem: "not-asked-yet" };
    }
    const keys = this.#options.ownKeys.map(({ kid, jwk }) => ({ kid, jwk }));
    return { keys, problem: keys.length === 0 ? "no-key" : null };
  }

  /** Asks those domains whose answer is not known or old; no longer than who asks has patience, but goes on. */
  async #askAll(domains: readonly Domain[]): Promise<void> {
    const asked = domains.filter((domain) => this.#isDue(domain)).map((domain) => this.#ask(domain));
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, this.#options.patience ?? PATIENCE_MS);
    });
    await Promise.race([Promise.all(asked), patience]);
    clearTimeout(timer);
  }

  #isDue(domain: Domain): boolean {
    const known = this.#known.get(domain);
    if (known === undefined) return true;
    const age = Math.abs(this.#options.now() - known.at);
    return age >= (known.problem === null ? FRESH_MS : FAILED_MS);
  }

  #ask(domain: Domain): Promise<void> {
    let asking = this.#underWay.get(domain);
    if (asking === undefined) {
      asking = this.#limit(() => this.#look(domain)).finally(() => this.#underWay.delete(domain));
      this.#underWay.set(domain, asking);
    }
    return asking;
  }

  async #look(domain: Domain): Promise<void> {
    const at = this.#options.now();
    try {
      const did = didOfDomain(domain);
      const keys = sealKeysIn(await this.#options.resolve(did), did);
      this.#known.set(domain, { keys, problem: keys.length === 0 ? "no-key" : null, at });
    } catch (error) {
      const problem = error instanceof DidFailure && error.kind === "invalid" ? "invalid" : "unreachable";
      this.#known.set(domain, { keys: [], problem, at });
    }
  }
}

/** The P-256 keys by which a DID signs what it asserts. */
function sealKeysIn(document: DidDocument, did: string): readonly TrustedKey[] {
  return document.verificationMethods
    .filter(({ id, controller }) => controller === did && document.assertionMethods.has(id))
    .flatMap(({ id, publicKeyJwk }) => {
      const jwk = publicKeyJwk === undefined ? null : sealJwkOf(publicKeyJwk);
      return jwk === null ? [] : [{ kid: id, jwk }];
    })
    .slice(0, MOST_KEYS);
}

/** A key's public members, where it is one that makes seals; null for any other. */
export function sealJwkOf(jwk: Readonly<Record<string, unknown>>): TrustedKey["jwk"] | null {
  try {
    if (assertionKeyOf(jwk).algorithm !== "ES256") return null;
  } catch (error) {
    if (error instanceof CredentialFault) return null;
    throw error;
  }
  return { kty: "EC", crv: "P-256", x: String(jwk.x), y: String(jwk.y) };
}
