import { language, type Language } from "./language.ts";

/** What a page says, by key; `{name}` stands for a value. */
export type Messages = Readonly<Record<string, string>>;

/**
 * Makes the function by which a page speaks out of its message files, one for each language with the same keys.
 *
 * @returns the sentence of a key in the language spoken now, with its values filled in
 */
export function speaker<Own extends Messages>(
  files: Readonly<Record<Language, { readonly [Key in keyof Own]: string }>>,
): (key: keyof Own, values?: Readonly<Record<string, string | number>>) => string {
  return (key, values = {}) =>
    files[language.value][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
      Object.hasOwn(values, name) ? String(values[name]) : whole,
    );
}
