/** A text in each of the languages that forms are printed in. */
export interface FormText {
  readonly en: string;
  readonly fr: string;
  readonly es: string;
  readonly zh: string;
}

export type FormLanguage = keyof FormText;

/** How a value is written: `code` names the list of `document-types/code-lists` whose words explain it. */
export type FormFieldKind =
  | "text"
  | "party"
  | "place"
  | "date"
  | "country"
  | "quantity"
  | "money"
  | "yes-no"
  | "list"
  | { readonly code: string };

/** One value of a document, and where it stands in it. */
export interface FormField {
  /** JSON pointer into the document, or into a line of a table. */
  readonly pointer: string;
  readonly kind: FormFieldKind;
  /** What it is called; null where its box says enough. */
  readonly label: FormText | null;
}

/** A box of the form, as on paper: its number is what an officer says aloud. */
export interface FormBox {
  readonly number: string;
  readonly label: FormText;
  readonly fields: readonly FormField[];
}

/** A table of the form, such as that of the goods: a row for each item of a list. */
export interface FormTable {
  readonly number: string;
  readonly label: FormText;
  /** Pointer to the list. */
  readonly each: string;
  readonly columns: readonly { readonly label: FormText; readonly fields: readonly FormField[] }[];
}

/**
 * How a type of document is laid out for people (`form.json` of its folder): on paper, on the verifier's page and in the
 * console alike, so that box by box the one can be held against the other.
 */
export interface Form {
  readonly title: FormText;
  readonly boxes: readonly FormBox[];
  readonly tables: readonly FormTable[];
  /** The facts that an offline seal carries, most important first. */
  readonly sealed: readonly FormField[];
}
