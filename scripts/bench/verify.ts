import type { Field } from "./field.ts";
import { each, measureOf, timed, type Measures } from "./measure.ts";

const WORKERS = 4;

/** Strangers ask what a certificate is worth; where it stands is asked of the ledger each time. */
export async function benchVerify(field: Field, count: number): Promise<Measures> {
  const [certificate] = await field.drafts("single", "verify", 1);
  const url = `${field.config.publicUrl}/verify/${certificate?.obj ?? ""}`;
  const times: number[] = [];
  const { ms: total } = await timed(() =>
    each(Array.from({ length: count }), WORKERS, async () => {
      const { ms, value } = await timed(async () => (await fetch(url)).text());
      if (!value.includes('"verdict"')) throw new Error(`No verdict: ${value}`);
      times.push(ms);
    }),
  );
  return { verify: measureOf(times, (count / total) * 1000, "requests/s") };
}
