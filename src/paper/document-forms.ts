import { bundleSchema } from "../semantics/bundle-schema.ts";
import type { DocumentMessageType, DocumentType, LifeCycleState } from "../semantics/document-type.ts";
import type { DocumentTypes } from "../semantics/document-types.ts";
import type { JsonRecord } from "../semantics/record.ts";
import type { CodeWords } from "./field-lines.ts";
import type { Form } from "./form.ts";
import { genericForm } from "./generic-form.ts";
import { sealedFacts } from "./lay-out.ts";
import { parseForm } from "./parse-form.ts";
import { isOfType } from "./shown-document.ts";
import { withoutIsolates } from "./visible-text.ts";

/** What everybody may know of a document type, in short. */
export interface ListedType {
  readonly name: string;
  readonly title: string;
  readonly credentialType: string;
  /** The message types whose document is of this kind. */
  readonly documentOf: readonly string[];
  readonly messageTypes: readonly DocumentMessageType[];
}

/** What everybody may know of a document type: enough to write, check and lay out documents of it. */
export interface PublishedType extends ListedType {
  /** Its own, or one made from its schema. */
  readonly form: Form;
  /** Refers to nothing outside itself. */
  readonly schema: JsonRecord;
  readonly codeLists: CodeWords;
  readonly lifeCycle: readonly LifeCycleState[];
  /** JSON pointer to the document's number. */
  readonly number: string;
  /** A valid document to begin from; null for none. */
  readonly sample: JsonRecord | null;
}

/** How people see the document types of a node. */
export class DocumentForms {
  readonly #documentTypes: DocumentTypes;
  readonly #types: ReadonlyMap<string, PublishedType>;

  /** @throws Error where a type's form is wrong, or its schema refers to one that there is not: which, and how */
  constructor(types: DocumentTypes) {
    this.#documentTypes = types;
    this.#types = new Map(types.all.map((type) => [type.name, publish(types, type)]));
  }

  get all(): readonly ListedType[] {
    return [...this.#types.values()].map(({ name, title, credentialType, documentOf, messageTypes }) => {
      return { name, title, credentialType, documentOf, messageTypes };
    });
  }

  named(name: string): PublishedType | null {
    return this.#types.get(name) ?? null;
  }

  /**
   * The types that a document calls itself by, of those that this node knows; more than one only where somebody wants it to be
   * taken for another.
   *
   * @param document as whoever holds its paper is shown it
   */
  calledIn(document: unknown): readonly ListedType[] {
    return this.all.filter(({ credentialType }) => isOfType(document, credentialType));
  }

  /**
   * What a document says of the facts that its type has sealed, most important first: the English name of each, and the fact.
   * Nothing for a document of no type that this node knows.
   *
   * @param document parsed JSON: the payload, where it is a signed credential
   */
  factsOf(document: unknown): readonly (readonly [label: string, fact: string])[] {
    const type = this.#documentTypes.ofDocument(document);
    const form = type === null ? null : this.named(type.name)?.form;
    if (form === null || form === undefined) return [];
    return sealedFacts(form, document).map(({ field, values }) => [
      field.label?.en ?? field.pointer,
      withoutIsolates(values.join(", ")),
    ]);
  }
}

function publish(types: DocumentTypes, type: DocumentType): PublishedType {
  const { name, title, credentialType, documentOf, messageTypes, lifeCycle, formDocument } = type;
  try {
    const { schema, codeLists } = bundleSchema(types, type.schemaDocument);
    const form = formDocument === null ? genericForm(title, schema, type.number) : parseForm(formDocument);
    return {
      ...{ name, title, credentialType, documentOf, messageTypes, form, schema, codeLists, lifeCycle },
      ...{ number: type.number, sample: type.sampleDocument },
    };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Error(`The document type ${name} cannot be laid out for people: ${why}`, { cause: error });
  }
}
