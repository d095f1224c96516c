import { createContext } from "preact";
import { useContext } from "preact/hooks";

import type { FormField, FormTable } from "../../../../src/paper/form.ts";
import { language } from "../../../language/language.ts";
import type { DocumentTypeRecord } from "../document-types.ts";
import { say, sayWord } from "../say.ts";
import type { Fault } from "./check.ts";
import { pointerOf, valueIn, type Step } from "./values.ts";

/** What every field of a form knows. */
export interface Filling {
  readonly type: DocumentTypeRecord;
  /** The document so far; what is filled in stands under `credentialSubject`. */
  readonly document: unknown;
  /** What is wrong, by pointer; nothing is shown before it is asked for. */
  readonly faults: ReadonlyMap<string, Fault>;
  /** Puts a value; undefined takes it away. */
  readonly put: (path: readonly Step[], value: unknown) => void;
}

const context = createContext<Filling | null>(null);
export const FillingProvider = context.Provider;

export function useFilling(): Filling {
  const filling = useContext(context);
  if (filling === null) throw new Error("A field stands outside a form.");
  return filling;
}

/** The id of a field in the page. */
export function idOf(path: readonly Step[]): string {
  return `field${pointerOf(path).replaceAll("/", ".")}`;
}

/**
 * Goes to a place of the form once it is drawn.
 *
 * @param itself to what has the place's own id; else to the first field in it
 */
export function focusIn(path: readonly Step[], itself = false): void {
  setTimeout(() => {
    const id = idOf(path);
    const inside = `:is(input, select, textarea)[id^="${id}."]`;
    const found = itself ? document.getElementById(id) : document.querySelector<HTMLElement>(inside);
    (found ?? document.getElementById(id))?.focus();
  });
}

/** A fault in words. */
export function sentenceOfFault({ keyword, sentence }: Fault): string {
  return sentence === "" ? (sayWord("fault", keyword) ?? say("fault-other")) : sentence;
}

/** A field of the type's form at a place of the document, where the form has one. */
function formField({ form }: DocumentTypeRecord, path: readonly Step[]): FormField | null {
  if (form === null) return null;
  const pointer = pointerOf(path);
  const fields = form.boxes.flatMap((box) => box.fields);
  const plain = fields.find((field) => field.pointer === pointer);
  if (plain !== undefined) return plain;
  const inLine = (table: FormTable) => {
    const line = path.findIndex(
      (step, place) => typeof step === "number" && pointerOf(path.slice(0, place)) === table.each,
    );
    const rest = pointerOf(path.slice(line + 1));
    return line < 0
      ? undefined
      : table.columns.flatMap((each) => each.fields).find((field) => field.pointer === rest);
  };
  for (const table of form.tables) {
    const found = inLine(table);
    if (found !== undefined) return found;
  }
  return null;
}

/** What a field is called: as on paper, else as the pages call it, else by its name, spelt out. */
export function labelOf(type: DocumentTypeRecord, path: readonly Step[]): string {
  const label = formField(type, path)?.label;
  if (label !== null && label !== undefined) return label[language.value];
  const name = path.findLast((step) => typeof step === "string") ?? "";
  return sayWord("field", name) ?? spelt(name);
}

/** What a part with several fields is called: as the pages call it, since on paper its box may hold several. */
export function groupLabelOf(type: DocumentTypeRecord, path: readonly Step[]): string {
  return sayWord("field", String(path.at(-1))) ?? labelOf(type, path);
}

function spelt(name: string): string {
  const words = name.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Words of the codes that may stand at a place: of the schema's code lists, or of the list that the form names. */
export function codeWordsAt(
  { type, document }: Filling,
  path: readonly Step[],
  lists: readonly string[],
): Readonly<Record<string, string>> | null {
  const known = lists.flatMap((name) => {
    const words = type.codeLists[name];
    return words === undefined ? [] : [words];
  });
  if (known.length > 0) return Object.assign({}, ...known) as Readonly<Record<string, string>>;
  const kind = formField(type, path)?.kind as
    { readonly code?: string; readonly by?: string } | string | undefined;
  if (typeof kind !== "object" || kind.code === undefined) return null;
  const by = kind.by === undefined ? "" : valueIn(document, kind.by.split("/").slice(1));
  const part = typeof by === "string" && by !== "" ? `${kind.code}/${by}` : kind.code;
  return type.codeLists[part] ?? null;
}
