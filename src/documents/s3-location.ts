import type { SecretSource } from "../secret.ts";

/** Bytes of the largest object that S3 takes in one request. */
export const MOST_S3_BYTES = 5 * 1024 ** 3;

/** A place for documents in S3-compatible object storage. */
export interface S3Location {
  /** URL of the storage, without trailing slash and without the bucket. */
  readonly endpoint: string;
  readonly bucket: string;
  /** What the keys of this node's documents begin with, without slashes at the ends; empty for nothing. */
  readonly prefix: string;
  readonly region: string;
  /** Whether the bucket stands in the path of a URL, or before its host (false). */
  readonly pathStyle: boolean;
  readonly accessKeyId: SecretSource;
  readonly secretAccessKey: SecretSource;
  /** Directory of this machine where documents lie while they come in, and for a while once they were read. */
  readonly spool: string;
}
