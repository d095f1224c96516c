import { isLanguage, language, languages, speak } from "./language.ts";

/** Chooses the language; the browser and its reader learn of it from the document's own `lang`. */
export function LanguageMenu({ label }: { readonly label: string }) {
  document.documentElement.lang = language.value;
  return (
    <select
      aria-label={label}
      value={language.value}
      onChange={({ currentTarget: { value } }) => {
        if (isLanguage(value)) speak(value);
      }}
    >
      {Object.entries(languages).map(([code, name]) => (
        <option key={code} value={code} lang={code}>
          {name}
        </option>
      ))}
    </select>
  );
}
