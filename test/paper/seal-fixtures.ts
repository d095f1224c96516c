import { generateKeyPairSync } from "node:crypto";

import { parseMultihash } from "../../src/domain/multihash.ts";
import { parseDomain } from "../../src/domain/participant.ts";
import type { SealedFacts, SealKey } from "../../src/paper/offline-seal.ts";
import type { TrustedParticipant, TrustList } from "../../src/paper/trust-list.ts";
import { au, cn, created } from "../channels/fixtures.ts";

/** What an Australian certificate's seal may say. */
export const sampleFacts: SealedFacts = {
  issuer: au,
  status: "issued",
  statusAsOf: Date.parse("2026-06-03T04:05:06Z"),
  validFrom: Date.parse("2026-06-03T00:00:00Z"),
  validUntil: Date.parse("2027-06-03T00:00:00Z"),
  multihash: parseMultihash("QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n"),
  messageId: `0x${"5b".repeat(32)}`,
  type: created,
  lines: [
    ["Number", "WBC208897"],
    ["Exporter", "Treasury Wine Estates Vintners"],
    ["Consignee", "East meets west fine wines"],
    ["HS codes", "220421"],
  ],
};

/** Within the validity of the sample. */
export const sampleNow = Date.parse("2026-07-01T00:00:00Z");

/** A new key that makes seals. */
export function newSealKey(): SealKey {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    key: privateKey.toCryptoKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]),
    publicJwk: { ...publicKey.export({ format: "jwk" }) },
  };
}

/** A participant with such keys. */
export function trusted(
  domain: string,
  keys: readonly SealKey[],
  otherwise: Partial<TrustedParticipant> = {},
): TrustedParticipant {
  return {
    domain: parseDomain(domain),
    ...{ jurisdiction: "AU", status: "active", channels: ["memory:0"] },
    keys: keys.map(({ publicJwk }, place) => ({
      kid: `did:web:${domain}#${place}`,
      jwk: { kty: "EC", crv: "P-256", x: String(publicJwk.x), y: String(publicJwk.y) },
    })),
    ...otherwise,
  };
}

/** China's list with these on it. */
export function trustListOf(...participants: readonly TrustedParticipant[]): TrustList {
  return {
    format: "icl-trust-list-1",
    asOf: "2026-06-15T00:00:00.000Z",
    by: cn,
    channels: [{ id: "memory:0", name: "Test", type: "test" }],
    participants,
  };
}
