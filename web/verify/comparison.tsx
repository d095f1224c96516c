import { signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";

import type { NamedParticipant } from "../../src/paper/known-names.ts";
import { layOut } from "../../src/paper/lay-out.ts";
import type { Sheet } from "../../src/paper/sheet.ts";
import { language } from "../language/language.ts";
import { SheetText } from "../language/sheet-text.tsx";
import { comparedIn, type Compared } from "./compared.ts";
import { content, openAgain, type Content } from "./content.ts";
import { plainSheet, type DocumentType } from "./document-content.ts";
import type { Presented } from "./presented.ts";
import { say, type Key } from "./say.ts";
import { participants } from "./seal-check.ts";
import type { Certificate } from "./verification.ts";

interface ComparisonProps {
  readonly presented: Presented;
  readonly certificate: Certificate | null;
}

/** The content of the certificate, to be held against the paper; or why it is not shown. */
export function Comparison({ presented, certificate }: ComparisonProps) {
  const { value } = content;
  return (
    <section class="card" aria-labelledby="content-title">
      <h2 id="content-title">{say("content-title")}</h2>
      <Shown
        content={value}
        presented={presented}
        issuer={certificate?.issuer ?? say("not-known")}
        named={namedBy(certificate)}
      />
    </section>
  );
}

/** Whom the ledger knows: those of the certificate, and of the trust list as soon as it is here. */
function namedBy(certificate: Certificate | null): readonly NamedParticipant[] {
  if (certificate === null) return participants.value;
  const { issuer, jurisdiction, receiver, receiverJurisdiction } = certificate;
  const sides = [
    { domain: issuer, jurisdiction },
    { domain: receiver, jurisdiction: receiverJurisdiction },
  ].flatMap(({ domain, jurisdiction: where }) => (where === null ? [] : { domain, jurisdiction: where }));
  return [...participants.value, ...sides];
}

interface ShownProps {
  readonly content: Content;
  readonly presented: Presented;
  readonly issuer: string;
  readonly named: readonly NamedParticipant[];
}

function Shown({ content: shown, presented, issuer, named }: ShownProps) {
  switch (shown.kind) {
    case "none":
      return <p>{say("content-hash-only")}</p>;
    case "opening":
      return <p role="status">{say("content-opening")}</p>;
    case "missing":
      return <p>{say("content-missing", { issuer })}</p>;
    case "false":
      return (
        <p class="notice bad" role="alert">
          {say("content-false")}
        </p>
      );
    case "unreachable":
      return (
        <>
          <p>{say("content-unreachable")}</p>
          <button
            type="button"
            onClick={() => {
              openAgain(presented);
            }}
          >
            {say("try-now")}
          </button>
        </>
      );
    case "file":
      return <SavedFile blob={shown.blob} name={shown.name} />;
    case "document":
      return <Document shown={shown} issuer={issuer} named={named} />;
  }
}

function SavedFile({ blob, name }: { readonly blob: Blob; readonly name: string }) {
  const [address, setAddress] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => {
      URL.revokeObjectURL(made);
    };
  }, [blob]);
  return (
    <>
      <p>{say("content-unknown")}</p>
      <a
        class="button"
        href={address}
        download={name.endsWith(".pdf") || blob.type !== "application/pdf" ? name : `${name}.pdf`}
      >
        {say("content-save")}
      </a>
    </>
  );
}

/** A document by the form of its type; without one, or with one that this page cannot read, value by value. */
function sheetOf(
  document: unknown,
  type: DocumentType | null,
  named: readonly NamedParticipant[],
): { readonly sheet: Sheet; readonly isPlain: boolean } {
  if (type !== null && type.form !== null) {
    try {
      return { sheet: layOut(type.form, document, language.value, type.codeLists, named), isPlain: false };
    } catch {
      // A node that is newer than this page.
    }
  }
  return { sheet: plainSheet(document, type?.name ?? ""), isPlain: true };
}

type Mark = "agrees" | "differs";

/** Whether somebody has marked that the paper differs: then the answer above is not about this paper. */
export const differs = signal(false);

interface DocumentProps {
  readonly shown: Extract<Content, { readonly kind: "document" }>;
  readonly issuer: string;
  readonly named: readonly NamedParticipant[];
}

function Document({ shown, issuer, named }: DocumentProps) {
  const { document, type, from } = shown;
  const [marks, setMarks] = useState<ReadonlyMap<string, Mark>>(new Map());
  useEffect(() => {
    setMarks(new Map());
    return () => {
      differs.value = false;
    };
  }, [document]);
  const { sheet, isPlain } = sheetOf(document, type, named);
  const all = comparedIn(sheet);
  const differing = all.filter(({ key }) => marks.get(key) === "differs");
  return (
    <>
      <p>{say(from === "file" ? "content-from-file" : "content-from-code")}</p>
      {isPlain && <p class="hint">{say("content-generic")}</p>}
      {sheet.title !== "" && <p class="verify-sheet-title">{sheet.title}</p>}
      <div class="verify-boxes">
        {all.map((each) => (
          <Box
            key={each.key}
            compared={each}
            mark={marks.get(each.key) ?? null}
            choose={(mark) => {
              const after = new Map(marks).set(each.key, mark);
              setMarks(after);
              differs.value = [...after.values()].includes("differs");
            }}
          />
        ))}
      </div>
      <Progress all={all} done={marks.size} differing={differing} issuer={issuer} />
    </>
  );
}

interface BoxProps {
  readonly compared: Compared;
  readonly mark: Mark | null;
  readonly choose: (mark: Mark) => void;
}

const choices: readonly (readonly [Mark, Key])[] = [
  ["agrees", "agrees"],
  ["differs", "differs"],
];

function Box({ compared: { key, number, label, row, lines }, mark, choose }: BoxProps) {
  return (
    <fieldset class={`verify-box ${mark ?? "open"}`}>
      <legend>
        <span class="verify-box-number">{say("box", { number })}</span> {label}
        {row !== null && ` – ${say("row", { row })}`}
      </legend>
      <div class="verify-box-lines">
        {lines.length === 0 ? (
          <p class="hint">{say("empty")}</p>
        ) : (
          lines.map((line, place) => (
            <p key={place}>
              {line.label !== null && <span class="verify-column">{line.label}</span>}
              <bdi>
                <SheetText line={line.line} />
              </bdi>
            </p>
          ))
        )}
      </div>
      <div class="verify-marks no-print">
        {choices.map(([value, words]) => (
          <label key={value} class={`verify-mark ${value}`}>
            <input
              type="radio"
              name={`box-${key}`}
              checked={mark === value}
              onChange={() => {
                choose(value);
              }}
            />
            {say(words)}
          </label>
        ))}
      </div>
      {mark !== null && <p class="verify-printed">{say(mark)}</p>}
    </fieldset>
  );
}

interface ProgressProps {
  readonly all: readonly Compared[];
  readonly done: number;
  readonly differing: readonly Compared[];
  readonly issuer: string;
}

function Progress({ all, done, differing, issuer }: ProgressProps) {
  const line = say("progress", { done, all: all.length, differ: differing.length });
  const boxes = differing
    .map(({ number, label, row }) =>
      row === null ? `${number} ${label}` : `${number} ${label} (${say("row", { row })})`,
    )
    .join(" · ");
  return (
    <>
      <label class="verify-progress">
        {line}
        <progress max={all.length} value={done} />
      </label>
      <div role="status">
        {differing.length > 0 && (
          <div class="notice bad">
            <h3>{say("differs-title")}</h3>
            <p>{say("differs-text", { boxes })}</p>
            <p>{say("differs-do", { issuer })}</p>
          </div>
        )}
        {differing.length === 0 && done > 0 && done === all.length && (
          <div class="notice good">
            <h3>{say("all-agree-title")}</h3>
            <p>{say("all-agree-text")}</p>
          </div>
        )}
      </div>
    </>
  );
}
