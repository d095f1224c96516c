/** The languages that forms are printed in. */
export const formLanguages = ["en", "fr", "es", "zh"] as const;
export type FormLanguage = (typeof formLanguages)[number];

/** A text in each of those languages. */
export type FormText = Readonly<Record<FormLanguage, string>>;

/**
 * Ways of writing a value that need no list: most are those of `document-types/common.json`; a date is a day, or a time with its
 * offset; an identity is a DID, or who made a credential. A value that is a list is written item by item, whatever its kind.
 */
export const formFieldKinds = [
  "text",
  "party",
  "place",
  "date",
  "country",
  "quantity",
  "money",
  "percent",
  "yes-no",
  "list",
  "packages",
  "invoice",
  "document",
  "signature",
  "identity",
] as const;

/**
 * How a value is written. `code` names the list of `document-types/code-lists` whose words explain it; `by` points to the value
 * of the document whose part of that list is meant (`origin-criteria/RCEP`).
 */
export type FormFieldKind = (typeof formFieldKinds)[number] | { readonly code: string; readonly by?: string };

/** One value of a document, and where it stands in it. */
export interface FormField {
  /**
   * JSON pointer into the document, or into a line of a table. Among the sealed facts a step may be `*`: every item of a list.
   */
  readonly pointer: string;
  readonly kind: FormFieldKind;
  /** What it is called; null where its box says enough. */
  readonly label: FormText | null;
}

/** A box of the form, as on paper: its number is what an officer says aloud. */
export interface FormBox {
  readonly number: string;
  readonly label: FormText;
  /** Whether it takes the width of the paper; two boxes in a row that do not stand beside each other. */
  readonly wide: boolean;
  readonly fields: readonly FormField[];
}

/** A column of a table. */
export interface FormColumn {
  readonly label: FormText;
  /** Its width, in parts of the sum of all columns' shares. */
  readonly share: number;
  readonly fields: readonly FormField[];
}

/** A table of the form, such as that of the goods: a row for each item of a list. */
export interface FormTable {
  readonly number: string;
  readonly label: FormText;
  /** Pointer to the list. */
  readonly each: string;
  readonly columns: readonly FormColumn[];
}

/**
 * How a type of document is laid out for people (`form.json` of its folder): on paper, on the verifier's page and in the
 * console alike, so that box by box the one can be held against the other. Boxes and tables stand in the order of their numbers.
 */
export interface Form {
  readonly title: FormText;
  readonly boxes: readonly FormBox[];
  readonly tables: readonly FormTable[];
  /** The facts that an offline seal carries, most important first. */
  readonly sealed: readonly FormField[];
  /** Pointers to what is for programs only. Whatever else a document has and no field shows is shown under "not on the form". */
  readonly omitted: readonly string[];
}
