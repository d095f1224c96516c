import { say } from "../say.ts";
import type { Fault } from "./check.ts";
import { CodeField } from "./code-field.tsx";
import { focusIn, groupLabelOf, idOf, labelOf, sentenceOfFault, useFilling } from "./filling.ts";
import { askedOf, type Asked, type Schema } from "./schema.ts";
import { pointerOf, valueIn, type Step } from "./values.ts";

/** Where a field stands, and what its schema says of it. */
interface Place {
  readonly path: readonly Step[];
  readonly schema: Schema;
  readonly required: boolean;
}

const DEEPEST = 12;

/** What people do not fill in: what is made by chance, and what has but one value. */
function isAsked(name: string, { kind }: Asked, required: boolean, path: readonly Step[]): boolean {
  if (kind === "fixed" || name === "salt") return false;
  // The document's own names are the node's business.
  return required || path.length > 1 || (name !== "id" && name !== "type");
}

/** A part of a document, as a form asks for it: whatever its schema says it is. */
export function SchemaField({ path, schema, required }: Place) {
  const { type } = useFilling();
  const asked = askedOf(schema, type.schema);
  if (path.length > DEEPEST) return null;
  switch (asked.kind) {
    case "object":
      return <Group path={path} asked={asked} required={required} />;
    case "list":
      return <List path={path} asked={asked} required={required} />;
    case "fixed":
      return null;
    default:
      return <Single path={path} asked={asked} required={required} />;
  }
}

interface Part {
  readonly path: readonly Step[];
  readonly asked: Asked;
  readonly required: boolean;
}

/** The members of an object: single values beside each other, groups below. */
export function Members({ path, asked }: Omit<Part, "required">) {
  const { type } = useFilling();
  return (
    <div class="members">
      {asked.members.map(({ name, schema, required }) =>
        isAsked(name, askedOf(schema, type.schema), required, path) ? (
          <SchemaField key={name} path={[...path, name]} schema={schema} required={required} />
        ) : null,
      )}
    </div>
  );
}

function Group({ path, asked, required }: Part) {
  const { type, document, put, faults } = useFilling();
  const there = required || valueIn(document, path) !== undefined;
  const label = groupLabelOf(type, path);
  const fault = faults.get(pointerOf(path));
  if (!there) {
    const add = () => {
      put(path, {});
      focusIn(path);
    };
    return <Absent path={path} label={label} fault={fault} add={add} />;
  }
  return (
    <fieldset class="group">
      <legend>
        {label}
        {required && <Needed />}
      </legend>
      {asked.title !== "" && asked.title !== label && <p class="hint">{asked.title}</p>}
      {fault !== undefined && (
        <p class="fault" id={idOf(path)} tabIndex={-1}>
          {sentenceOfFault(fault)}
        </p>
      )}
      <Members path={path} asked={asked} />
      {!required && <Remove path={path} label={label} />}
    </fieldset>
  );
}

/** What need not be there, and is not: the way to add it. */
function Absent({
  path,
  label,
  fault,
  add,
}: {
  readonly path: readonly Step[];
  readonly label: string;
  readonly fault: Fault | undefined;
  readonly add: () => void;
}) {
  return (
    <div class="absent">
      <button type="button" id={idOf(path)} onClick={add}>
        + {label}
      </button>
      {fault !== undefined && <p class="fault">{sentenceOfFault(fault)}</p>}
    </div>
  );
}

function List({ path, asked, required }: Part) {
  const { type, document, put, faults } = useFilling();
  const value = valueIn(document, path);
  const items = Array.isArray(value) ? (value as readonly unknown[]) : required ? [undefined] : [];
  const label = labelOf(type, path);
  const fault = faults.get(pointerOf(path));
  const { item } = asked;
  if (item === null) return null;
  const itemAsked = askedOf(item, type.schema);
  const add = () => {
    const fresh = itemAsked.kind === "object" ? numbered(itemAsked, items.length) : "";
    // The first line of a list that must have one is shown before it is there.
    const before = Array.isArray(value) ? (value as readonly unknown[]) : items.map(() => ({}));
    put(path, [...before, fresh]);
    focusIn([...path, before.length]);
  };
  if (items.length === 0) return <Absent path={path} label={label} fault={fault} add={add} />;
  return (
    <fieldset class="group list">
      <legend>
        {label}
        {required && <Needed />}
      </legend>
      {asked.title !== "" && asked.title !== label && <p class="hint">{asked.title}</p>}
      {items.map((_value, place) => (
        <div class="item" key={place}>
          {itemAsked.kind === "object" ? (
            <fieldset class="line">
              <legend>{say("line", { number: place + 1 })}</legend>
              <Members path={[...path, place]} asked={itemAsked} />
            </fieldset>
          ) : (
            <SchemaField path={[...path, place]} schema={item} required />
          )}
          {(items.length > 1 || !required) && (
            <Remove path={[...path, place]} label={say("line", { number: place + 1 })} />
          )}
        </div>
      ))}
      {fault !== undefined && <p class="fault">{sentenceOfFault(fault)}</p>}
      {items.length < asked.most && (
        <button type="button" id={idOf(path)} onClick={add}>
          + {say("add-line")}
        </button>
      )}
    </fieldset>
  );
}

/** A fresh line, counted where its kind has a number for that. */
function numbered(asked: Asked, count: number): Readonly<Record<string, unknown>> {
  const counted = asked.members.some(({ name }) => name === "sequenceNumber");
  return counted ? { sequenceNumber: count + 1 } : {};
}

function Remove({ path, label }: { readonly path: readonly Step[]; readonly label: string }) {
  const { put } = useFilling();
  return (
    <button
      type="button"
      class="remove"
      onClick={() => {
        put(path, undefined);
        // The button goes with what it takes away: whoever uses the keyboard goes on where it can be added again.
        focusIn(typeof path.at(-1) === "number" ? path.slice(0, -1) : path, true);
      }}
    >
      {say("remove", { what: label })}
    </button>
  );
}

function Needed() {
  return (
    <span class="needed" title={say("needed")}>
      {" *"}
    </span>
  );
}

function Single({ path, asked, required }: Part) {
  const filling = useFilling();
  const { type, document, faults } = filling;
  const value = valueIn(document, path);
  const label = labelOf(type, path);
  const fault = faults.get(pointerOf(path));
  const id = idOf(path);
  const text = typeof value === "string" || typeof value === "number" ? String(value) : "";
  const described = [fault === undefined ? "" : `${id}-fault`, `${id}-hint`].filter(Boolean).join(" ");
  const own = {
    id,
    required,
    "aria-invalid": fault === undefined ? undefined : ("true" as const),
    "aria-describedby": described,
  };
  const put = (next: unknown) => {
    filling.put(path, next);
  };
  if (asked.kind === "yes-no") {
    return (
      <label class="tick">
        <input
          {...own}
          required={false}
          type="checkbox"
          checked={value === true}
          onChange={({ currentTarget: { checked } }) => {
            put(checked ? true : undefined);
          }}
        />
        <span>
          {label}
          <span class="hint" id={`${id}-hint`}>
            {asked.title !== label ? ` ${asked.title}` : ""}
          </span>
          {fault !== undefined && (
            <span class="fault" id={`${id}-fault`}>
              {sentenceOfFault(fault)}
            </span>
          )}
        </span>
      </label>
    );
  }
  return (
    <div class={`field${asked.isProse ? " long" : ""}`}>
      <label for={id}>
        {label}
        {required && <Needed />}
      </label>
      <Control asked={asked} path={path} text={text} own={own} put={put} />
      <span class="hint" id={`${id}-hint`}>
        {asked.title !== label && asked.kind !== "day" ? asked.title : ""}
      </span>
      {fault !== undefined && (
        <span class="fault" id={`${id}-fault`}>
          {sentenceOfFault(fault)}
        </span>
      )}
    </div>
  );
}

/** What a control and its field have in common. */
export interface Own {
  readonly id: string;
  readonly required: boolean;
  readonly "aria-invalid": "true" | undefined;
  readonly "aria-describedby": string;
}

function Control({
  asked,
  path,
  text,
  own,
  put,
}: {
  readonly asked: Asked;
  readonly path: readonly Step[];
  readonly text: string;
  readonly own: Own;
  readonly put: (value: unknown) => void;
}) {
  const typed = (value: string) => {
    put(value === "" ? undefined : value);
  };
  const onInput = ({ currentTarget: { value } }: { readonly currentTarget: { readonly value: string } }) => {
    typed(value);
  };
  switch (asked.kind) {
    case "day":
      return <input {...own} type="date" value={text} onInput={onInput} />;
    case "whole-number":
      return (
        <input
          {...own}
          inputMode="numeric"
          value={text}
          onInput={({ currentTarget: { value } }) => {
            // What is no number stays as it was typed, and is found wrong.
            put(value === "" ? undefined : /^\d{1,15}$/.test(value) ? Number(value) : value);
          }}
        />
      );
    case "code":
      return <CodeField asked={asked} path={path} text={text} own={own} put={typed} />;
    default:
      return asked.isProse ? (
        <textarea {...own} rows={3} value={text} onInput={onInput} />
      ) : asked.lists.length > 0 || asked.kind === "text" ? (
        <CodeField asked={asked} path={path} text={text} own={own} put={typed} />
      ) : (
        <input {...own} value={text} onInput={onInput} />
      );
  }
}
