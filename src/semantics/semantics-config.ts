import type { SecretSource } from "../secret.ts";
import type { SubjectRule } from "./document-type.ts";

/** What a node is told of the documents it knows by meaning. */
export interface SemanticsConfig {
  /** Directory of the operator's own document types, a folder for each; null for none. */
  readonly documentTypes: string | null;
  readonly subjects: {
    /** What keyed subjects are made with; null where there are none. */
    readonly secret: SecretSource | null;
    /** How subjects are made, by document type, where otherwise than the type itself says. */
    readonly rules: Readonly<Record<string, SubjectRule>>;
  };
}

/** What holds where a node's configuration says nothing of it. */
export const plainSemantics: SemanticsConfig = {
  documentTypes: null,
  subjects: { secret: null, rules: {} },
};
