/** As much of `acr` as the sign-in takes. */
const LONGEST = 500;
const WORD = /^[!-~]+$/;

/** What the node refused: see `ApiFailure`. */
interface Refusal {
  readonly code: string;
  readonly members: Readonly<Record<string, unknown>>;
}

/**
 * Where one signs in again in the way that the node demanded, and in no other: its values of `acr`, the lowest that will do
 * first, and its age. Whoever changes them gains nothing, since the node judges each act by the token that comes of it.
 *
 * @returns null for a failure that no sign-in mends: another one, or where the identity provider has nothing strong enough
 */
export function stepUpLink({ code, members }: Refusal): string | null {
  if (code !== "assurance-too-low") return null;
  const { acrValues, maxAge } = members;
  const given: readonly unknown[] = Array.isArray(acrValues) ? acrValues : [];
  let acr = "";
  for (const value of given) {
    if (typeof value !== "string" || !WORD.test(value)) continue;
    const longer = acr === "" ? value : `${acr} ${value}`;
    if (longer.length > LONGEST) break;
    acr = longer;
  }
  if (acr === "") return null;
  const query = new URLSearchParams({ acr });
  if (typeof maxAge === "number") query.set("maxAge", String(maxAge));
  return `console/sign-in?${query.toString()}`;
}
