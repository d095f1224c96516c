/** A step on the way to a value: a member's name, or an item's place. */
export type Step = string | number;
type Members = Readonly<Record<string, unknown>>;

const isMembers = (value: unknown): value is Members =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The JSON pointer (RFC 6901) of a way. */
export function pointerOf(path: readonly Step[]): string {
  return path.map((step) => `/${String(step).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The way that a pointer names; places of items are numbers. */
export function pathOf(pointer: string): readonly Step[] {
  return pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((step) => (/^\d{1,6}$/.test(step) ? Number(step) : step));
}

/** What stands at the end of a way; undefined where nothing does. */
export function valueIn(whole: unknown, path: readonly Step[]): unknown {
  let found = whole;
  for (const step of path) {
    if (Array.isArray(found)) found = (found as readonly unknown[])[Number(step)];
    else found = isMembers(found) && Object.hasOwn(found, step) ? found[step] : undefined;
  }
  return found;
}

/**
 * The same with another value at the end of a way; what is on the way is made.
 *
 * @param value undefined takes the member away, or the item out of its list
 */
export function withValue(whole: unknown, path: readonly Step[], value: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === "number") {
    const items = Array.isArray(whole) ? [...(whole as readonly unknown[])] : [];
    if (rest.length === 0 && value === undefined) return items.filter((_item, place) => place !== step);
    items[step] = withValue(items[step], rest, value);
    return items;
  }
  const members = isMembers(whole) ? whole : {};
  const changed = withValue(members[step], rest, value);
  if (changed !== undefined) return { ...members, [step]: changed };
  return Object.fromEntries(Object.entries(members).filter(([name]) => name !== step));
}

/**
 * A document without what was opened and left empty: texts, members and lists. Items keep their places, so that what is wrong
 * with one is shown at that one.
 */
export function pruned(value: unknown): unknown {
  if (typeof value === "string") return value.trim() === "" ? undefined : value.trim();
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => pruned(item) ?? {});
    const filled = items.some((item) => !isMembers(item) || Object.keys(item).length > 0);
    return filled ? items : undefined;
  }
  if (!isMembers(value)) return value;
  const entries = Object.entries(value).flatMap(([name, member]) => {
    const kept = pruned(member);
    return kept === undefined ? [] : [[name, kept] as const];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
