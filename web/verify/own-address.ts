/** Base address of the node that this page came from, without trailing slash; a node may be served below a path. */
export function ownAddress(): string {
  return new URL(".", document.baseURI).href.replace(/\/$/, "");
}
