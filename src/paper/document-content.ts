const JSON_TYPES = ["application/json", "application/ld+json", "application/vc", "application/vc+json"];
const SECURED = "application/vc+jwt";
const JWS = /^[\w-]+\.([\w-]+)\.[\w-]*$/;

/**
 * What a document says, as parsed JSON: of a credential secured as `vc+jwt` its payload. Its signature is not looked at.
 *
 * @returns undefined for a document that is no JSON, such as a PDF
 */
export function documentContent(mediaType: string, bytes: Uint8Array): unknown {
  const [essence = ""] = mediaType.toLowerCase().split(";", 1);
  const kind = essence.trim();
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (JSON_TYPES.includes(kind)) return JSON.parse(text) as unknown;
    const payload = kind === SECURED ? JWS.exec(text.trim())?.[1] : undefined;
    if (payload === undefined) return undefined;
    const decoded = Uint8Array.from(atob(payload.replaceAll("-", "+").replaceAll("_", "/")), (character) =>
      character.charCodeAt(0),
    );
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(decoded)) as unknown;
  } catch {
    return undefined; // not as its media type says
  }
}
