import { typeWord } from "../say-message.tsx";
import { say, sayWord } from "../say.ts";
import { shortMoment } from "../say-moment.ts";
import type { Drawn, DrawnMessage } from "./graph.ts";

const LANE = 260;
const LEFT = 130;
const HEAD = 48;
const ROW = 56;
const EDGE = 26;

/**
 * The messages about a subject as lanes and arrows. The list beside it says the same: to those who do not see the picture it
 * is described, and left alone.
 */
export function GraphPicture({
  graph: { lanes, messages },
  current,
  name,
}: {
  readonly graph: Drawn;
  readonly current: string;
  readonly name: (domain: string) => string;
}) {
  const width = LEFT * 2 + LANE * Math.max(1, lanes.length - 1);
  const height = HEAD + ROW * messages.length + 12;
  const laneAt = (domain: string) => LEFT + LANE * lanes.indexOf(domain);
  const rowAt = (id: string) => HEAD + ROW * (messages.findIndex((each) => each.id === id) + 0.62);
  return (
    <div class="scroll graph" tabIndex={0} role="region" aria-label={say("related-picture")}>
      <svg
        viewBox={`0 0 ${width} ${height}`}
        width={width}
        height={height}
        role="img"
        aria-label={say("related-described", { count: messages.length, parties: lanes.map(name).join(", ") })}
      >
        {lanes.map((domain) => (
          <g key={domain}>
            <line class="lane" x1={laneAt(domain)} x2={laneAt(domain)} y1={34} y2={height} />
            <text class="lane-name" x={laneAt(domain)} y={22}>
              {name(domain)}
            </text>
          </g>
        ))}
        {messages.map((message) => (
          <Arrow
            key={message.id}
            message={message}
            from={laneAt(message.sender)}
            to={laneAt(message.receiver)}
            y={rowAt(message.id)}
            current={message.id === current}
          />
        ))}
        {messages.map(
          ({ id, actsOn }) =>
            actsOn !== null &&
            messages.some((each) => each.id === actsOn) && (
              <path
                key={id}
                class="acts-on"
                d={`M ${LEFT - 6} ${rowAt(id)} C ${LEFT - EDGE * 3} ${rowAt(id)}, ${LEFT - EDGE * 3} ${rowAt(actsOn)}, ${LEFT - 12} ${rowAt(actsOn)} m 0 0 l -2 -5 m 2 5 l -5 2`}
              />
            ),
        )}
      </svg>
    </div>
  );
}

function Arrow({
  message: { predicate, effect, status, at },
  from,
  to,
  y,
  current,
}: {
  readonly message: DrawnMessage;
  readonly from: number;
  readonly to: number;
  readonly y: number;
  readonly current: boolean;
}) {
  const right = to >= from;
  const tip = right ? to - 4 : to + 4;
  const back = right ? tip - 9 : tip + 9;
  const failed = status === "failed" || status === "withdrawn";
  const said = failed
    ? `${typeWord(predicate)} (${sayWord("status", status) ?? status})`
    : typeWord(predicate);
  return (
    <g class={`arrow ${effect}${failed ? " failed" : ""}${current ? " current" : ""}`}>
      <line x1={from} x2={tip} y1={y} y2={y} />
      <path d={`M ${tip} ${y} L ${back} ${y - 5} L ${back} ${y + 5} Z`} />
      <text x={(from + to) / 2} y={y - 8}>
        {said}
      </text>
      <text class="when" x={(from + to) / 2} y={y + 15}>
        {at === "" ? "" : shortMoment(at)}
      </text>
    </g>
  );
}
