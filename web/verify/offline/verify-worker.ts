/// <reference lib="webworker" />
/**
 * Keeps the verifier's page itself in the browser, so that it opens without the node and can check an offline seal. What the
 * node answers is never kept: a status of yesterday would be believed today.
 */
const worker = self as unknown as ServiceWorkerGlobalScope;

const KEPT = "icl-verifier";
const PATIENCE_MS = 4_000;
const page = new URL("verify", worker.registration.scope.replace(/[^/]*$/, ""));
const assets = new URL("assets/", page);
const ASSET_IN_PAGE = /(?:src|href)="(?:\.\/)?assets\/([\w.-]+)"/g;

worker.addEventListener("install", (event) => {
  event.waitUntil(keep());
  void worker.skipWaiting();
});

worker.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== page.origin) return;
  if (request.mode === "navigate" && url.pathname === page.pathname) event.respondWith(newestPage(event));
  else if (url.href.startsWith(assets.href)) event.respondWith(asset(request));
});

/** The node's page where it answers in time, else the one that was kept. */
async function newestPage(event: FetchEvent): Promise<Response> {
  try {
    const response = await fetch(page, { signal: AbortSignal.timeout(PATIENCE_MS), cache: "no-cache" });
    if (!response.ok) throw new Error("The node does not give its page.");
    event.waitUntil(keep(response.clone()));
    return response;
  } catch (error) {
    const kept = await (await caches.open(KEPT)).match(page);
    if (kept !== undefined) return kept;
    throw error;
  }
}

async function asset(request: Request): Promise<Response> {
  const kept = await (await caches.open(KEPT)).match(request.url);
  return kept ?? fetch(request);
}

/** Keeps the page and every file that it names, and forgets those of an earlier build. */
async function keep(response?: Response): Promise<void> {
  const given = response ?? (await fetch(page, { cache: "no-cache" }));
  if (!given.ok) throw new Error("The node does not give its page.");
  const text = await given.clone().text();
  const named = [...text.matchAll(ASSET_IN_PAGE)].map(([, name]) => new URL(name ?? "", assets).href);
  const cache = await caches.open(KEPT);
  for (const address of named) {
    if ((await cache.match(address)) === undefined) await cache.add(address);
  }
  await cache.put(page, given);
  for (const { url } of await cache.keys()) {
    if (url !== page.href && !named.includes(url)) await cache.delete(url);
  }
}
