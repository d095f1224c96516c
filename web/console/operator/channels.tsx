import { askJson } from "../../api/node-api.ts";
import { linkTo } from "../route.ts";
import { ago, count, span } from "./amounts.ts";
import type { ChannelOverview, Channels } from "./answers.ts";
import { causeOf } from "./causes.ts";
import { Command } from "./command.tsx";
import { FollowLine } from "./follow-line.tsx";
import { useFollowed } from "./follow.ts";
import { say, sayOf } from "./say.ts";

const EVERY_MS = 4_000;
/** A ledger's client that was asked every half a second answered longer ago than this: it is away. */
const SILENT_MS = 45_000;
/** Blocks that a node is behind without having to be worried about. */
const FEW_BLOCKS = 30;

type Stand = "stopped" | "silent" | "behind" | "failing" | "well";

const LOOKS: Readonly<Record<Stand, string>> = {
  ...{ stopped: "bad", silent: "bad", behind: "warn", failing: "warn", well: "good" },
};

/** How a channel stands, by the worst that is to be said of it. */
function standOf({ stopped, answeredAt, lag, line }: ChannelOverview, asOf: string): Stand {
  if (stopped !== null) return "stopped";
  if (answeredAt === null || Date.parse(asOf) - Date.parse(answeredAt) > SILENT_MS) return "silent";
  if (lag > FEW_BLOCKS) return "behind";
  return line.failing > 0 ? "failing" : "well";
}

const askChannels = (signal: AbortSignal) => askJson<Channels>("operations/channels", { signal });

/** The channels: those first that need somebody. */
export function ChannelsPage() {
  const followed = useFollowed(askChannels, EVERY_MS);
  const { answer } = followed;
  return (
    <>
      <h1>{say("channels")}</h1>
      <FollowLine followed={followed} />
      {answer !== null && <Told told={answer} stale={followed.failure !== null} />}
    </>
  );
}

function Told({ told, stale }: { readonly told: Channels; readonly stale: boolean }) {
  const { items, unopened, asOf } = told;
  const stands = items.map((channel) => [channel, standOf(channel, asOf)] as const);
  const bad = stands.filter(([, stand]) => stand !== "well").length + unopened.length;
  return (
    <>
      <p class={`notice ${stale ? "calm" : bad === 0 ? "good" : "bad"}`} role="status">
        {stale
          ? say("channels-old")
          : bad === 0
            ? say("channels-well")
            : say("channels-bad", { count: count(bad) })}
      </p>
      {unopened.map(({ label, code, at, retried }) => (
        <section key={label} class="card" aria-label={label}>
          <h2 class="row">
            {label} <span class="badge bad">{say("not-open")}</span>
          </h2>
          {code === null ? (
            <p>{say("not-tried")}</p>
          ) : (
            <Advice code={code} since={at === null ? "" : say("tried", { ago: ago(at) })} />
          )}
          <p>{retried ? say("tried-again") : say("not-tried-again")}</p>
        </section>
      ))}
      {stands.map(([channel, stand]) => (
        <Channel key={channel.id} channel={channel} stand={stand} asOf={asOf} />
      ))}
      {items.length + unopened.length === 0 && <p>{say("no-channels")}</p>}
    </>
  );
}

interface Shown {
  readonly channel: ChannelOverview;
  readonly stand: Stand;
  readonly asOf: string;
}

function Channel({ channel, stand, asOf }: Shown) {
  const { id, name, status, type, network, stopped, line, lastFork, oldestWaiting, finality } = channel;
  const now = Date.parse(asOf);
  return (
    <section class="card" aria-label={name}>
      <h2 class="row">
        {name} <span class={`badge ${LOOKS[stand]}`}>{sayOf("stand", stand)}</span>
        {status !== "active" && <span class="badge calm">{sayOf("status", status)}</span>}
        {type === "test" && <span class="badge calm">{say("test-channel")}</span>}
      </h2>
      {stopped !== null && (
        <Advice code={stopped.code} since={say("since", { ago: ago(stopped.since, now) })} alarm />
      )}
      {stopped === null && stand === "silent" && <Advice code="ledger-unreachable" since="" />}
      {stand === "behind" && <p class="notice warn">{say("behind-next")}</p>}
      {stand === "failing" && (
        <p class="notice warn">
          {say("failing-next", { count: count(line.failing) })} <a href={linkTo(["stuck"])}>{say("stuck")}</a>
        </p>
      )}
      <dl class="facts">
        <dt>{say("lag")}</dt>
        <dd>{channel.lag === 0 ? say("lag-none") : say("blocks", { count: count(channel.lag) })}</dd>
        <dt>{say("heights")}</dt>
        <dd>
          {say("heights-are", { head: heightOf(channel.head), final: heightOf(channel.final) })}
          <div class="hint">
            {sayOf("finality", finality.kind).replace("{blocks}", count(finality.blocks ?? 0))}
          </div>
        </dd>
        <dt>{say("answered")}</dt>
        <dd>
          {channel.answeredAt === null ? say("never") : ago(channel.answeredAt, now)}
          <div class="hint">{say("news", { span: span(channel.quiet * 1_000) })}</div>
        </dd>
        <dt>{say("in-line")}</dt>
        <dd>
          {say("line-is", {
            waiting: count(line.waiting),
            under: count(line.underWay),
            bundled: count(line.bundled),
          })}
          {oldestWaiting !== null && (
            <div class="hint">{say("oldest", { ago: ago(oldestWaiting, now) })}</div>
          )}
        </dd>
        <dt>{say("fork")}</dt>
        <dd>
          {lastFork === null
            ? say("never")
            : say("fork-was", { ago: ago(lastFork.at, now), depth: count(lastFork.depth) })}
        </dd>
        <dt>{say("ledger")}</dt>
        <dd>
          <code>{network}</code>
          <div class="hint">
            <code>{id}</code>
          </div>
        </dd>
      </dl>
      {stand !== "well" && <Command line="icl stuck" />}
    </section>
  );
}

function Advice({
  code,
  since,
  alarm = false,
}: {
  readonly code: string;
  readonly since: string;
  readonly alarm?: boolean;
}) {
  const { means, next } = causeOf(code);
  return (
    <div class="notice bad" role={alarm ? "alert" : undefined}>
      <p>
        <strong>{means}</strong> {since} <code>{code}</code>
      </p>
      <p>{next}</p>
    </div>
  );
}

function heightOf(height: number | null): string {
  return height === null ? "–" : count(height);
}
