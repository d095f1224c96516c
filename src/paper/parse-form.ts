import { isPointer } from "../semantics/json-pointer.ts";
import { isRecord } from "../semantics/record.ts";
import { fail, listOf, membersOf } from "../semantics/strict-reading.ts";
import {
  formFieldKinds,
  formLanguages,
  type Form,
  type FormBox,
  type FormColumn,
  type FormField,
  type FormFieldKind,
  type FormTable,
  type FormText,
} from "./form.ts";

const FILE = "form.json";
const LONGEST_TEXT = 200;
const MOST_BOXES = 60;
const MOST_TABLES = 5;
const MOST_COLUMNS = 12;
const MOST_FIELDS = 40;
const MOST_SEALED = 20;
const MOST_OMITTED = 50;
const LARGEST_SHARE = 100;
const NUMBER = /^[1-9]\d{0,2}$/;
const CODE_LIST = /^[a-z][a-z0-9-]{0,63}$/;

/**
 * Reads the form of a document type (`document-types/README.md`), which somebody else may have written.
 *
 * @param value parsed JSON of `form.json`
 * @throws Error with a sentence that says what is wrong with it
 */
export function parseForm(value: unknown): Form {
  const record = membersOf(value, FILE, ["title", "boxes", "tables", "sealed", "omitted"]);
  const form = {
    title: textOf(record.title, `${FILE}, title,`),
    boxes: listOf(record.boxes, `${FILE}, boxes,`, MOST_BOXES).map(boxOf),
    tables: listOf(record.tables ?? [], `${FILE}, tables,`, MOST_TABLES).map(tableOf),
    sealed: listOf(record.sealed, `${FILE}, sealed,`, MOST_SEALED).map((field, place) =>
      fieldOf(field, `${FILE}, sealed[${place}],`, true),
    ),
    omitted: listOf(record.omitted ?? [], `${FILE}, omitted,`, MOST_OMITTED).map((pointer, place) =>
      pointerOf(pointer, `${FILE}, omitted[${place}],`),
    ),
  };
  if (form.boxes.length === 0) fail(`${FILE}, boxes,`, "has no box");
  const numbers = [...form.boxes, ...form.tables].map(({ number }) => number);
  const twice = numbers.find((number, place) => numbers.indexOf(number) !== place);
  if (twice !== undefined) fail(FILE, `has the number ${twice} twice`);
  return form;
}

function textOf(value: unknown, where: string): FormText {
  const record = membersOf(value, where, formLanguages);
  const textIn = (language: keyof FormText) => {
    const text = record[language];
    if (typeof text !== "string" || text.trim() === "" || text.length > LONGEST_TEXT) {
      fail(where, `needs ${language}, a text of ${LONGEST_TEXT} characters at most`);
    }
    return text;
  };
  return { en: textIn("en"), fr: textIn("fr"), es: textIn("es"), zh: textIn("zh") };
}

function numberOf(value: unknown, where: string): string {
  if (typeof value !== "string" || !NUMBER.test(value)) fail(where, "needs number, a text from 1 to 999");
  return value;
}

function pointerOf(value: unknown, where: string): string {
  if (typeof value !== "string" || !isPointer(value)) fail(where, "has a pointer that is no JSON pointer");
  return value;
}

function boxOf(value: unknown, place: number): FormBox {
  const where = `${FILE}, boxes[${place}],`;
  const record = membersOf(value, where, ["number", "label", "wide", "fields"]);
  const { wide = false } = record;
  if (typeof wide !== "boolean") fail(where, "has a wide that is neither true nor false");
  return {
    number: numberOf(record.number, where),
    label: textOf(record.label, `${where} label,`),
    wide,
    fields: fieldsOf(record.fields, `${where} fields`),
  };
}

function tableOf(value: unknown, place: number): FormTable {
  const where = `${FILE}, tables[${place}],`;
  const record = membersOf(value, where, ["number", "label", "each", "columns"]);
  const columns = listOf(record.columns, `${where} columns,`, MOST_COLUMNS).map((column, at) =>
    columnOf(column, `${where} columns[${at}],`),
  );
  if (columns.length === 0) fail(where, "has no column");
  return {
    number: numberOf(record.number, where),
    label: textOf(record.label, `${where} label,`),
    each: pointerOf(record.each, where),
    columns,
  };
}

function columnOf(value: unknown, where: string): FormColumn {
  const record = membersOf(value, where, ["label", "share", "fields"]);
  const { share = 1 } = record;
  if (typeof share !== "number" || !(share > 0 && share <= LARGEST_SHARE)) {
    fail(where, `has a share that is no number up to ${LARGEST_SHARE}`);
  }
  return {
    label: textOf(record.label, `${where} label,`),
    share,
    fields: fieldsOf(record.fields, `${where} fields`),
  };
}

function fieldsOf(value: unknown, where: string): readonly FormField[] {
  return listOf(value, `${where},`, MOST_FIELDS).map((field, at) =>
    fieldOf(field, `${where}[${at}],`, false),
  );
}

function fieldOf(value: unknown, where: string, sealed: boolean): FormField {
  const record = membersOf(value, where, ["pointer", "kind", "label"]);
  const { label = null } = record;
  const pointer = pointerOf(record.pointer, where);
  if (!sealed && pointer.split("/").includes("*"))
    fail(where, "has a * in its pointer, which only sealed facts may");
  return {
    pointer,
    kind: kindOf(record.kind ?? "text", `${where} kind,`),
    label: label === null ? null : textOf(label, `${where} label,`),
  };
}

function kindOf(value: unknown, where: string): FormFieldKind {
  if (isRecord(value)) {
    const { code, by } = membersOf(value, where, ["code", "by"]);
    if (typeof code !== "string" || !CODE_LIST.test(code)) fail(where, "names no code list");
    return by === undefined ? { code } : { code, by: pointerOf(by, where) };
  }
  return (
    formFieldKinds.find((kind) => kind === value) ?? fail(where, `is none of ${formFieldKinds.join(", ")}`)
  );
}
