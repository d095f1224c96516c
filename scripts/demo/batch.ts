import { randomBytes, randomUUID } from "node:crypto";

import { isIncluded } from "../../src/domain/merkle-tree.ts";
import type { MessageId } from "../../src/domain/message.ts";
import { coo } from "../dev/vocabulary.ts";
import type { Stage } from "./exchange.ts";

const issuer = "homeaffairs.gov.au";
const importer = "customs.gov.cn";
const COUNT = 1_000;

function salted(content: object): Uint8Array<ArrayBuffer> {
  const salt = randomBytes(32).toString("base64url");
  return new TextEncoder().encode(JSON.stringify({ salt, ...content }));
}

/**
 * A thousand certificates, issued in one request and one transaction, checked one by one, and used in one request.
 *
 * @throws Error at the first statement that does not hold
 */
export async function playBatch({ narrator, australia, china }: Stage): Promise<void> {
  narrator.step(`Home Affairs issues ${COUNT} certificates in one request`);
  const list = await australia.store(
    salted({ note: "Declarations of origin of one day." }),
    "application/json",
  );
  const subjects = Array.from({ length: COUNT }, () => `urn:uuid:${randomUUID()}`);
  const issues = subjects.map((subject) => ({
    receiver: importer,
    subject,
    predicate: coo.created,
    obj: list,
  }));
  const issued = await australia.sendMany(issues);
  const [first = "", last = ""] = [issued[0], issued.at(-1)];
  const { batch, channelTxnId } = await australia.until(first, "delivered");
  narrator.say(`Transaction ${channelTxnId ?? "none"} carries the batch's root ${batch?.root ?? "none"}`);
  narrator.holds("one batch carries all of them", batch?.count === COUNT);
  const other = await australia.until(last, "delivered");
  narrator.holds("in one transaction", other.channelTxnId === channelTxnId);

  narrator.step("China's node fetches the batch, recomputes its root, and can prove each certificate");
  const received = await china.until(last, "available");
  narrator.holds(
    "China's node computed the root that is on the ledger",
    received.batch?.root === batch?.root,
  );
  const all = (await china.received(coo.created)).filter((record) => record.batch?.root === batch?.root);
  const proved = all.filter(
    (record) =>
      record.batch !== undefined &&
      isIncluded(record.batch.root, record.batch.index, record.id as MessageId, record.batch.proof),
  );
  narrator.holds(
    `each of the ${COUNT} has a proof that it is in the batch`,
    all.length === COUNT && proved.length === COUNT,
  );

  narrator.step("Whoever is shown one of them asks a node what it is worth");
  const before = await china.verify(list, last);
  narrator.holds(
    "the document is the one that was issued, and its issuer may issue",
    before.findings.every(({ name, outcome }) => name === "status" || outcome === "pass"),
  );
  narrator.say(`The verdict: ${before.verdict}, for on a test channel no certificate is ever called valid`);

  narrator.step("China Customs uses all of them in one request");
  const evidence = await china.store(salted({ note: "Used for import declarations." }), "application/json");
  const acquittals = await china.sendMany(
    subjects.map((subject) => ({ receiver: issuer, subject, predicate: coo.acquitted, obj: evidence })),
  );
  const settled = await china.until(acquittals.at(-1) ?? "", "delivered");
  narrator.say(`Transaction ${settled.channelTxnId ?? "none"} marks all of them as used`);
  const used = await australia.until(last, (record) => record.certificate?.acquitted === true);
  narrator.holds("Australia's node shows the last as used", used.certificate?.acquitted === true);
  const firstUsed = await australia.until(first, (record) => record.certificate?.acquitted === true);
  narrator.holds("and the first", firstUsed.certificate?.acquitted === true);
  // Nothing is left under way: every acquittal's evidence has come to Australia.
  const underWay = async () =>
    (await australia.received(coo.acquitted)).find(({ status }) => status !== "available");
  for (let next = await underWay(); next !== undefined; next = await underWay()) {
    await australia.until(next.id, "available");
  }
  narrator.holds(
    "whoever asks now is told that it is used",
    (await china.verify(list, last)).verdict === "used",
  );
}
