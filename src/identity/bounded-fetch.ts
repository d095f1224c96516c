const ANSWER_BYTES = 256 * 1024;

/**
 * Fetches from an issuer that the configuration names: no redirect is followed, and no more is read than an issuer has to say.
 * The time is bounded by `init.signal`.
 *
 * @throws Error for an answer that is too large, or the system's error where there is none
 */
export async function boundedFetch(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: "error" });
  const chunks: Uint8Array[] = [];
  let size = 0;
  // The global types leave out that a body can be read chunk by chunk.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > ANSWER_BYTES) throw new Error(`${new URL(url).host} answered more than ${ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  const body = response.status === 204 || response.status === 304 ? null : Buffer.concat(chunks);
  return new Response(body, { status: response.status, headers: response.headers });
}
