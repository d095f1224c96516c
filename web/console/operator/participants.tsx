import { useCallback } from "preact/hooks";

import { askJson } from "../../api/node-api.ts";
import { country } from "../../language/language.ts";
import { Choice } from "../choice.tsx";
import { linkTo, route } from "../route.ts";
import { count, short } from "./amounts.ts";
import type { ChannelRecord, ChannelRights, Page, RegistryChange, RightsAnswer } from "./answers.ts";
import { causeOf } from "./causes.ts";
import { ChangeLog } from "./change-log.tsx";
import { FollowLine, QuestionRefused } from "./follow-line.tsx";
import { useFollowed } from "./follow.ts";
import { say, sayOf } from "./say.ts";

const RARELY_MS = 30_000;
const MOST_PAGES = 20;

const askChannels = (signal: AbortSignal) => askJson<Page<ChannelRecord>>("channels?limit=100", { signal });

/** Who is on each channel, and who may do what there. */
export function ParticipantsPage() {
  const followed = useFollowed(askChannels, RARELY_MS);
  const { answer } = followed;
  const items = answer?.items ?? [];
  const chosen = items.find(({ id }) => id === route.value.query.get("channel")) ?? items[0];
  return (
    <>
      <h1>{say("participants")}</h1>
      <FollowLine followed={followed} />
      {answer !== null && chosen === undefined && <p>{say("no-channels")}</p>}
      {items.length > 1 && (
        <div class="filters">
          <Choice
            label={say("channel")}
            value={chosen?.id ?? ""}
            values={items.map(({ id }) => id)}
            word={(id) => `${items.find((each) => each.id === id)?.name ?? ""} (${short(id)})`}
            onChoose={(channel) => {
              location.hash = linkTo(["participants"], { channel });
            }}
          />
        </div>
      )}
      {chosen !== undefined && <OnChannel key={chosen.id} id={chosen.id} />}
    </>
  );
}

function OnChannel({ id }: { readonly id: string }) {
  const path = encodeURIComponent(id);
  const askRecord = useCallback(
    (signal: AbortSignal) => askJson<ChannelRecord>(`channels/${path}`, { signal }),
    [path],
  );
  const askRights = useCallback(
    (signal: AbortSignal) => askJson<RightsAnswer>(`operations/channels/${path}/rights`, { signal }),
    [path],
  );
  const askChanges = useCallback((signal: AbortSignal) => changesOf(path, signal), [path]);
  const { answer: record, failure } = useFollowed(askRecord, RARELY_MS);
  const { answer: changes, failure: noChanges } = useFollowed(askChanges, RARELY_MS);
  const { answer: told, failure: noRights } = useFollowed(askRights, RARELY_MS);
  if (record === null) return <QuestionRefused failure={failure} />;
  return (
    <>
      <h2>{record.name}</h2>
      {told === null && noRights !== null ? <QuestionRefused failure={noRights} /> : <Known told={told} />}
      <div class="people">
        {record.participants.map((participant) => (
          <Participant key={participant.domain} participant={participant} rights={told?.rights ?? null} />
        ))}
      </div>
      {changes === null ? <QuestionRefused failure={noChanges} /> : <ChangeLog changes={changes} />}
    </>
  );
}

/** Every change, page by page: in the ledger's order the newest come last. */
async function changesOf(channel: string, signal: AbortSignal): Promise<readonly RegistryChange[]> {
  const all: RegistryChange[] = [];
  let after = "";
  for (let pages = 0; pages < MOST_PAGES; pages += 1) {
    const page = await askJson<Page<RegistryChange>>(`channels/${channel}/changes?limit=1000${after}`, {
      signal,
    });
    all.push(...page.items);
    if (page.next === null) break;
    after = `&after=${encodeURIComponent(page.next)}`;
  }
  return all;
}

function Known({ told }: { readonly told: RightsAnswer | null }) {
  if (told === null) return <p class="hint">{say("rights-asking")}</p>;
  const { rights, failure } = told;
  if (failure !== null) {
    return (
      <p class="notice warn">
        <strong>{say("rights-unknown")}</strong> {causeOf(failure).means} <code>{failure}</code>
      </p>
    );
  }
  if (rights === null) return <p class="notice calm">{say("cannot-say")}</p>;
  return (
    <>
      <p class="hint">{say("rights-as-of", { height: count(rights.height) })}</p>
      {rights.consortium.length > 0 && (
        <dl class="facts card consortium">
          <dt>{say("consortium")}</dt>
          <dd>
            {rights.consortium.map((account) => (
              <div key={account}>
                <code>{account}</code>
              </div>
            ))}
            <div class="hint">{say("consortium-text")}</div>
          </dd>
        </dl>
      )}
    </>
  );
}

interface Shown {
  readonly participant: ChannelRecord["participants"][number];
  readonly rights: ChannelRights | null;
}

function Participant({ participant, rights }: Shown) {
  const { domain, jurisdiction, status, endpoint, binding } = participant;
  const own = rights?.participants.find((each) => each.participant === domain);
  return (
    <section class="card" aria-label={domain}>
      <h3 class="row">
        {domain}
        <span class={`badge ${status === "active" ? "good" : status === "suspended" ? "bad" : "calm"}`}>
          {sayOf("participant", status)}
        </span>
        {binding !== undefined && binding.outcome !== "bound" && (
          <span class="badge warn">{sayOf("binding", binding.outcome)}</span>
        )}
      </h3>
      <dl class="facts">
        <dt>{say("country")}</dt>
        <dd>{country(jurisdiction)}</dd>
        <dt>{say("endpoint")}</dt>
        <dd>{endpoint ?? say("none")}</dd>
        {own !== undefined && (
          <>
            <dt>{say("admin")}</dt>
            <dd>{own.admin === null ? say("none") : <code>{own.admin}</code>}</dd>
            <dt>{say("node-keys")}</dt>
            <dd>
              <Accounts accounts={own.nodeKeys} />
            </dd>
            <dt>{say("operators")}</dt>
            <dd>
              {own.operators.length === 0 && say("none")}
              {own.operators.map(({ account, predicates }) => (
                <details key={account}>
                  <summary>
                    <code>{account}</code> {say("may-send", { count: count(predicates.length) })}
                  </summary>
                  <ul>
                    {predicates.map((predicate) => (
                      <li key={predicate}>{predicate}</li>
                    ))}
                  </ul>
                </details>
              ))}
            </dd>
          </>
        )}
      </dl>
    </section>
  );
}

function Accounts({ accounts }: { readonly accounts: readonly string[] }) {
  if (accounts.length === 0) return <>{say("none")}</>;
  return (
    <>
      {accounts.map((account) => (
        <div key={account}>
          <code>{account}</code>
        </div>
      ))}
    </>
  );
}
