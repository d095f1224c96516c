import { useState } from "preact/hooks";

import type { Own } from "./schema-field.tsx";
import type { Asked } from "./schema.ts";
import { codeWordsAt, useFilling } from "./filling.ts";
import type { Step } from "./values.ts";

/** Up to this many codes are chosen from a list that is seen whole. */
const FEW = 15;

/**
 * A code with its word. Few are chosen; many are looked for by code or by word, as the browser's own list does it. A text
 * without codes is a plain one.
 */
export function CodeField({
  asked,
  path,
  text,
  own,
  put,
}: {
  readonly asked: Asked;
  readonly path: readonly Step[];
  readonly text: string;
  readonly own: Own;
  readonly put: (value: string) => void;
}) {
  const [open, setOpen] = useState(false);
  const words = codeWordsAt(useFilling(), path, asked.lists);
  const codes = asked.codes.length > 0 ? asked.codes : Object.keys(words ?? {});
  const { longest } = asked;
  if (codes.length === 0) {
    return (
      <input
        {...own}
        value={text}
        {...(longest === null ? {} : { maxLength: longest })}
        onInput={({ currentTarget: { value } }) => {
          put(value);
        }}
      />
    );
  }
  const named = (code: string) => (words?.[code] === undefined ? code : `${code} – ${words[code]}`);
  if (codes.length <= FEW) {
    return (
      <select
        {...own}
        value={text}
        onChange={({ currentTarget: { value } }) => {
          put(value);
        }}
      >
        <option value="">–</option>
        {(text === "" || codes.includes(text) ? codes : [text, ...codes]).map((code) => (
          <option key={code} value={code}>
            {named(code)}
          </option>
        ))}
      </select>
    );
  }
  return (
    <>
      <input
        {...own}
        list={`${own.id}-codes`}
        autocomplete="off"
        spellcheck={false}
        value={text}
        onFocus={() => {
          setOpen(true);
        }}
        onBlur={() => {
          setOpen(false);
        }}
        onInput={({ currentTarget: { value } }) => {
          put(value);
        }}
        onChange={({ currentTarget: { value } }) => {
          put(codeMeant(value, codes, words ?? {}));
        }}
      />
      <output class="word" for={own.id}>
        {words?.[text] ?? ""}
      </output>
      <datalist id={`${own.id}-codes`}>
        {/* A certificate has many fields of a thousand codes: only the one in use lists them. */}
        {open &&
          codes.map((code) => (
            <option key={code} value={code}>
              {words?.[code] ?? code}
            </option>
          ))}
      </datalist>
    </>
  );
}

/** The code that somebody means who wrote it small, or wrote its word; what means none stays as it is. */
function codeMeant(text: string, codes: readonly string[], words: Readonly<Record<string, string>>): string {
  const typed = text.trim();
  const known = codes.find((code) => code.toLowerCase() === typed.toLowerCase());
  const worded = codes.find((code) => words[code]?.toLowerCase() === typed.toLowerCase());
  return known ?? worded ?? typed;
}
