import type { Problem } from "../domain/problems.ts";

/** One document of many that came in one request, or why it is none. */
export type BatchItem =
  | {
      /** Its place in the request, from 1. */
      readonly line: number;
      readonly mediaType: string;
      readonly content: Uint8Array;
    }
  | { readonly line: number; readonly problem: Problem };

/** Bounds on documents that come together. */
export interface BatchLimits {
  /** Bytes of one document. */
  readonly itemBytes: number;
  /** Documents in a request. */
  readonly items: number;
  /** Bytes of a request's body. */
  readonly bytes: number;
}
