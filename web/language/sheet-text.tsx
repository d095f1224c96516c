import type { SheetLine } from "../../src/paper/sheet.ts";

/** A line of a document that was laid out: what is English in it is read aloud as that, what only explains is small. */
export function SheetText({ line }: { readonly line: SheetLine }) {
  return (
    <>
      {line.map(({ text, isEnglish, isSmall }, place) =>
        isEnglish || isSmall ? (
          <span key={place} {...(isEnglish ? { lang: "en" } : {})} {...(isSmall ? { class: "hint" } : {})}>
            {text}
          </span>
        ) : (
          text
        ),
      )}
    </>
  );
}
