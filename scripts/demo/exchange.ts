import { createHash, randomBytes, randomUUID } from "node:crypto";

import { multihashOf } from "../../src/domain/multihash.ts";
import { coo } from "../dev/vocabulary.ts";
import { playBatch } from "./batch.ts";
import { certificate, certificateDocument } from "./certificate.ts";
import { drawCertificateForm } from "./certificate-form.ts";
import type { LedgerView } from "./ledger-view.ts";
import type { Narrator } from "./narrator.ts";
import type { MessageRecord, NodeClient } from "./node-client.ts";
import type { Subscriber } from "./subscriber.ts";

/** The parts that an exchange is played with. */
export interface Stage {
  readonly narrator: Narrator;
  /** A user of homeaffairs.gov.au at its own node. */
  readonly australia: NodeClient;
  /** A user of customs.gov.cn at its own node. */
  readonly china: NodeClient;
  /** China Customs' own system, which its node tells what comes from Australia. */
  readonly system: Pick<Subscriber, "subscribe" | "told" | "close">;
  /** Others who ask Australia's node for a document, and the HTTP status that each should get. */
  readonly outsiders: readonly {
    readonly who: string;
    readonly expected: number;
    readonly ask: (multihash: string) => Promise<number>;
  }[];
  /** What anybody can see on the ledger, and what a third agency with rights of its own can try there. */
  readonly ledger: LedgerView;
}

const issuer = "homeaffairs.gov.au";
const importer = "customs.gov.cn";

function multihashOfBytes(bytes: Uint8Array): string {
  return multihashOf(createHash("sha256").update(bytes).digest("hex"));
}

function note(text: string, about: MessageRecord): Uint8Array<ArrayBuffer> {
  const salt = randomBytes(32).toString("base64url");
  return new TextEncoder().encode(JSON.stringify({ salt, certificateMessage: about.id, note: text }));
}

async function issueCertificate(stage: Stage, subject: string): Promise<MessageRecord> {
  const obj = await stage.australia.store(certificateDocument(), "application/json");
  return stage.australia.send({ receiver: importer, subject, predicate: coo.created, obj });
}

async function issueAndDeliver(stage: Stage, subject: string): Promise<{ sent: MessageRecord; obj: string }> {
  const { narrator, australia, ledger } = stage;
  narrator.step(
    `Home Affairs (Australia) stores certificate of origin ${certificate.id} and sends it to China`,
  );
  const document = certificateDocument();
  const obj = await australia.store(document, "application/json");
  narrator.say(`The certificate: ${document.length} bytes of JSON, kept in Australia; its hash is ${obj}`);
  narrator.holds("the node hashes as everybody does", obj === multihashOfBytes(document));
  narrator.holds("a stored document is open to nobody", (await australia.readers(obj)).length === 0);
  const sent = await australia.send({ receiver: importer, subject, predicate: coo.created, obj });
  narrator.say(`Message ${sent.id}`);

  narrator.step("The ledger takes the message");
  const delivered = await australia.until(sent.id, "delivered");
  narrator.say(`Transaction ${delivered.channelTxnId ?? "none"}`);
  const entry = await ledger.message(sent.id);
  narrator.say(`On the ledger: the hash, "${entry.subject}", who and to whom. No name, no goods, no value.`);
  narrator.holds("the ledger names the very hash of the document", entry.obj === obj);

  narrator.step("Access to the document opens to China Customs, and to nobody else");
  const readers = await australia.readers(obj);
  narrator.say(`Open to: ${readers.join(", ")}`);
  narrator.holds("exactly one participant may read it", readers.length === 1 && readers[0] === importer);
  for (const { who, expected, ask } of stage.outsiders) {
    const status = await ask(obj);
    narrator.holds(`${who} gets ${status}`, status === expected);
  }
  return { sent, obj };
}

async function receive(stage: Stage, id: string, obj: string, what: string): Promise<Uint8Array> {
  const { narrator, china, system } = stage;
  const notice = await system.told("document.available", id);
  narrator.say(`China's node tells China Customs' system, signed: ${notice.type}`);
  const received = await china.message(id);
  narrator.holds("what it is told of is there, and nobody had to ask", received?.status === "available");
  narrator.say((received?.journal ?? []).map(({ status }) => status).join(" → "));
  const bytes = await china.read(obj);
  narrator.say(`${what}: ${bytes.length} bytes, read from China's own node`);
  narrator.holds(
    "the hash recomputed from those bytes is the one on the ledger",
    multihashOfBytes(bytes) === obj,
  );
  return bytes;
}

async function acquit(stage: Stage, issue: MessageRecord, subject: string): Promise<void> {
  const { narrator, australia, china } = stage;
  narrator.step("China Customs grants the preferential duty and marks the certificate as used");
  const obj = await china.store(
    note("Used for a preferential import declaration.", issue),
    "application/json",
  );
  const acquittal = await china.send({ receiver: issuer, subject, predicate: coo.acquitted, obj });
  await china.until(acquittal.id, "delivered");
  narrator.say(`Message ${acquittal.id}`);

  narrator.step("Home Affairs sees that its certificate was used");
  const seen = await australia.until(issue.id, (record) => record.certificate?.acquitted === true);
  narrator.holds("Australia's node shows the certificate as used", seen.certificate?.acquitted === true);
  await australia.until(acquittal.id, "available");
  const evidence = await australia.read(obj);
  narrator.holds("and holds China's evidence, hash checked", multihashOfBytes(evidence) === obj);
}

async function refusals(stage: Stage, issue: MessageRecord, obj: string, subject: string): Promise<void> {
  const { narrator, australia, china, ledger } = stage;
  narrator.step("The same certificate is presented again: China Customs tries to use it a second time");
  const again = await china.store(note("Presented once more.", issue), "application/json");
  const second = await china.sendInVain({ receiver: issuer, subject, predicate: coo.acquitted, obj: again });
  narrator.say(`${second.code}: ${second.detail}`);
  narrator.holds("the contract refuses a second use", second.code === "CertificateAlreadyAcquitted");

  narrator.step("Another agency, Singapore Customs, tries to use China's certificate");
  const foreign = await ledger.acquitAsThirdAgency({ issuer, subject, receiver: importer, obj });
  narrator.say(foreign.shown);
  narrator.holds("the contract refuses anybody but the receiver", foreign.code === "CertificateNotReceiver");
  const lying = await ledger.acquitAsThirdAgency({ issuer, subject, receiver: ledger.thirdAgency, obj });
  narrator.say(lying.shown);
  narrator.holds("also when Singapore claims to be the receiver", lying.code === "CertificateMismatch");

  narrator.step("Home Affairs tries to issue another certificate under the same number");
  const altered = await australia.store(certificateDocument(), "application/json");
  const reissue = await australia.sendInVain({
    receiver: importer,
    subject,
    predicate: coo.created,
    obj: altered,
  });
  narrator.say(`${reissue.code}: ${reissue.detail}`);
  narrator.holds("the contract refuses a number used before", reissue.code === "CertificateAlreadyIssued");
  const shared = await australia.readers(altered);
  narrator.holds("and the document of the refused message stays closed", shared.length === 0);
}

async function revoke(stage: Stage): Promise<void> {
  const { narrator, australia, china } = stage;
  const subject = `urn:uuid:${randomUUID()}`;
  narrator.step("By mistake Home Affairs issues a second certificate for the same goods, and revokes it");
  const issue = await issueCertificate(stage, subject);
  await stage.system.told("document.available", issue.id);
  narrator.say(`Message ${issue.id} reached China`);
  const reason = await australia.store(note("Issued twice by mistake.", issue), "application/json");
  const draft = { receiver: importer, subject, predicate: coo.revoked, obj: reason };
  const revocation = await australia.send(draft);
  await australia.until(revocation.id, "delivered");
  const seen = await china.until(issue.id, (record) => record.certificate?.revoked === true);
  narrator.holds("China's node shows it as revoked", seen.certificate?.revoked === true);

  narrator.step("China Customs tries to use the revoked certificate");
  const evidence = await china.store(note("Presented after revocation.", issue), "application/json");
  const attempt = { receiver: issuer, subject, predicate: coo.acquitted, obj: evidence };
  const refused = await china.sendInVain(attempt);
  narrator.say(`${refused.code}: ${refused.detail}`);
  narrator.holds("the contract refuses a revoked certificate", refused.code === "CertificateAlreadyRevoked");
}

/** What an exchange leaves behind, for whoever wants to look. */
export interface Outcome {
  /** Multihash of the certificate's JSON document. */
  readonly certificate: string;
  /** Id of the message that issued it. */
  readonly message: string;
}

/**
 * Plays one whole exchange on real input: a certificate of origin is issued, received, used, and refused every second
 * use; another is revoked; a thousand more are issued and used as a batch.
 *
 * @throws Error at the first statement that does not hold
 */
export async function playExchange(stage: Stage): Promise<Outcome> {
  const { narrator, system } = stage;
  narrator.step("China Customs' system subscribes at China's node to what comes from Australia");
  await system.subscribe();
  narrator.say("The node asked whether this is meant, and the system said so");
  try {
    return await exchange(stage);
  } catch (error) {
    await system.close().catch(() => undefined); // what went wrong first is what is to be known
    throw error;
  } finally {
    await system.close();
  }
}

async function exchange(stage: Stage): Promise<Outcome> {
  const { narrator, australia } = stage;
  const subject = `urn:uuid:${randomUUID()}`;
  const { sent, obj } = await issueAndDeliver(stage, subject);

  narrator.step(
    "China's node sees the message, fetches the certificate from Australia's node, and checks its hash",
  );
  const bytes = await receive(stage, sent.id, obj, "The certificate");
  narrator.holds("it is certificate WBC208897", new TextDecoder().decode(bytes).includes(certificate.id));

  narrator.step("Home Affairs sends the paper form after it, as a PDF about the same subject");
  const form = await drawCertificateForm(certificate);
  const attached = await australia.store(form, "application/pdf");
  const attachment = { receiver: importer, subject, predicate: coo.attached, obj: attached };
  const { id } = await australia.send(attachment);
  const page = await receive(stage, id, attached, "The form");
  narrator.holds("it is the PDF, byte for byte", Buffer.from(page).equals(form));

  await acquit(stage, sent, subject);
  await refusals(stage, sent, obj, subject);
  await revoke(stage);
  await playBatch(stage);
  return { certificate: obj, message: sent.id };
}
