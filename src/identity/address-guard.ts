import { lookup as resolveName } from "node:dns/promises";
import type { LookupFunction } from "node:net";

import ipaddr from "ipaddr.js";

/** An address that a name stood for when it was looked at. */
export interface VettedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}

/** What else than public addresses over TLS may be spoken to. */
export interface AddressRules {
  /** Also loopback and private networks, as inside a closed network or in development. */
  readonly allowPrivateAddresses: boolean;
  /** Also without TLS. */
  readonly allowHttp: boolean;
}

/** All addresses a name stands for. */
export type ResolveName = (name: string) => Promise<readonly VettedAddress[]>;

/** This node does not speak to such an address. The message names the rule, never what was found behind the name. */
export class AddressRefused extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "AddressRefused";
  }
}

const PRIVATE_RANGES = new Set(["loopback", "private", "uniqueLocal", "carrierGradeNat"]);
/** Addresses that look public and serve a cloud's metadata or control plane. */
const DISGUISED = new Set(["168.63.129.16"]);
/** The only part of IPv6 that is handed out for global unicast; old forms of embedded IPv4 lie outside it. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR("2000::/3");

async function resolveBySystem(name: string): Promise<readonly VettedAddress[]> {
  const found = await resolveName(name, { all: true, order: "verbatim" });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
}

function isPublic(address: ipaddr.IPv4 | ipaddr.IPv6): boolean {
  if (address.range() !== "unicast" || DISGUISED.has(address.toString())) return false;
  return address.kind() === "ipv4" || address.match(GLOBAL_UNICAST);
}

/**
 * Keeps this node from being sent, by an address that somebody else wrote down, to where only this node can reach: its own
 * host, its network, a cloud's metadata (server-side request forgery). Everything is refused but public unicast addresses
 * and, where the rules say so, private ones; never link-local, multicast or reserved ones, nor IPv6 forms that wrap an
 * IPv4 address.
 */
export class AddressGuard {
  readonly #rules: AddressRules;
  readonly #resolve: ResolveName;

  /** @param resolve answers all addresses of a name; by default the system's resolver */
  constructor(rules: AddressRules, resolve: ResolveName = resolveBySystem) {
    this.#rules = rules;
    this.#resolve = resolve;
  }

  /**
   * Looks at where a URL leads. The connection must then go to exactly the address returned (`lookupOf`): a name may
   * stand for another one a moment later.
   *
   * @throws AddressRefused
   * @throws the resolver's error where the name stands for nothing
   */
  async vet(url: URL): Promise<VettedAddress> {
    const schemes = this.#rules.allowHttp ? ["https:", "http:"] : ["https:"];
    if (!schemes.includes(url.protocol))
      throw new AddressRefused("The address does not begin with https://.");
    if (url.username !== "" || url.password !== "") {
      throw new AddressRefused("The address carries a user name or password.");
    }
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const addresses = ipaddr.isValid(host)
      ? [{ address: host, family: ipaddr.parse(host).kind() === "ipv6" ? 6 : 4 } as const]
      : await this.#resolve(host);
    const [first] = addresses;
    // A name that stands for one good and one bad address is a trap, not a choice.
    if (first === undefined || !addresses.every(({ address }) => this.#allows(address))) {
      throw new AddressRefused("The address leads to where this node does not go.");
    }
    return first;
  }

  #allows(text: string): boolean {
    if (!ipaddr.isValid(text)) return false;
    const address = ipaddr.process(text); // an IPv4 address mapped into IPv6 is judged as what it is
    if (isPublic(address)) return true;
    return this.#rules.allowPrivateAddresses && PRIVATE_RANGES.has(address.range());
  }
}

/** A `lookup` for Node's sockets that answers nothing but the vetted address. */
export function lookupOf({ address, family }: VettedAddress): LookupFunction {
  return (_name, options, callback) => {
    if (options.all === true) callback(null, [{ address, family }]);
    else callback(null, address, family);
  };
}
