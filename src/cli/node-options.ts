import { readFileSync } from "node:fs";

import { textOf, UsageError, type Values } from "./command.ts";
import { NodeClient } from "./node-client.ts";

/** Options of every command that asks a node. */
export const nodeOptions = {
  node: { type: "string", short: "n" },
  token: { type: "string" },
  "token-file": { type: "string" },
  json: { type: "boolean" },
} as const;

/** The same for a help text. */
export const nodeHelp = `  -n, --node <url>        the node to ask (ICL_NODE)
      --token <token>     the user's bearer token (ICL_TOKEN); others on this machine may see it in the process list
      --token-file <file> a file that holds the token
      --json              write what the node answered, as JSON, one value a line`;

/** Who asks, and whom. */
export function clientOf(values: Values): NodeClient {
  return new NodeClient(nodeUrl(values), tokenOf(values));
}

/** A client for what nodes tell everybody: it needs no token, and sends none. */
export function anonymousClientOf(values: Values): NodeClient {
  return new NodeClient(nodeUrl(values), () => null);
}

function nodeUrl(values: Values): string {
  const text = textOf(values, "node") ?? process.env.ICL_NODE ?? "";
  if (text === "") throw new UsageError("say which node to ask: --node <url>, or ICL_NODE");
  const url = URL.canParse(text) ? new URL(text) : null;
  const whole =
    url !== null && url.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (!whole || (url.protocol !== "https:" && url.protocol !== "http:")) {
    throw new UsageError("--node takes an http or https URL without user, query or fragment");
  }
  return url.href.replace(/\/+$/, "");
}

/** The token is read anew for each request: one in a file may be replaced meanwhile. */
function tokenOf(values: Values): () => string {
  const [given, file] = [textOf(values, "token"), textOf(values, "token-file")];
  if (given !== null && file !== null) throw new UsageError("give --token or --token-file, not both");
  const read = () => checked(file === null ? (given ?? process.env.ICL_TOKEN ?? "") : contentOf(file));
  read();
  return read;
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw new UsageError(`--token-file ${file} cannot be read (${code})`);
  }
}

/** A message never quotes the token. */
function checked(text: string): string {
  const token = text.trim().replace(/^Bearer +/i, "");
  if (token === "")
    throw new UsageError("a token is needed: --token-file <file>, --token <token>, or ICL_TOKEN");
  if (!/^[\w\-.~+/]+=*$/.test(token))
    throw new UsageError("the token has characters that no bearer token has");
  return token;
}
