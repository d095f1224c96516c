import { AsyncLocalStorage } from "node:async_hooks";

const current = new AsyncLocalStorage<string>();

/**
 * Runs `work`, and all that it begins, as part of one HTTP request, so that log lines and the audit log can name the
 * request without every function in between handing it on.
 *
 * @param requestId as answered in X-Request-Id
 */
export function inRequest<T>(requestId: string, work: () => T): T {
  return current.run(requestId, work);
}

/** The request that the running code belongs to; null for work that no request asked for. */
export function currentRequestId(): string | null {
  return current.getStore() ?? null;
}
