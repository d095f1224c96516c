import type { DocumentTypes } from "./document-types.ts";
import { jsonOf, typeOf } from "./embed-document.ts";
import { valueAt } from "./json-pointer.ts";
import { isDocumentNumber } from "./private-subject.ts";

/** The number that a document says; null for one that says none. */
export type NumberOfDocument = (mediaType: string, bytes: Uint8Array) => string | null;

/** What finds the numbers of documents of known types, where these have them; whether they are valid is not looked at. */
export function documentNumbers(types: DocumentTypes): NumberOfDocument {
  return (mediaType, bytes) => {
    const document = jsonOf(mediaType, bytes);
    const type = typeOf(types, document);
    const number = type === null ? undefined : valueAt(document, type.number);
    return typeof number === "string" && isDocumentNumber(number) ? number : null;
  };
}
