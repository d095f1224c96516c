import { signal } from "@preact/signals";

import { keepHere, keptHere } from "../storage.ts";

/** The languages that the pages speak, each by its own name. */
export const languages = {
  en: "English",
  fr: "Français",
  es: "Español",
  zh: "中文",
} as const;

export type Language = keyof typeof languages;

const KEPT = "icl-language";

export function isLanguage(text: string | null | undefined): text is Language {
  return text !== null && text !== undefined && Object.hasOwn(languages, text);
}

/** What the reader chose before, or else the first of the browser's languages that the pages speak. */
function preferred(): Language {
  const asked = new URLSearchParams(location.search).get("lang");
  if (isLanguage(asked)) return asked;
  const kept = keptHere(KEPT);
  if (isLanguage(kept)) return kept;
  for (const tag of navigator.languages) {
    const [base] = tag.toLowerCase().split("-");
    if (isLanguage(base)) return base;
  }
  return "en";
}

/** The language that is spoken now; a component that reads it is drawn anew when it changes. */
export const language = signal<Language>(preferred());

/** Speaks another language from now on, and at the next visit. */
export function speak(chosen: Language): void {
  language.value = chosen;
  keepHere(KEPT, chosen);
}

/** As the browser writes that language, such as `en-GB`; else the language alone. */
function locale(): string {
  const own = navigator.languages.find((tag) => tag.toLowerCase().split("-")[0] === language.value);
  return own ?? language.value;
}

/** A moment as the reader writes it, to the minute, with its time zone. @param iso RFC 3339 */
export function moment(iso: string): string {
  return new Intl.DateTimeFormat(locale(), {
    ...{ year: "numeric", month: "long", day: "numeric" },
    ...{ hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" },
  }).format(new Date(iso));
}

/** A country's name in the reader's language. @param code ISO 3166-1 alpha-2 */
export function country(code: string): string {
  return new Intl.DisplayNames([language.value], { type: "region", fallback: "code" }).of(code) ?? code;
}
