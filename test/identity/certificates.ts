import {
  createPrivateKey,
  createPublicKey,
  webcrypto,
  X509Certificate as NodeCertificate,
} from "node:crypto";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

// What the library for certificates finds its parts by; it must come before it.
import "reflect-metadata";
import * as x509 from "@peculiar/x509";

import { tlsPin } from "../../src/identity/tls-pin.ts";

const KEY = { name: "ECDSA", namedCurve: "P-256" } as const;
const SIGNING = { name: "ECDSA", hash: "SHA-256" } as const;
const DAY_MS = 86_400_000;

/** A certificate and its key, as PEM. */
export interface TestCertificate {
  readonly certificate: string;
  readonly key: string;
  /** The account that its key is appointed by. */
  readonly pin: string;
  readonly serialNumber: string;
}

/** What is special about a certificate. */
export interface CertificateTerms {
  /** DNS names among its subject alternative names. */
  readonly names?: readonly string[];
  /** IP addresses among them. */
  readonly addresses?: readonly string[];
  readonly commonName?: string;
  readonly notBefore?: Date;
  readonly notAfter?: Date;
  /** For what it may be used; for both sides of TLS where left out. */
  readonly usages?: readonly ("client" | "server")[];
  /** The key of another certificate, that it is to have. */
  readonly key?: string;
}

/** An authority that issues real certificates and lists of revoked ones. */
export interface TestAuthority {
  /** Its own certificate, as PEM. */
  readonly certificate: string;
  issue(terms?: CertificateTerms): Promise<TestCertificate>;
  /** Its list, with these certificates on it, as PEM. */
  revoke(...revoked: readonly TestCertificate[]): Promise<string>;
}

function extensionsOf({ names = [], addresses = [], usages = ["client", "server"] }: CertificateTerms) {
  const alternatives = [
    ...names.map((value) => ({ type: "dns" as const, value })),
    ...addresses.map((value) => ({ type: "ip" as const, value })),
  ];
  return [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.ExtendedKeyUsageExtension(
      usages.map((usage) => x509.ExtendedKeyUsage[usage === "client" ? "clientAuth" : "serverAuth"]),
    ),
    ...(alternatives.length === 0 ? [] : [new x509.SubjectAlternativeNameExtension(alternatives)]),
  ];
}

async function pemOf(key: webcrypto.CryptoKey): Promise<string> {
  const bytes = Buffer.from(await webcrypto.subtle.exportKey("pkcs8", key));
  return createPrivateKey({ key: bytes, format: "der", type: "pkcs8" })
    .export({ format: "pem", type: "pkcs8" })
    .toString();
}

async function keysFrom(pem: string | undefined): Promise<webcrypto.CryptoKeyPair> {
  if (pem === undefined) return webcrypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
  const load = (jwk: webcrypto.JsonWebKey, use: "sign" | "verify") =>
    webcrypto.subtle.importKey("jwk", jwk, KEY, true, [use]);
  return {
    privateKey: await load(createPrivateKey(pem).export({ format: "jwk" }), "sign"),
    publicKey: await load(createPublicKey(pem).export({ format: "jwk" }), "verify"),
  };
}

const serial = () =>
  Buffer.from(webcrypto.getRandomValues(new Uint8Array(8)))
    .toString("hex")
    .replace(/^./, "1");

async function asTest(
  certificate: x509.X509Certificate,
  keys: webcrypto.CryptoKeyPair,
): Promise<TestCertificate> {
  const pem = certificate.toString("pem");
  return {
    certificate: pem,
    key: await pemOf(keys.privateKey),
    pin: tlsPin(new NodeCertificate(pem)),
    serialNumber: certificate.serialNumber,
  };
}

/** A certificate that is signed by its own key. */
export async function selfSigned(terms: CertificateTerms = {}): Promise<TestCertificate> {
  const keys = await keysFrom(terms.key);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ keys, serialNumber: serial(), signingAlgorithm: SIGNING },
    name: `CN=${terms.commonName ?? "itself"}`,
    notBefore: terms.notBefore ?? new Date(Date.now() - DAY_MS),
    notAfter: terms.notAfter ?? new Date(Date.now() + DAY_MS),
    extensions: extensionsOf(terms),
  });
  return asTest(certificate, keys);
}

/** Founds an authority. */
export async function startAuthority(name = "Test Authority"): Promise<TestAuthority> {
  const keys = await webcrypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
  const own = await x509.X509CertificateGenerator.createSelfSigned({
    ...{ keys, serialNumber: serial(), signingAlgorithm: SIGNING },
    name: `CN=${name}`,
    notBefore: new Date(Date.now() - 30 * DAY_MS),
    notAfter: new Date(Date.now() + 30 * DAY_MS),
    extensions: [
      new x509.BasicConstraintsExtension(true, 1, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return {
    certificate: own.toString("pem"),
    async issue(terms = {}) {
      const subjectKeys = await keysFrom(terms.key);
      const certificate = await x509.X509CertificateGenerator.create({
        ...{ serialNumber: serial(), signingAlgorithm: SIGNING },
        subject: `CN=${terms.commonName ?? "a node"}`,
        issuer: own.subject,
        notBefore: terms.notBefore ?? new Date(Date.now() - DAY_MS),
        notAfter: terms.notAfter ?? new Date(Date.now() + DAY_MS),
        signingKey: keys.privateKey,
        publicKey: subjectKeys.publicKey,
        extensions: [
          ...extensionsOf(terms),
          await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey),
        ],
      });
      return asTest(certificate, subjectKeys);
    },
    async revoke(...revoked) {
      const list = await x509.X509CrlGenerator.create({
        issuer: own.subject,
        thisUpdate: new Date(Date.now() - DAY_MS),
        nextUpdate: new Date(Date.now() + DAY_MS),
        signingAlgorithm: SIGNING,
        signingKey: keys.privateKey,
        entries: revoked.map(({ serialNumber }) => ({
          serialNumber,
          revocationDate: new Date(Date.now() - 1_000),
        })),
        extensions: [await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey)],
      });
      return x509.PemConverter.encode(list.rawData, "X509 CRL");
    },
  };
}

/** Where a node's TLS files are; written as one replaces files that are in use. */
export class TlsFolder {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  path(name: string): string {
    return join(this.#directory, name);
  }

  async write(name: string, content: string): Promise<string> {
    await mkdir(this.#directory, { recursive: true });
    await writeFile(this.path(`${name}.new`), content, { mode: 0o600 });
    await rename(this.path(`${name}.new`), this.path(name));
    return this.path(name);
  }

  /** Puts a certificate and its key in place. @returns where they are */
  async put(
    name: string,
    { certificate, key }: TestCertificate,
  ): Promise<{ certificate: string; key: string }> {
    return {
      certificate: await this.write(`${name}.pem`, certificate),
      key: await this.write(`${name}.key`, key),
    };
  }
}
