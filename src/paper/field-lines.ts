import { isRecord, type JsonRecord } from "../semantics/record.ts";
import type { FormFieldKind, FormLanguage } from "./form.ts";
import { translated } from "./code-words.ts";
import { formWords } from "./form-words.ts";
import type { KnownNames } from "./known-names.ts";
import { inEnglish, inSmall } from "./line-marks.ts";
import { visibleText } from "./visible-text.ts";

/** Words of codes by code list; a list that has parts of its own has one for each: `origin-criteria/RCEP`. */
export type CodeWords = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** In what words values are written. */
export interface Writing {
  readonly language: FormLanguage;
  readonly codeLists: CodeWords;
  /** Who is known by the ledger; nobody, where left out. */
  readonly names?: KnownNames;
}

const MOST_ITEMS = 1_000;
const MOST_DEPTH = 12;
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:\d{2})$/;
const COUNTRIES = ["country-codes", "customs-territories"];
const DID = /^did:[a-z0-9]{1,20}:[\w.:%-]{1,300}$/;
const CURRENCIES = "currency-codes";
/** What `Intl` takes for a code at all; it throws at others. */
const FORMS = { region: /^[A-Z]{2}$/, currency: /^[A-Z]{3}$/ } as const;

/**
 * Writes a value of a document in lines. Nothing of it is left out: what is not as its kind says is written as it stands,
 * member by member, and a list item by item.
 *
 * @param part of the code list, where its kind names one that has parts; null for none
 */
export function fieldLines(
  value: unknown,
  kind: FormFieldKind,
  part: string | null,
  writing: Writing,
): readonly string[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) {
    const items = value as readonly unknown[];
    if (isShortList(items, kind)) return [items.map((item) => oneLine(item, kind, part, writing)).join(", ")];
    const lines = items.slice(0, MOST_ITEMS).flatMap((item) => fieldLines(item, kind, part, writing));
    return items.length > MOST_ITEMS
      ? [...lines, formWords[writing.language].more(items.length - MOST_ITEMS)]
      : lines;
  }
  if (kind === "party" && isRecord(value)) return partyLines(value, writing);
  if (kind === "signature" && isRecord(value)) return signatureLines(value, writing);
  if (kind === "identity") return identityLines(isRecord(value) ? value : { id: value }, writing);
  return writtenOnce(value, kind, part, writing);
}

function isShortList(items: readonly unknown[], kind: FormFieldKind): boolean {
  if (items.length > MOST_ITEMS || kind === "text" || kind === "identity") return false;
  return items.length > 1 && items.every((item) => typeof item !== "object" || item === null);
}

function oneLine(value: unknown, kind: FormFieldKind, part: string | null, writing: Writing): string {
  return writtenOnce(value, kind, part, writing).join(", ");
}

function writtenOnce(
  value: unknown,
  kind: FormFieldKind,
  part: string | null,
  writing: Writing,
): readonly string[] {
  if (typeof kind === "object")
    return scalar(value, writing, (code) => worded(code, kind.code, part, writing));
  switch (kind) {
    case "date":
      return scalar(value, writing, writtenTime);
    case "country":
      return scalar(value, writing, (code) => countryName(code, writing));
    case "percent":
      return scalar(value, writing, (number) => `${number} %`);
    case "yes-no":
      if (typeof value !== "boolean") return anything(value, writing, 0);
      return [value ? formWords[writing.language].yes : formWords[writing.language].no];
    case "quantity":
      return joined(value, writing, ["value", "unitCode"], ([number = "", unit = ""]) =>
        spaced(number, worded(unit, "unit-codes", null, writing)),
      );
    case "money":
      return joined(value, writing, ["value", "currencyCode"], ([number = "", currency = ""]) =>
        spaced(number, worded(currency, CURRENCIES, null, writing)),
      );
    case "packages":
      return joined(value, writing, ["quantity", "typeCode"], ([number = "", type = ""]) =>
        spaced(number, worded(type, "package-type-codes", null, writing)),
      );
    case "invoice":
      return joined(value, writing, ["number", "date"], ([number = "", date = ""]) =>
        commas([number, writtenTime(date)]),
      );
    case "document":
      return joined(
        value,
        writing,
        ["number", "issueDate", "countryCode", "typeCode"],
        ([number = "", date = "", country = "", type = ""]) =>
          commas([
            number,
            writtenTime(date),
            countryName(country, writing),
            worded(type, "document-codes", null, writing),
          ]),
      );
    case "place":
      return joined(
        value,
        writing,
        ["name", "locode", "countryCode"],
        ([name = "", locode = "", country = ""]) =>
          commas([
            name === "" || locode === "" ? name + locode : `${name} (${locode})`,
            countryName(country, writing),
          ]),
      );
    default:
      return anything(value, writing, 0);
  }
}

function partyLines(party: JsonRecord, writing: Writing): readonly string[] {
  const { name, registrations, address, email, telephone, id, ...rest } = party;
  const registered = Array.isArray(registrations) ? (registrations as readonly unknown[]) : [];
  return [
    ...anything(name, writing, 0),
    ...(isRecord(address) ? addressLines(address, writing) : anything(address, writing, 0)),
    ...registered.flatMap((registration) =>
      joined(registration, writing, ["scheme", "value"], ([scheme = "", number = ""]) =>
        spaced(scheme, number),
      ),
    ),
    ...(Array.isArray(registrations) ? [] : anything(registrations, writing, 0)),
    ...anything(telephone, writing, 0),
    ...anything(email, writing, 0),
    ...(isDid(id) ? identityLines({ id }, writing).map(inSmall) : anything(id, writing, 0)),
    ...anything(rest, writing, 0),
  ];
}

/**
 * Who somebody is: by the ledger's word, with the identifier under it, or else by the identifier alone. How he calls himself stands
 * under that, and is said to be no more.
 */
function identityLines(identity: JsonRecord, writing: Writing): readonly string[] {
  const { id, name, ...rest } = identity;
  const { participant, callsItself, colon } = formWords[writing.language];
  const known = typeof id === "string" ? writing.names?.get(id) : undefined;
  const claims = [name].flatMap((each) => anything(each, writing, 0));
  return [
    ...(known === undefined
      ? anything(isDid(id) ? id : { id }, writing, 0)
      : [
          commas([known.domain, countryName(known.jurisdiction, writing)]),
          inSmall(commas([plainText(id), participant])),
        ]),
    ...claims.map((claim) => inSmall(`${callsItself}${colon}${claim}`)),
    ...anything(rest, writing, 0),
  ];
}

function isDid(value: unknown): boolean {
  return typeof value === "string" && DID.test(value);
}

function addressLines(address: JsonRecord, writing: Writing): readonly string[] {
  const { streetName, postcode, cityName, countrySubdivision, countryCode, ...rest } = address;
  const place = [postcode, cityName, countrySubdivision].flatMap((each) => anything(each, writing, 0));
  return [
    ...anything(streetName, writing, 0),
    ...(place.length === 0 ? [] : [place.join(" ")]),
    ...fieldLines(countryCode, "country", null, writing),
    ...anything(rest, writing, 0),
  ];
}

function signatureLines(signature: JsonRecord, writing: Writing): readonly string[] {
  const { signatoryName, capacity, place, date, ...rest } = signature;
  const who = [signatoryName, capacity].flatMap((each) => anything(each, writing, 0));
  const where = [
    ...(isRecord(place) ? writtenOnce(place, "place", null, writing) : anything(place, writing, 0)),
    ...fieldLines(date, "date", null, writing),
  ];
  return [
    ...(who.length === 0 ? [] : [who.join(", ")]),
    ...(where.length === 0 ? [] : [where.join(", ")]),
    ...anything(rest, writing, 0),
  ];
}

/** An object's known members written by `write`, which gets nothing for those that are missing; and then whatever else it has. */
function joined(
  value: unknown,
  writing: Writing,
  members: readonly string[],
  write: (texts: readonly string[]) => string,
): readonly string[] {
  if (!isRecord(value)) return anything(value, writing, 0);
  const plain = members.filter((name) => isPlain(value[name]));
  const rest = Object.fromEntries(Object.entries(value).filter(([name]) => !plain.includes(name)));
  const written = write(members.map((name) => (plain.includes(name) ? plainText(value[name]) : "")));
  return [...(written === "" ? [] : [written]), ...anything(rest, writing, 0)];
}

function scalar(value: unknown, writing: Writing, write: (text: string) => string): readonly string[] {
  return isPlain(value) ? [write(plainText(value))] : anything(value, writing, 0);
}

/** Any JSON value: members by their names, for want of better ones. */
function anything(value: unknown, writing: Writing, depth: number): readonly string[] {
  if (value === undefined || value === null) return [];
  if (isPlain(value)) return [plainText(value)];
  if (depth === MOST_DEPTH) return ["…"];
  if (Array.isArray(value)) {
    return (value as readonly unknown[])
      .slice(0, MOST_ITEMS)
      .flatMap((item) => anything(item, writing, depth + 1));
  }
  if (!isRecord(value)) return [];
  const { colon } = formWords[writing.language];
  return Object.entries(value).flatMap(([name, inner]) => {
    const lines = anything(inner, writing, depth + 1);
    return lines.map((line) => `${visibleText(name)}${colon}${line}`);
  });
}

function isPlain(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function plainText(value: unknown): string {
  return visibleText(String(value));
}

/** A code with its word: in the language where the platform or this project knows it, or else in English, marked as that. */
function worded(code: string, list: string, part: string | null, writing: Writing): string {
  if (code === "") return code;
  const { codeLists, language } = writing;
  const known = namedByPlatform(code, list, language);
  if (known !== null) return `${known} (${code})`;
  const name = part === null ? list : `${list}/${part}`;
  const words = Object.hasOwn(codeLists, name) ? codeLists[name] : undefined;
  const word = words !== undefined && Object.hasOwn(words, code) ? words[code] : undefined;
  if (word === undefined) return code;
  return `${translated(word, language) ?? inEnglish(word)} (${code})`;
}

/** The lists that `Intl` has the names of, in every language: by which list it is, not by how a code looks. */
function namedByPlatform(code: string, list: string, language: FormLanguage): string | null {
  const type = COUNTRIES.includes(list) ? "region" : list === CURRENCIES ? "currency" : null;
  if (type === null || !FORMS[type].test(code)) return null;
  return new Intl.DisplayNames([language], { type, fallback: "none" }).of(code) ?? null;
}

/** A day as it stands; a time with what it differs from UTC by. */
function writtenTime(text: string): string {
  const found = DATE_TIME.exec(text);
  if (found === null) return text;
  const [, day = "", time = "", offset = ""] = found;
  return `${day} ${time} ${offset === "Z" ? "UTC" : `UTC${offset}`}`;
}

function countryName(code: string, writing: Writing): string {
  return worded(code, "country-codes", null, writing);
}

function spaced(...texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join(" ");
}

function commas(texts: readonly string[]): string {
  return texts.filter((text) => text !== "").join(", ");
}
