/**
 * What the browser keeps for the pages from one visit to the next. One that keeps nothing of a site refuses even to be asked:
 * the pages then go on as at a first visit.
 */
export function keptHere(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a text, where the browser does and has room. */
export function keepHere(name: string, text: string): void {
  try {
    localStorage.setItem(name, text);
  } catch {
    // It is asked for anew at the next visit.
  }
}
