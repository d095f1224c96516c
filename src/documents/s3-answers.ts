/** What is read out of S3's answers; they are not parsed as XML, so that no document type or entity of theirs does anything. */

const ENTITIES: Readonly<Record<string, string>> = {
  "&amp;": "&",
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
};
const REFERENCE = /&(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-fA-F]{1,6});/g;
const LARGEST_CODE_POINT = 0x10ffff;

/** An object as a listing names it. */
export interface S3Entry {
  readonly key: string;
  /** By the storage's clock: milliseconds since 1970, NaN where it does not say. */
  readonly writtenAt: number;
}

/** A page of a listing. */
export interface S3Page {
  readonly entries: readonly S3Entry[];
  /** What the next page is asked for with; null after the last. */
  readonly next: string | null;
}

function decoded(text: string): string {
  return text.replace(REFERENCE, (reference) => {
    const named = ENTITIES[reference];
    if (named !== undefined) return named;
    const hexadecimal = reference.startsWith("&#x");
    const code = Number.parseInt(reference.slice(hexadecimal ? 3 : 2, -1), hexadecimal ? 16 : 10);
    return code <= LARGEST_CODE_POINT ? String.fromCodePoint(code) : reference;
  });
}

function textsOf(answer: string, element: string): readonly string[] {
  return Array.from(answer.matchAll(new RegExp(`<${element}>([^<]*)</${element}>`, "g")), ([, text = ""]) =>
    decoded(text),
  );
}

/**
 * Reads an answer of ListObjectsV2.
 *
 * @throws Error where it is none, or says that there is more but not how to ask for it
 */
export function readPage(answer: string): S3Page {
  if (!answer.includes("<ListBucketResult")) throw new Error("The storage's listing is none.");
  const more = textsOf(answer, "IsTruncated")[0] === "true";
  const next = more ? textsOf(answer, "NextContinuationToken")[0] : null;
  if (next === undefined) throw new Error("The storage's listing breaks off.");
  const entries = Array.from(answer.matchAll(/<Contents>(.*?)<\/Contents>/gs), ([, entry = ""]) => ({
    key: textsOf(entry, "Key")[0] ?? "",
    writtenAt: Date.parse(textsOf(entry, "LastModified")[0] ?? ""),
  }));
  return { entries, next };
}

/** The code of an error answer, such as `NoSuchKey`; null where it has none. */
export function readErrorCode(answer: string): string | null {
  const code = textsOf(answer, "Code")[0];
  return code !== undefined && /^[A-Za-z0-9.]{1,100}$/.test(code) ? code : null;
}

/** Whether an answer of GetBucketVersioning says that the bucket keeps, or kept, versions of its objects. */
export function keepsVersions(answer: string): boolean {
  return textsOf(answer, "Status").length > 0;
}
