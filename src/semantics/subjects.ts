import type { Message } from "../domain/message.ts";
import { Problem } from "../domain/problems.ts";
import { isSubject, type Subject } from "../domain/subject.ts";
import type { DocumentType, SubjectRule } from "./document-type.ts";
import type { DocumentTypes } from "./document-types.ts";
import {
  isDocumentNumber,
  isKeyedSubject,
  isRandomSubject,
  keyedSubject,
  randomSubject,
} from "./private-subject.ts";
import type { SemanticsConfig } from "./semantics-config.ts";

/** A subject that says nothing to outsiders, and how it was made. */
export interface PrivateSubject {
  readonly subject: Subject;
  readonly rule: Exclude<SubjectRule, "plain">;
}

/** Makes the subjects of this node's documents, and holds its users to the rule of each document type. */
export class Subjects {
  readonly #types: DocumentTypes;
  readonly #rules: ReadonlyMap<string, SubjectRule>;
  readonly #secret: string | null;

  /**
   * @param rules by document type, where otherwise than the type itself says
   * @param secret what keyed subjects are made with; null where there is none
   * @throws Error where a rule is for a type that there is not, or wants a secret that there is not
   */
  constructor(types: DocumentTypes, rules: SemanticsConfig["subjects"]["rules"], secret: string | null) {
    const stranger = Object.keys(rules).find((name) => types.named(name) === null);
    if (stranger !== undefined) {
      throw new Error(`semantics.subjects.rules: there is no document type ${stranger}; take it out.`);
    }
    this.#types = types;
    this.#secret = secret;
    this.#rules = new Map(types.all.map(({ name, subjects }) => [name, rules[name] ?? subjects]));
    const keyed = [...this.#rules].find(([, rule]) => rule === "hmac");
    if (keyed !== undefined && secret === null) {
      throw new Error(`The document type ${keyed[0]} wants keyed subjects: set semantics.subjects.secret.`);
    }
  }

  /**
   * Makes a private subject for a document: at random where its type's rule says so, else keyed.
   *
   * @param typeName of the document type
   * @param number of the document
   * @throws Problem `document-type-unknown`, `subject-secret-missing` or `malformed-request`
   */
  privateSubject(typeName: string, number: string): PrivateSubject {
    const type = this.#types.named(typeName);
    if (type === null) {
      const names = this.#types.all.map(({ name }) => name).join(", ");
      throw new Problem(
        "document-type-unknown",
        `This node knows no such document type: name one of ${names}.`,
      );
    }
    if (this.#ruleOf(type) === "uuid") return { subject: randomSubject(), rule: "uuid" };
    if (this.#secret === null) {
      throw new Problem(
        "subject-secret-missing",
        "This node has no secret to make subjects with: ask its operator to set semantics.subjects.secret.",
      );
    }
    return { subject: keyedSubject(this.#secret, type.name, number), rule: "hmac" };
  }

  /**
   * Demands that a message that issues a document of a type has the kind of subject that the type's rule says. Messages
   * about what others issued are not asked: their subject is not this node's to choose.
   *
   * @throws Problem `subject-not-private`
   */
  check({ predicate, subject }: Pick<Message, "predicate" | "subject">): void {
    const type = this.#types.ofPredicate(predicate);
    if (type === null) return;
    const rule = this.#ruleOf(type);
    const fits = { plain: () => true, uuid: isRandomSubject, hmac: isKeyedSubject }[rule](subject);
    if (fits) return;
    const form = rule === "hmac" ? "urn:hmac-sha256:…" : "urn:uuid:…";
    throw new Problem(
      "subject-not-private",
      `The subject of a ${type.name} has the form ${form} at this node: POST /subjects/private makes one.`,
    );
  }

  /**
   * The subjects under which a document of a number can be looked for: the number itself, and what this node's own secret makes
   * of it. What others keyed, or made at random, cannot be found by a number.
   *
   * @param typeName of the document type
   * @param number as another document gives it
   */
  subjectsOfNumber(typeName: string, number: string): readonly Subject[] {
    if (!isDocumentNumber(number)) return [];
    const keyed = this.#secret === null ? [] : [keyedSubject(this.#secret, typeName, number)];
    return [...(isSubject(number) ? [number] : []), ...keyed];
  }

  /** The same for a document of whichever type. */
  subjectsOfAnyNumber(number: string): readonly Subject[] {
    return [...new Set(this.#types.all.flatMap(({ name }) => this.subjectsOfNumber(name, number)))];
  }

  #ruleOf(type: DocumentType): SubjectRule {
    return this.#rules.get(type.name) ?? type.subjects;
  }
}
