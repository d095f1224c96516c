import { Problem } from "../domain/problems.ts";

/** What a document is called whose media type nobody said. */
export const UNKNOWN_MEDIA_TYPE = "application/octet-stream";

const LONGEST = 200;
const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const QUOTED = '"(?:[\\t \\x21\\x23-\\x5b\\x5d-\\x7e]|\\\\[\\t \\x21-\\x7e])*"';
const MEDIA_TYPE = new RegExp(`^${TOKEN}/${TOKEN}(?:[ \\t]*;[ \\t]*${TOKEN}=(?:${TOKEN}|${QUOTED}))*$`);

/** Whether `text` is a media type with parameters (RFC 9110 §8.3.1) of at most 200 characters. */
export function isMediaType(text: string): boolean {
  return text.length <= LONGEST && MEDIA_TYPE.test(text);
}

/**
 * The media type to keep with an upload.
 *
 * @param header the Content-Type as sent
 * @throws Problem `media-type-unsupported` for one that is malformed, too long, or an envelope around the document
 */
export function parseMediaType(header: string | undefined): string {
  const text = header?.trim() ?? "";
  if (text === "") return UNKNOWN_MEDIA_TYPE;
  if (!isMediaType(text)) {
    throw new Problem(
      "media-type-unsupported",
      `Content-Type must be a media type of at most ${LONGEST} characters, such as application/pdf.`,
    );
  }
  if (/^multipart\/form-data\b/i.test(text)) {
    throw new Problem(
      "media-type-unsupported",
      "Send the document itself as the body, not a form around it: its hash is that of the body's bytes.",
    );
  }
  return text;
}
