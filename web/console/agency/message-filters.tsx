import { Choice } from "../choice.tsx";
import { linkTo } from "../route.ts";
import { partnerName, partnersOn } from "./channels.ts";
import { messageStatuses, type ChannelRecord } from "./node-records.ts";
import { messageName } from "./say-message.tsx";
import { say, sayWord } from "./say.ts";

const names = ["direction", "status", "predicate", "partner", "number", "subject"] as const;

/** What is looked for; an empty text lets everything through. */
export type MessageFilter = Readonly<Record<(typeof names)[number], string>>;

/** The filter that an address carries. */
export function filterIn(query: URLSearchParams): MessageFilter {
  return Object.fromEntries(names.map((name) => [name, query.get(name) ?? ""])) as MessageFilter;
}

/** The filter as a query of `GET /messages`. */
export function queryOf(filter: MessageFilter): string {
  return new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== "")).toString();
}

/** Chooses what is looked for. It is kept in the address: what is seen can be sent to a colleague, and comes back with Back. */
export function MessageFilters({
  filter,
  channels,
}: {
  readonly filter: MessageFilter;
  readonly channels: readonly ChannelRecord[];
}) {
  const choose = (name: keyof MessageFilter, value: string) => {
    location.replace(linkTo(["messages"], { ...filter, [name]: value.trim() }));
  };
  const predicates = [
    ...new Set(channels.flatMap(({ messageTypes }) => messageTypes.map(({ predicate }) => predicate))),
  ];
  const chosen = names.filter((name) => filter[name] !== "").length;
  const choice = (
    name: keyof MessageFilter,
    values: readonly string[],
    word: (value: string) => string | null,
  ) => (
    <Choice
      label={sayWord("filter", name) ?? name}
      value={filter[name]}
      values={values}
      word={(each) => word(each) ?? each}
      everything={say("filter-all")}
      onChoose={(value) => {
        choose(name, value);
      }}
    />
  );
  return (
    <search class="filters">
      {choice("direction", ["outgoing", "incoming"], (each) => sayWord("only", each))}
      {choice("status", messageStatuses, (status) => sayWord("status", status))}
      {choice("predicate", predicates, messageName)}
      {choice(
        "partner",
        partnersOn(channels).map(({ domain }) => domain),
        (domain) => partnerName(domain, channels),
      )}
      <Text name="number" value={filter.number} choose={choose} longest={70} />
      <Text name="subject" value={filter.subject} choose={choose} longest={200} />
      {chosen > 0 && (
        <a class="button" href={linkTo(["messages"])}>
          {say("filter-none")}
        </a>
      )}
    </search>
  );
}

/** What is looked for as it is written, once it is entered. */
function Text({
  name,
  value,
  choose,
  longest,
}: {
  readonly name: keyof MessageFilter;
  readonly value: string;
  readonly choose: (name: keyof MessageFilter, value: string) => void;
  readonly longest: number;
}) {
  return (
    <label>
      {sayWord("filter", name)}
      <input
        type="search"
        value={value}
        maxLength={longest}
        spellcheck={false}
        autocomplete="off"
        onChange={({ currentTarget }) => {
          choose(name, currentTarget.value);
        }}
      />
    </label>
  );
}
