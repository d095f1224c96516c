import { linkTo } from "../route.ts";
import { partnerName, partnersOn } from "./channels.ts";
import { messageStatuses, type ChannelRecord } from "./node-records.ts";
import { messageName } from "./say-message.tsx";
import { say, sayWord } from "./say.ts";

const names = ["direction", "status", "predicate", "partner", "subject"] as const;

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
  return (
    <search class="filters">
      <Choice name="direction" value={filter.direction} choose={choose} values={["outgoing", "incoming"]} />
      <Choice
        name="status"
        value={filter.status}
        choose={choose}
        values={messageStatuses}
        word={(status) => sayWord("status", status) ?? status}
      />
      <Choice
        name="predicate"
        value={filter.predicate}
        choose={choose}
        values={predicates}
        word={messageName}
      />
      <Choice
        name="partner"
        value={filter.partner}
        choose={choose}
        values={partnersOn(channels).map(({ domain }) => domain)}
        word={(domain) => partnerName(domain, channels)}
      />
      <label>
        {say("filter-subject")}
        <input
          type="search"
          value={filter.subject}
          spellcheck={false}
          onChange={({ currentTarget: { value } }) => {
            choose("subject", value);
          }}
        />
      </label>
      {chosen > 0 && (
        <a class="button" href={linkTo(["messages"])}>
          {say("filter-none")}
        </a>
      )}
    </search>
  );
}

function Choice({
  name,
  value,
  values,
  choose,
  word = (each) => sayWord("only", each) ?? each,
}: {
  readonly name: keyof MessageFilter;
  readonly value: string;
  readonly values: readonly string[];
  readonly choose: (name: keyof MessageFilter, value: string) => void;
  readonly word?: (value: string) => string;
}) {
  // A value of the address that nobody offers is shown all the same: it is what filters.
  const offered = value === "" || values.includes(value) ? values : [value, ...values];
  return (
    <label>
      {sayWord("filter", name)}
      <select
        value={value}
        onChange={({ currentTarget }) => {
          choose(name, currentTarget.value);
        }}
      >
        <option value="">{say("filter-all")}</option>
        {offered.map((each) => (
          <option key={each} value={each}>
            {word(each)}
          </option>
        ))}
      </select>
    </label>
  );
}
