import type { Kysely } from "kysely";

import { acquireLease, releaseLease, type Lease, type LeaseRequest } from "./lease.ts";
import type { Schema } from "./schema.ts";

/**
 * Does work that one replica may do at a time, under a lease that is given back when it ends, however it ends.
 *
 * @param work gets the lease, to be renewed where it takes long and asserted with each write that it protects
 * @returns what `work` returned; null, and nothing was done, while another replica has the lease
 * @throws whatever `work` throws, LeaseLost among it
 */
export async function underLease<T>(
  db: Kysely<Schema>,
  request: LeaseRequest,
  work: (lease: Lease) => Promise<T>,
): Promise<T | null> {
  const lease = await acquireLease(db, request);
  if (lease === null) return null;
  try {
    return await work(lease);
  } finally {
    await releaseLease(db, lease);
  }
}
