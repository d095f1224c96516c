import path from "node:path";

import { DocumentForms } from "../paper/document-forms.ts";
import { isDocumentTypeName, subjectRules, type SubjectRule } from "../semantics/document-type.ts";
import { loadDocumentTypes } from "../semantics/document-types.ts";
import type { SemanticsConfig } from "../semantics/semantics-config.ts";
import { documentValidator } from "../semantics/validate-document.ts";
import { isTree, type Section } from "./reader.ts";
import type { SecretReader } from "./secret-reader.ts";

/**
 * Reads the section `semantics`.
 *
 * @param directory that relative paths start from
 */
export function readSemantics(root: Section, directory: string, secrets: SecretReader): SemanticsConfig {
  const semantics = root.section("semantics");
  const documentTypes = semantics.has("documentTypes")
    ? path.resolve(directory, semantics.text("documentTypes", { write: "the path of a directory" }))
    : null;
  const subjects = semantics.section("subjects");
  const rules = readRules(subjects);
  const secret = subjects.has("secret") ? secrets.token(subjects, "secret") : null;
  if (secret === null && Object.values(rules).includes("hmac")) {
    subjects.mistake(
      "secret",
      "is missing, and a rule says hmac; write {env: <variable>} or {file: <path>}.",
    );
  }
  subjects.end();
  semantics.end();
  if (documentTypes !== null || Object.keys(rules).length > 0) tryTypes(semantics, documentTypes, rules);
  return { documentTypes, subjects: { secret, rules } };
}

/** Loads the types as the node will, so that all that is wrong with them is told with the rest. */
function tryTypes(
  semantics: Section,
  documentTypes: string | null,
  rules: SemanticsConfig["subjects"]["rules"],
): void {
  try {
    const types = loadDocumentTypes(documentTypes);
    documentValidator(types);
    new DocumentForms(types);
    const stranger = Object.keys(rules).find((name) => types.named(name) === null);
    if (stranger === undefined) return;
    semantics.mistake("subjects.rules", `is for ${stranger}, which is no document type; take it out.`);
  } catch (error) {
    semantics.mistake("documentTypes", error instanceof Error ? error.message : String(error));
  }
}

function readRules(subjects: Section): Readonly<Record<string, SubjectRule>> {
  const value = subjects.raw("rules");
  if (value === undefined) return {};
  const entries = isTree(value) ? Object.entries(value) : [];
  const read = entries.flatMap(([name, word]) => {
    const rule = subjectRules.find((each) => each === word);
    return rule === undefined || !isDocumentTypeName(name) ? [] : [[name, rule] as const];
  });
  if (!isTree(value) || read.length !== entries.length) {
    subjects.mistake(
      "rules",
      `must say one of ${subjectRules.join(", ")} for each document type; write {<type>: hmac}.`,
    );
  }
  return Object.fromEntries(read);
}
