import { linkTo, route } from "../route.ts";
import { partnerName, useChannels } from "./channels.ts";
import { Failure, Waiting } from "./failure.tsx";
import { LiveSign } from "./live-sign.tsx";
import { filterIn, MessageFilters, queryOf } from "./message-filters.tsx";
import { useMessageList } from "./message-list.ts";
import { partnerOf, type ChannelRecord, type MessageRecord } from "./node-records.ts";
import { CertificateBadge, firstKnown, shortened, StatusBadge, messageName } from "./say-message.tsx";
import { say } from "./say.ts";
import { shortMoment, timeZone } from "./say-moment.ts";
import { StoryPage } from "./story/story-page.tsx";

/** What came and went, or the story of one of it. */
export function MessagesPage() {
  const [, id] = route.value.path;
  return id === undefined ? <MessagesList /> : <StoryPage key={id} id={id} />;
}

function MessagesList() {
  const filter = filterIn(route.value.query);
  const channels = useChannels();
  const list = useMessageList(queryOf(filter));
  const filtered = Object.values(filter).some((value) => value !== "");
  return (
    <div class="agency">
      <div class="row spread">
        <h1>{say("messages")}</h1>
        <LiveSign />
      </div>
      <MessageFilters filter={filter} channels={channels.found ?? []} />
      {list.failure !== null && <Failure failure={list.failure} again={list.again} />}
      {!list.known && list.failure === null && <Waiting />}
      {list.known && list.items.length === 0 && (
        <p class="card empty">{say(filtered ? "no-messages-filtered" : "no-messages")}</p>
      )}
      {list.items.length > 0 && (
        <>
          <MessageTable items={list.items} channels={channels.found} />
          <p class="hint">{say("times", { zone: timeZone() })}</p>
        </>
      )}
      {list.next !== null && (
        <p class="more">
          <button type="button" onClick={list.more} disabled={list.loadingMore}>
            {say(list.loadingMore ? "loading" : "more")}
          </button>
        </p>
      )}
      <p class="visually-hidden" role="status">
        {list.known ? say("messages-shown", { count: list.items.length }) : ""}
      </p>
    </div>
  );
}

function MessageTable({
  items,
  channels,
}: {
  readonly items: readonly MessageRecord[];
  readonly channels: readonly ChannelRecord[] | null;
}) {
  return (
    <table class="messages">
      <caption class="visually-hidden">{say("messages")}</caption>
      <thead>
        <tr>
          <th scope="col">{say("column-what")}</th>
          <th scope="col">{say("column-partner")}</th>
          <th scope="col">{say("column-state")}</th>
          <th scope="col">{say("column-since")}</th>
        </tr>
      </thead>
      <tbody>
        {items.map((item) => (
          <tr key={item.id}>
            <td>
              <span class="direction" aria-hidden="true">
                {item.direction === "outgoing" ? "↗" : "↙"}
              </span>
              <span>
                <a href={linkTo(["messages", item.id])}>{messageName(item.predicate)}</a>
                <span class="visually-hidden"> {say(item.direction)}</span>
                <span class="under" title={item.subject}>
                  {shortened(item.subject)}
                </span>
              </span>
            </td>
            <td>{partnerName(partnerOf(item), channels)}</td>
            <td>
              <span class="badges">
                {item.certificate === undefined ? null : <CertificateBadge certificate={item.certificate} />}
                <StatusBadge status={item.status} />
              </span>
            </td>
            <td class="when">{shortMoment(firstKnown(item))}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
