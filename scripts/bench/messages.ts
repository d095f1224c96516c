import type { MessageRecord } from "../../src/messages/message-record.ts";
import type { Draft, Officer } from "../../test/e2e/officer.ts";
import { eventually } from "../../test/eventually.ts";
import type { Field } from "./field.ts";
import { each, measureOf, median, timed, type Measures } from "./measure.ts";

const WORKERS = 16;
const PAGE = 1_000;

/** How much of it is done. */
export interface MessageScale {
  /** Requests with a message each, in each of `rounds`. */
  readonly singles: number;
  /** Lines of a request, one request in each of `rounds`. */
  readonly lines: number;
  readonly rounds: number;
}

/**
 * Messages singly and in batches: how long an answer takes and how many are accepted a second; then how long from the
 * acceptance to the final block, and how many a second become final from the first acceptance to the last final one.
 */
export async function benchMessages(field: Field, scale: MessageScale): Promise<Measures> {
  const { officer } = field;
  const single = await run(field, "single", scale, async (drafts) => {
    const times: number[] = [];
    await each(drafts, WORKERS, async (draft) => {
      times.push((await timed(() => officer.send(draft))).ms);
    });
    return times;
  });
  const batch = await run(field, "batch", scale, async (drafts) => {
    return [(await timed(() => postBatch(officer, drafts))).ms];
  });
  return { ...single, ...batch };
}

async function run(
  field: Field,
  kind: "single" | "batch",
  { singles, lines, rounds }: MessageScale,
  post: (drafts: readonly Draft[]) => Promise<readonly number[]>,
): Promise<Measures> {
  const { officer } = field;
  const count = kind === "single" ? singles : lines;
  const prepared = [];
  for (let round = 0; round < rounds; round += 1) {
    prepared.push(await field.drafts(kind, `${kind}-${round}`, count));
  }
  const predicate = prepared[0]?.[0]?.predicate ?? "";
  const times: number[] = [];
  const rates: number[] = [];
  const begun = performance.now();
  for (const drafts of prepared) {
    const { ms, value } = await timed(() => post(drafts));
    times.push(...value);
    rates.push((count / ms) * 1000);
  }
  await drained(officer, predicate);
  const seconds = (performance.now() - begun) / 1000;
  const waits = await waitsOf(officer, predicate);
  if (waits.length !== rounds * count)
    throw new Error(`Of ${rounds * count} only ${waits.length} are final.`);
  return {
    [`accept ${kind}`]: measureOf(times, median(rates), "messages/s"),
    [`deliver ${kind}`]: measureOf(waits, waits.length / seconds, "messages/s"),
  };
}

/** Posts many messages in one request. @throws when a line of it is refused */
export async function postBatch(officer: Officer, drafts: readonly Draft[]): Promise<void> {
  const response = await officer.request("/messages/batch", {
    method: "POST",
    headers: { "content-type": "application/x-ndjson" },
    body: drafts.map((draft) => JSON.stringify(draft)).join("\n"),
  });
  const answers = (await response.text()).trimEnd().split("\n");
  const refused = answers.find((line) => (JSON.parse(line) as { status: number }).status !== 202);
  if (refused !== undefined || answers.length !== drafts.length) {
    throw new Error(`The batch was refused: ${refused ?? `${answers.length} answers`}`);
  }
}

/** Waits until nothing of a message type is under way. */
export async function drained(officer: Officer, predicate: string): Promise<void> {
  for (const status of ["pending", "bundled", "sent"]) {
    const isEmpty = async () =>
      (await page(officer, `predicate=${predicate}&status=${status}&limit=1`)).items.length === 0;
    await eventually(isEmpty, { within: 600_000, every: 50, what: `an end of what is ${status}` });
  }
}

/** Of each delivered message of a type, the milliseconds from its acceptance to its delivery. */
async function waitsOf(officer: Officer, predicate: string): Promise<readonly number[]> {
  const waits: number[] = [];
  let after = "";
  do {
    const { items, next } = await page(
      officer,
      `predicate=${predicate}&status=delivered&limit=${PAGE}${after === "" ? "" : `&after=${after}`}`,
    );
    for (const { journal } of items) {
      const [first, last] = [journal[0], journal.at(-1)];
      waits.push(Date.parse(last?.at ?? "") - Date.parse(first?.at ?? ""));
    }
    after = next === null ? "" : encodeURIComponent(next);
  } while (after !== "");
  return waits;
}

async function page(
  officer: Officer,
  query: string,
): Promise<{ readonly items: readonly MessageRecord[]; readonly next: string | null }> {
  const response = await officer.request(`/messages?${query}`);
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  const { items, next = null } = (await response.json()) as { items: MessageRecord[]; next?: string | null };
  return { items, next };
}
