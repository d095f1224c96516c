import { ask, bodyOf } from "../../api/node-api.ts";
import { documentType, documentTypes, type DocumentTypeRecord } from "./document-types.ts";

/** A document as the pages show it. */
export interface ReadDocument {
  readonly mediaType: string;
  /** Its parsed JSON, a credential's payload; null where it is something else, or too large to be shown. */
  readonly json: unknown;
  /** Its type; null where the node knows none for it. */
  readonly type: DocumentTypeRecord | null;
}

const LARGEST_SHOWN = 2 * 1024 * 1024;

/**
 * Reads a document that the node holds, and finds its type.
 *
 * @param predicate of the message that names it
 * @throws ApiFailure
 */
export async function readDocument(
  multihash: string,
  predicate: string,
  signal: AbortSignal,
): Promise<ReadDocument> {
  const response = await ask(`documents/${multihash}`, { accept: "*/*", signal });
  const [mediaType = ""] = (response.headers.get("content-type") ?? "").split(";", 1);
  const shown = mediaType.endsWith("json") || mediaType.endsWith("jwt");
  const text = await bodyOf(textIn(response, shown ? LARGEST_SHOWN : 0), signal);
  if (text === null) return { mediaType, json: null, type: null };
  const json = jsonIn(text, mediaType);
  return { mediaType, json, type: await typeOf(json, predicate) };
}

/** Null where there are more bytes than so many: no more are read. An answer that a proxy compressed does not say how many. */
async function textIn(response: Response, most: number): Promise<string | null> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for (;;) {
    const chunk = await reader?.read();
    if (chunk?.value === undefined) return text + decoder.decode();
    size += chunk.value.byteLength;
    if (size > most) {
      await reader?.cancel();
      return null;
    }
    text += decoder.decode(chunk.value, { stream: true });
  }
}

function jsonIn(text: string, mediaType: string): unknown {
  try {
    if (!mediaType.endsWith("jwt")) return JSON.parse(text) as unknown;
    const payload = (text.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    return JSON.parse(new TextDecoder().decode(bytes)) as unknown;
  } catch {
    return null;
  }
}

/** By the credential's own word, or else by the message type that carries it. */
async function typeOf(json: unknown, predicate: string): Promise<DocumentTypeRecord | null> {
  if (typeof json !== "object" || json === null) return null;
  const { type } = json as { readonly type?: unknown };
  const claimed = Array.isArray(type) ? (type as readonly unknown[]) : [];
  const all = await documentTypes();
  const found =
    all.find(({ credentialType }) => claimed.includes(credentialType)) ??
    ("credentialSubject" in json ? all.find(({ documentOf }) => documentOf.includes(predicate)) : undefined);
  return found === undefined ? null : documentType(found.name);
}

/** The number by which people call a document; null where it says none. */
export function numberIn(json: unknown): string | null {
  const members = (value: unknown) =>
    typeof value === "object" ? (value as Record<string, unknown> | null) : null;
  const named =
    members(members(json)?.credentialSubject)?.number ?? members(members(json)?.certificateOfOrigin)?.id;
  return typeof named === "string" && named !== "" ? named : null;
}
