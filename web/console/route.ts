import { signal } from "@preact/signals";

/**
 * Where in the console the reader is: the address's fragment, such as `#/messages?status=failed`, so that one page at one
 * address serves all of it, also below a path.
 */
export interface Route {
  /** Decoded segments: `["messages", "0x…"]`; empty for the beginning. */
  readonly path: readonly string[];
  readonly query: URLSearchParams;
}

function current(): Route {
  const [path = "", query = ""] = location.hash.replace(/^#\/?/, "").split("?", 2);
  return {
    path: path.split("/").filter(Boolean).map(decoded),
    query: new URLSearchParams(query),
  };
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // an address that somebody wrote by hand
  }
}

/** The route of the moment. */
export const route = signal<Route>(current());

window.addEventListener("hashchange", () => {
  route.value = current();
});

/** The address of a place in the console. @param path segments, not yet encoded */
export function linkTo(path: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "")).toString();
  return `#/${path.map(encodeURIComponent).join("/")}${search === "" ? "" : `?${search}`}`;
}
