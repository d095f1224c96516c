import { askJson } from "../../../api/node-api.ts";
import { linkTo } from "../../route.ts";
import { may } from "../../session.ts";
import { useAsked } from "../asked.ts";
import { partnerName } from "../channels.ts";
import { Failure, Waiting } from "../failure.tsx";
import type { ChannelRecord, MessageRecord } from "../node-records.ts";
import { StatusBadge, messageName } from "../say-message.tsx";
import { say, sayWord } from "../say.ts";
import { shortMoment } from "../say-moment.ts";
import { graphOf, type SubjectGraph } from "./graph.ts";
import { GraphPicture } from "./graph-picture.tsx";

const MOST = 100;

/** Everything that was said about the same subject: as a picture, and as a list that says the same. */
export function Related({
  record,
  turn,
  channels,
}: {
  readonly record: MessageRecord;
  /** Grows when something happened. */
  readonly turn: number;
  readonly channels: readonly ChannelRecord[] | null;
}) {
  // The name of another call is written so that it is taken for a subject.
  const name = record.subject === "private" ? "%70rivate" : encodeURIComponent(record.subject);
  const related = useAsked(`subject ${record.subject} ${turn} ${record.status}`, (signal) =>
    askJson<SubjectGraph>(`subjects/${name}?limit=${MOST}`, { signal }),
  );
  if (!may("messages:read")) return null;
  const graph = related.found === null ? null : graphOf(related.found);
  return (
    <section class="card wide" aria-labelledby="story-related">
      <h2 id="story-related">{say("related")}</h2>
      {related.failure !== null && <Failure failure={related.failure} again={related.again} />}
      {graph === null && related.failure === null && <Waiting />}
      {graph !== null && (
        <div class="related">
          <GraphPicture graph={graph} current={record.id} name={(domain) => partnerName(domain, channels)} />
          <ol class="related-list">
            {graph.messages.map((each) => (
              <li key={each.id}>
                {each.id === record.id ? (
                  <strong aria-current="true">{messageName(each.predicate)}</strong>
                ) : (
                  <a href={linkTo(["messages", each.id])}>{messageName(each.predicate)}</a>
                )}{" "}
                <StatusBadge status={each.status} />
                <div class="hint">
                  {say("related-line", { from: each.sender, to: each.receiver, at: shortMoment(each.at) })}
                  {each.actsOn !== null &&
                    ` ${say(`acts-${each.effect === "revoke" ? "revoke" : "acquit"}`)}`}
                </div>
              </li>
            ))}
          </ol>
        </div>
      )}
      {graph !== null && graph.links.length > 0 && (
        <>
          <h3>{say("related-others")}</h3>
          <ul>
            {graph.links.map(({ link, number, subjects }) => (
              <li key={`${link} ${number}`}>
                {sayWord("link", link) ?? link}: <bdi>{number}</bdi>{" "}
                {subjects.map((subject) => (
                  <a key={subject} href={linkTo(["messages"], { subject })}>
                    {say("subject-all")}
                  </a>
                ))}
              </li>
            ))}
          </ul>
        </>
      )}
      {related.found?.next !== null && related.found !== null && (
        <p>
          <a href={linkTo(["messages"], { subject: record.subject })}>{say("related-more")}</a>
        </p>
      )}
    </section>
  );
}
