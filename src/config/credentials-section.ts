import { createPrivateKey } from "node:crypto";

import type {
  CredentialIssuerConfig,
  CredentialRule,
  CredentialsConfig,
} from "../credentials/credentials-config.ts";
import { isDid } from "../identity/did-document.ts";
import { isTree, type Section } from "./reader.ts";
import type { SecretReader } from "./secret-reader.ts";

const MOST_TYPES = 50;
const ACCOUNT = /^eip155:[1-9]\d{0,31}:0x[0-9a-fA-F]{40}$/;

/** Reads the section `credentials`. */
export function readCredentials(
  root: Section,
  secrets: SecretReader,
  production: boolean,
): CredentialsConfig {
  const credentials = root.section("credentials");
  const config = {
    issuers: credentials
      .sections("issuers", "a list with one section for each key", true)
      .map((section) => readIssuer(section, secrets)),
    messageTypes: readMessageTypes(credentials.section("messageTypes"), credentials.raw("messageTypes")),
    statusLists: readStatusLists(credentials, production),
    accounts: readAccounts(credentials),
  };
  credentials.end();
  return config;
}

function readIssuer(section: Section, secrets: SecretReader): CredentialIssuerConfig {
  const did = section.text("did", { write: "whose key it is, such as did:web:homeaffairs.gov.au" });
  if (did !== "" && (!isDid(did) || !/^did:(?:web|key):/.test(did))) {
    section.mistake("did", "is no did:web or did:key; write for instance did:web:homeaffairs.gov.au.");
  }
  const config = {
    did,
    key: secrets.checked(
      section,
      "key",
      isSigningKey,
      "does not lead to a private JWK, P-256 or Ed25519; put one there.",
    ),
    name: section.has("name") ? section.text("name", { write: "what the issuer is called" }) : null,
  };
  section.end();
  return config;
}

function isSigningKey(secret: string): boolean {
  try {
    const jwk = JSON.parse(secret) as Readonly<Record<string, unknown>>;
    const { asymmetricKeyType: kind } = createPrivateKey({ key: jwk, format: "jwk" });
    return kind === "ed25519" || (kind === "ec" && jwk.crv === "P-256");
  } catch {
    return false; // what is wrong with it is not to be seen anywhere
  }
}

function readMessageTypes(section: Section, value: unknown): ReadonlyMap<string, CredentialRule> {
  const names = isTree(value) ? Object.keys(value) : [];
  return new Map(
    names.map((name) => {
      const rule = section.section(name);
      const document = rule.choice("document", ["required", "checked", "off"]);
      const types = rule.has("types") ? rule.texts("types", "[PreferentialCertificateOfOrigin]", []) : null;
      if (types !== null && (types.length === 0 || types.length > MOST_TYPES)) {
        rule.mistake(
          "types",
          "names none, or too many; write [PreferentialCertificateOfOrigin], or take it out.",
        );
      }
      rule.end();
      return [name, { document, ...(types === null ? {} : { types }) }];
    }),
  );
}

function readStatusLists(section: Section, production: boolean): readonly string[] {
  const urls = section.texts("statusLists", "[https://status.example/lists/]", []);
  for (const url of urls) {
    const parsed = URL.parse(url);
    const isPlain =
      parsed !== null && [parsed.search, parsed.hash, parsed.username, parsed.password].join("") === "";
    const schemes = production ? ["https:"] : ["https:", "http:"];
    if (isPlain && schemes.includes(parsed.protocol) && parsed.pathname.endsWith("/")) continue;
    section.mistake(
      "statusLists",
      "holds no such beginning of a URL; write https://status.example/lists/, with the slash.",
    );
  }
  return urls;
}

function readAccounts(section: Section): readonly string[] {
  const accounts = section.texts("accounts", "[eip155:1:0x…]", []);
  if (accounts.every((account) => ACCOUNT.test(account))) return accounts;
  section.mistake("accounts", "holds what is no account; write eip155:<chain>:0x and 40 hexadecimal digits.");
  return [];
}
