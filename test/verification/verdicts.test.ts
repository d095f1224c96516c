import { expect } from "chai";

import { batchId } from "../../src/domain/batch.ts";
import { messageId, toWire } from "../../src/domain/message.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import type { Verification } from "../../src/verification/verification.ts";
import { acquitted, attached, au, batch, cn, revoked } from "../channels/fixtures.ts";
import { eachStore } from "../store/each-store.ts";
import { certificate, prepareGround, VerificationBench, type Ground } from "./bench.ts";

const findingsOf = ({ findings }: Verification) =>
  Object.fromEntries(findings.map(({ name, outcome }) => [name, outcome]));
const detailOf = ({ findings }: Verification, wanted: string) =>
  findings.find(({ name }) => name === wanted)?.detail;

eachStore("verification", (openFresh) => {
  describe("over three channels of one EVM, by a node that is party to nothing", function () {
    this.timeout(60_000);
    let ground: Ground;
    let bench: VerificationBench;

    before(async () => {
      ground = await prepareGround();
    });
    beforeEach(async () => {
      bench = await VerificationBench.open(ground, await openFresh());
    });
    afterEach(() => bench.close());
    after(() => ground.evm.close());

    it("valid: live on a production channel, whichever way it is presented", async () => {
      const { bytes, obj, issuance } = certificate("1", { validUntil: 4_102_444_800 });
      await bench.send(ground.first, issuance);
      await bench.finalise();
      const id = messageId(issuance);
      const wire = toWire(issuance);
      const form = new FormData();
      form.set("file", new Blob([bytes]), "coo.json");
      form.set("receipt", JSON.stringify({ id, channelId: bench.idOf(ground.first) }));
      const answers = {
        hash: await bench.get(obj),
        "hash and message": await bench.get(`${obj}?message=${id}`),
        "hash in JSON": await bench.present({ hash: obj }),
        message: await bench.present({ message: wire }),
        "message's id": await bench.present({ message: id }),
        receipt: await bench.present({ receipt: { id, channelId: bench.idOf(ground.first), ...wire } }),
        "QR code": await bench.present({ qr: `https://elsewhere.example/verify/${obj}?message=${id}` }),
        "QR text": await bench.present({ qr: `urn:icl:verify:${obj}:${id}`, hash: obj }),
        file: await (await bench.post(bytes)).json(),
        "file and message": await (await bench.post(bytes, {}, `?message=${id}`)).json(),
        form: await (await bench.post(form)).json(),
      };
      for (const [how, answer] of Object.entries(answers) as [string, Verification][]) {
        expect(answer.verdict, how).to.equal("valid");
        expect(answer.multihash, how).to.equal(obj);
        expect(findingsOf(answer), how).to.deep.equal({ integrity: "pass", issuer: "pass", status: "pass" });
        expect(answer.certificates, how).to.have.length(1);
      }
      const { issuedAt, ...shown } = answers.hash.certificates[0] ?? { issuedAt: null };
      expect(shown).to.deep.equal({
        ...{ id, issuer: au, jurisdiction: "AU", receiver: cn, receiverJurisdiction: "CN" },
        ...{ predicate: issuance.predicate, state: "live" },
        ...{ channel: bench.idOf(ground.first), channelType: "production" },
        validUntil: "2100-01-01T00:00:00.000Z",
        ...{ acquittedBy: null, acquittedAt: null, revokedAt: null },
      });
      expect(Date.parse(issuedAt ?? "")).to.be.greaterThan(0);
    });

    it("used: acquitted by its receiver, by the message and at the time that are told", async () => {
      const { obj, issuance } = certificate("2");
      await bench.send(ground.first, issuance);
      const acquittal = await bench.acquit(ground.first, issuance);
      const at = await bench.time();
      await bench.finalise();
      const answer = await bench.get(obj);
      expect(answer.verdict).to.equal("used");
      expect(findingsOf(answer)).to.deep.equal({ integrity: "pass", issuer: "pass", status: "fail" });
      expect(answer.certificates[0]).to.include({
        state: "used",
        acquittedBy: messageId(acquittal),
        acquittedAt: new Date(at * 1000).toISOString(),
        revokedAt: null,
      });
    });

    it("revoked: by its issuer, and also after its use, which is still shown", async () => {
      const [early, late] = [certificate("3"), certificate("4")];
      await bench.send(ground.first, early.issuance);
      await bench.send(ground.first, late.issuance);
      await bench.acquit(ground.first, late.issuance);
      await bench.revoke(ground.first, early.issuance);
      await bench.revoke(ground.first, late.issuance);
      await bench.finalise();
      for (const { obj } of [early, late]) {
        const answer = await bench.get(obj);
        expect(answer.verdict).to.equal("revoked");
        expect(answer.certificates[0]?.revokedAt).to.be.a("string");
      }
      expect((await bench.get(late.obj)).certificates[0]?.acquittedAt).to.be.a("string");
    });

    it("expired: by the ledger's clock, not before", async () => {
      const { obj, issuance } = certificate("5", { validUntil: (await bench.time()) + 500 });
      await bench.send(ground.first, issuance);
      await bench.finalise();
      expect((await bench.get(obj)).verdict).to.equal("valid");
      await ground.evm.send("evm_increaseTime", [1_000]);
      await ground.evm.send("evm_mine");
      await bench.finalise();
      const answer = await bench.get(obj);
      expect(answer.verdict).to.equal("expired");
      expect(findingsOf(answer).status).to.equal("fail");
    });

    it("pending: seen in a block that is not final, by hash and by message", async () => {
      const { obj, issuance } = certificate("6");
      await bench.send(ground.first, issuance);
      expect((await bench.get(obj)).verdict, "not followed yet").to.equal("unknown");
      await bench.follow();
      for (const answer of [await bench.get(obj), await bench.present({ message: toWire(issuance) })]) {
        expect(answer.verdict).to.equal("pending");
        expect(findingsOf(answer).status).to.equal("unknown");
        expect(answer.certificates[0]).to.include({ id: messageId(issuance), state: "pending" });
      }
      await bench.finalise();
      expect((await bench.get(obj)).verdict).to.equal("valid");
    });

    it("duplicate: its number was issued before on another production channel", async () => {
      const original = certificate("7");
      const again = certificate("7-again", { subject: original.issuance.subject });
      await bench.send(ground.first, original.issuance);
      await bench.send(ground.second, again.issuance);
      await bench.finalise();
      expect((await bench.get(original.obj)).verdict).to.equal("valid");
      const answer = await bench.get(again.obj);
      expect(answer.verdict).to.equal("duplicate");
      expect(findingsOf(answer)).to.deep.equal({ integrity: "pass", issuer: "pass", status: "fail" });
      expect(answer.certificates[0]).to.include({ state: "duplicate", channel: bench.idOf(ground.second) });
    });

    it("altered: the document is another than the message, receipt or QR code names", async () => {
      const { bytes, obj, issuance } = certificate("8");
      const forged = certificate("8-forged");
      await bench.send(ground.first, issuance);
      await bench.finalise();
      const id = messageId(issuance);
      const form = new FormData();
      form.set("file", new Blob([forged.bytes]), "coo.json");
      form.set("qr", `urn:icl:verify:${obj}:${id}`);
      const record = { id, channelId: bench.idOf(ground.first), ...toWire(issuance) };
      const answers = {
        "hash and message": await bench.get(`${forged.obj}?message=${id}`),
        "hash beside a message": await bench.present({ hash: forged.obj, message: toWire(issuance) }),
        "hash beside a receipt of nothing but its id": await bench.present({
          hash: forged.obj,
          receipt: { id },
        }),
        "hash beside a QR code": await bench.present({ hash: forged.obj, qr: `urn:icl:verify:${obj}` }),
        "file beside a message": await (await bench.post(forged.bytes, {}, `?message=${id}`)).json(),
        "file beside a QR code": await (await bench.post(form)).json(),
        "QR code whose hash was changed": await bench.present({ qr: `urn:icl:verify:${forged.obj}:${id}` }),
        "receipt whose content was changed": await bench.present({ receipt: { ...record, obj: forged.obj } }),
      };
      for (const [how, answer] of Object.entries(answers) as [string, Verification][]) {
        expect(answer.verdict, how).to.equal("altered");
        expect(findingsOf(answer).integrity, how).to.equal("fail");
      }
      expect(await (await bench.post(bytes, {}, `?message=${id}`)).json()).to.include({
        verdict: "valid",
      });
    });

    it("unknown: nothing on any ledger names it, or what is named issues nothing", async () => {
      const { obj, issuance } = certificate("9");
      for (const answer of [
        await bench.get(obj),
        await bench.present({ message: toWire(issuance) }),
        await bench.present({ receipt: { id: messageId(issuance) } }),
      ]) {
        expect(answer.verdict).to.equal("unknown");
        expect(findingsOf(answer)).to.deep.equal({
          integrity: "unknown",
          issuer: "unknown",
          status: "unknown",
        });
        expect(answer.certificates).to.deep.equal([]);
      }
      const note = { ...issuance, predicate: attached };
      await bench.send(ground.first, note);
      await bench.finalise();
      const answer = await bench.present({ message: toWire(note) });
      expect(answer.verdict).to.equal("unknown");
      expect(detailOf(answer, "status")).to.contain("issues no certificate");
    });

    it("unknown: its ledger is out of reach, however good it was before", async () => {
      const { obj, issuance } = certificate("10");
      await bench.send(ground.first, issuance);
      await bench.finalise();
      ground.evm.setReachable(false);
      const answer = await bench.get(obj);
      expect(answer.verdict).to.equal("unknown");
      expect(findingsOf(answer)).to.deep.equal({ integrity: "pass", issuer: "pass", status: "unknown" });
      expect(detailOf(answer, "status")).to.contain("out of reach");
      expect(answer.certificates[0]?.state).to.equal("unknown");
      ground.evm.setReachable(true);
      expect((await bench.get(obj)).verdict).to.equal("valid");
    });

    it("unknown: live on a test channel, which takes nothing from a certificate of a production channel", async () => {
      const { obj, issuance } = certificate("11");
      await bench.send(ground.trial, issuance);
      await bench.finalise();
      const answer = await bench.get(obj);
      expect(answer.verdict).to.equal("unknown");
      expect(detailOf(answer, "status")).to.contain("test channel");
      expect(answer.certificates[0]).to.include({ state: "live", channelType: "test" });
      await bench.revoke(ground.trial, issuance);
      await bench.finalise();
      expect((await bench.get(obj)).verdict, "what is bad may be said").to.equal("revoked");
      await bench.send(ground.first, issuance);
      await bench.finalise();
      const real = await bench.get(obj);
      expect(real.verdict).to.equal("valid");
      expect(real.certificates.map(({ channelType }) => channelType)).to.deep.equal(["test", "production"]);
    });

    it("unknown: its issuer is suspended, which the issuer's finding says", async () => {
      const { obj, issuance } = certificate("12");
      await bench.send(ground.first, issuance);
      await bench.suspend(ground.first, au);
      await bench.finalise();
      const answer = await bench.get(obj);
      expect(answer.verdict).to.equal("unknown");
      expect(findingsOf(answer)).to.deep.equal({ integrity: "pass", issuer: "fail", status: "pass" });
      expect(detailOf(answer, "issuer")).to.contain("suspended");
    });

    it("unknown: a receipt of another channel than the one that has the certificate", async () => {
      const { issuance } = certificate("13");
      await bench.send(ground.first, issuance);
      await bench.finalise();
      const receipt = { id: messageId(issuance), channelId: bench.idOf(ground.second) };
      const answer = await bench.present({ receipt });
      expect(answer.verdict).to.equal("unknown");
      expect(detailOf(answer, "status")).to.contain("not on the channel");
    });

    it("of several certificates for one document says the worst word, unless one is pinned", async () => {
      const { obj, issuance } = certificate("14");
      const others = ["14b", "14c", "14d"].map((number) => ({
        ...issuance,
        subject: parseSubject(`coo:${number}`),
      }));
      const [b, c, d] = others;
      if (b === undefined || c === undefined || d === undefined) throw new Error("They are not there.");
      await bench.send(ground.first, issuance);
      await bench.send(ground.first, b);
      await bench.finalise();
      expect((await bench.get(obj)).verdict).to.equal("valid");
      await bench.acquit(ground.first, b);
      await bench.finalise();
      expect((await bench.get(obj)).verdict).to.equal("used");
      await bench.send(ground.first, c);
      await bench.revoke(ground.first, c);
      await bench.finalise();
      await bench.send(ground.first, d);
      await bench.follow();
      const answer = await bench.get(obj);
      expect(answer.verdict).to.equal("revoked");
      expect(answer.certificates.map(({ id, state }) => [id, state])).to.deep.equal([
        [messageId(issuance), "live"],
        [messageId(b), "used"],
        [messageId(c), "revoked"],
        [messageId(d), "pending"],
      ]);
      const pinned = async (id: string) => (await bench.get(`${obj}?message=${id}`)).verdict;
      expect(await pinned(messageId(issuance))).to.equal("valid");
      expect(await pinned(messageId(b))).to.equal("used");
      expect(await pinned(messageId(d))).to.equal("pending");
    });

    it("says what the ledger says, also before this node has followed so far", async () => {
      const { obj, issuance } = certificate("15");
      await bench.finalise();
      await bench.send(ground.first, issuance);
      await ground.evm.send("evm_mine");
      const answer = await bench.present({ message: toWire(issuance) });
      expect(answer.verdict, "the ledger has it, this node has not read it").to.equal("valid");
      await bench.follow();
      await bench.acquit(ground.first, issuance);
      await ground.evm.send("evm_mine");
      const used = await bench.get(obj);
      expect(used.verdict).to.equal("used");
      expect(used.certificates[0]).to.include({ state: "used", acquittedBy: null });
    });

    it("verifies a certificate in a batch between others by its inclusion proof", async () => {
      const { header, messages, tree } = batch(300);
      const at = 258;
      const [meant, used, gone] = [messages[at], messages[257], messages[1]];
      if (meant === undefined || used === undefined || gone === undefined)
        throw new Error("They are not there.");
      const place = (index: number) => ({ index, proof: tree.proof(index) });
      const { validUntil, ...rest } = header;
      const wireHeader = { ...rest, ...(validUntil === null ? {} : { validUntil }) };
      const presented = { message: toWire(meant), batch: { ...place(at), header: wireHeader } };
      expect((await bench.present(presented)).verdict, "not anchored").to.equal("unknown");

      await bench.anchor(ground.first, header);
      await bench.follow();
      expect((await bench.present(presented)).verdict, "not final").to.equal("pending");
      await bench.finalise();
      await bench.settle(ground.first, header, cn, acquitted, [257]);
      const usedAt = await bench.time();
      await bench.settle(ground.first, header, au, revoked, [1]);
      await bench.finalise();

      const answer = await bench.present(presented);
      expect(answer.verdict).to.equal("valid");
      expect(answer.certificates[0]).to.include({ issuer: au, state: "live", channelType: "production" });
      const byId = { ...presented, batch: { ...place(at), id: batchId(header) } };
      expect((await bench.present(byId)).verdict, "header looked up").to.equal("valid");
      const receipt = { id: messageId(meant), channelId: bench.idOf(ground.first), ...toWire(meant) };
      expect((await bench.present({ receipt: { ...receipt, batch: byId.batch } })).verdict).to.equal("valid");

      const acquittedOne = await bench.present({
        message: toWire(used),
        batch: { ...place(257), header: wireHeader },
      });
      expect(acquittedOne.verdict).to.equal("used");
      expect(acquittedOne.certificates[0]).to.include({ acquittedAt: new Date(usedAt * 1000).toISOString() });
      expect(acquittedOne.certificates[0]?.acquittedBy).to.match(/^0x[0-9a-f]{64}$/);
      const revokedOne = await bench.present({
        message: toWire(gone),
        batch: { ...place(1), header: wireHeader },
      });
      expect(revokedOne.verdict).to.equal("revoked");
      expect(revokedOne.certificates[0]?.revokedAt).to.be.a("string");
    });

    it("altered: a message that is not at that place of the batch", async () => {
      const { header, messages, tree } = batch(4);
      const [meant] = messages;
      if (meant === undefined) throw new Error("It is not there.");
      await bench.anchor(ground.first, header);
      await bench.finalise();
      const wireHeader = { ...header, validUntil: undefined };
      const proof = tree.proof(0);
      const forged = { ...toWire(meant), subject: "coo:forged" };
      for (const [how, presented] of Object.entries({
        "another index": { message: toWire(meant), batch: { index: 1, proof, header: wireHeader } },
        "another message": { message: forged, batch: { index: 0, proof, header: wireHeader } },
        "another message, header looked up": {
          message: forged,
          batch: { index: 0, proof, id: batchId(header) },
        },
        "a shortened proof": {
          message: toWire(meant),
          batch: { index: 0, proof: proof.slice(1), header: wireHeader },
        },
      })) {
        const answer = await bench.present(presented);
        expect(answer.verdict, how).to.equal("altered");
      }
    });
  });
});
