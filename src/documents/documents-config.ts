import type { S3Location } from "./s3-location.ts";

/** Where a node's documents are kept, and how large they may be. */
export type DocumentsConfig = DocumentsPlace & {
  /** Bytes of the largest document. */
  readonly maxBytes: number;
};

/** A directory of this machine, or a bucket in object storage. */
type DocumentsPlace =
  | { readonly directory: string; readonly s3?: undefined }
  | { readonly s3: S3Location; readonly directory?: undefined };
