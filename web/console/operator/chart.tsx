import { useEffect, useId, useState } from "preact/hooks";

/** One line of figures over time, or one layer of bars. */
export interface Series {
  readonly name: string;
  /** A class of `operator.css` that gives it its colour and its pattern of dashes. */
  readonly look: string;
  /** One for each label; null for no figure. */
  readonly values: readonly (number | null)[];
}

/** What is drawn. */
export interface Drawn {
  readonly title: string;
  /** What is to be seen in it, in a sentence. */
  readonly text: string;
  /** One for each figure of a series, as it is written below it. */
  readonly labels: readonly string[];
  readonly series: readonly Series[];
  /** Writes a figure. */
  readonly write: (value: number) => string;
  /** `bars` are stacked; `lines` are not. */
  readonly kind: "bars" | "lines";
}

const HEIGHT = 220;
const [LEFT, TOP, BOTTOM] = [56, 12, 26];
const NARROW = window.matchMedia("(max-width: 40rem)");

/** Drawn smaller on a narrow screen, so that what is written in it can be read there. */
function useSize(): { readonly width: number; readonly most: number } {
  const [narrow, setNarrow] = useState(NARROW.matches);
  useEffect(() => {
    const change = () => {
      setNarrow(NARROW.matches);
    };
    NARROW.addEventListener("change", change);
    return () => {
      NARROW.removeEventListener("change", change);
    };
  }, []);
  return narrow ? { width: 320, most: 3 } : { width: 720, most: 6 };
}
const TICKS = 4;

/** A chart: what it shows stands in words beside it, and in a table below, for those who do not see it. */
export function Chart({ title, text, labels, series, write, kind }: Drawn) {
  const id = useId();
  const { width, most } = useSize();
  const top = niceTop(kind === "bars" ? highestStack(series, labels.length) : highest(series));
  const [plotWidth, plotHeight] = [width - LEFT - 8, HEIGHT - TOP - BOTTOM];
  const slot = plotWidth / Math.max(1, labels.length);
  const x = (place: number) => LEFT + slot * place;
  const y = (value: number) => TOP + plotHeight * (1 - value / top);
  const every = Math.max(1, Math.ceil(labels.length / most));
  return (
    <figure class="chart" role="group" aria-label={title}>
      <ul class="legend plain row" aria-hidden="true">
        {series.map(({ name, look }) => (
          <li key={name} class={look}>
            <svg width="24" height="12" viewBox="0 0 24 12">
              {kind === "bars" ? (
                <rect width="24" height="12" class="bar" />
              ) : (
                <path d="M0 6H24" class="line" />
              )}
            </svg>
            {name}
          </li>
        ))}
      </ul>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} role="img" aria-labelledby={`${id}-title ${id}-desc`}>
        <title id={`${id}-title`}>{title}</title>
        <desc id={`${id}-desc`}>{text}</desc>
        {Array.from({ length: TICKS + 1 }, (_, tick) => (top * tick) / TICKS).map((value) => (
          <g key={value}>
            <path d={`M${LEFT} ${y(value)}H${width - 8}`} class="grid" />
            <text x={LEFT - 6} y={y(value) + 4} text-anchor="end">
              {write(value)}
            </text>
          </g>
        ))}
        {labels.map((label, place) =>
          place % every === 0 ? (
            <text
              key={place}
              x={x(place + 0.5)}
              y={HEIGHT - 6}
              text-anchor={place === 0 ? "start" : "middle"}
            >
              {label}
            </text>
          ) : null,
        )}
        {kind === "bars"
          ? series.map(({ name, look, values }, layer) => (
              <g key={name} class={look}>
                {values.map((value, place) => {
                  if (value === null || value === 0) return null;
                  const below = sumBelow(series, layer, place);
                  const [from, to] = [y(below), y(below + value)];
                  return (
                    <rect
                      key={place}
                      class="bar"
                      x={x(place) + slot * 0.1}
                      width={slot * 0.8}
                      y={to}
                      height={Math.max(1, from - to)}
                    />
                  );
                })}
              </g>
            ))
          : series.map(({ name, look, values }) => (
              <g key={name} class={look}>
                <path class="line" d={pathOf(values, (place) => x(place + 0.5), y)} />
                {values.map((value, place) =>
                  value === null ? null : (
                    <circle key={place} class="dot" cx={x(place + 0.5)} cy={y(value)} r="2.5" />
                  ),
                )}
              </g>
            ))}
      </svg>
    </figure>
  );
}

function highest(series: readonly Series[]): number {
  return Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0)));
}

function highestStack(series: readonly Series[], length: number): number {
  return Math.max(0, ...Array.from({ length }, (_, place) => sumBelow(series, series.length, place)));
}

function sumBelow(series: readonly Series[], layers: number, place: number): number {
  return series.slice(0, layers).reduce((sum, { values }) => sum + (values[place] ?? 0), 0);
}

/** The next of 4, 8, 20, 40, 80, 200 …: so that every line of the grid stands at a whole number. */
function niceTop(value: number): number {
  for (let size = 4; ; size *= 10) {
    const found = [size, 2 * size, 5 * size].find((each) => each >= value);
    if (found !== undefined) return found;
  }
}

/** A line that is broken off where there is no figure. */
function pathOf(
  values: readonly (number | null)[],
  x: (place: number) => number,
  y: (value: number) => number,
): string {
  let drawing = false;
  return values
    .map((value, place) => {
      if (value === null) {
        drawing = false;
        return "";
      }
      const step = `${drawing ? "L" : "M"}${x(place)} ${y(value)}`;
      drawing = true;
      return step;
    })
    .join("");
}
