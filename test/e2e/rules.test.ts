import { randomUUID } from "node:crypto";

import { expect } from "chai";

import type { MessageRecord } from "../../src/messages/message-record.ts";
import { contractMessage } from "../../src/channels/evm/encode.ts";
import { parseMessage, type WireMessage } from "../../src/domain/message.ts";
import { parsePredicate } from "../../src/domain/predicate.ts";
import { TariffQuota__factory } from "../../types/ethers-contracts/factories/hooks/TariffQuota__factory.ts";
import { nameHash } from "../channels/evm/test-channel.ts";
import { acquitted, attached, au, cn, created, phytosanitary, revoked } from "../channels/fixtures.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import type { Draft, Officer } from "./officer.ts";
import { startWorld, type Country, type World } from "./world.ts";

/** The rules of PROTOCOL §4, each on two running nodes. One network for all: every test speaks of subjects of its own. */
eachStore(
  "the ledger's rules, between two countries",
  (_openFresh, source) => {
    describe("over one EVM channel", function () {
      this.timeout(60_000);
      let world: World;
      let australia: Officer;
      let china: Officer;

      before(async () => {
        world = await startWorld();
        const found = async (participant: typeof au, jurisdiction: string): Promise<Country> =>
          world.start(await world.configure(participant, jurisdiction, await source.freshLocation()));
        ({ officer: australia } = await found(au, "AU"));
        ({ officer: china } = await found(cn, "CN"));
        for (const officer of [australia, china]) {
          await eventually(async () => (await officer.request("/health/ready")).status === 200);
        }
      });

      after(() => world.close());

      const subjectOf = (name: string) => `${name}:${randomUUID()}`;
      const document = (officer: Officer) =>
        officer.store(new TextEncoder().encode(JSON.stringify({ salt: randomUUID() })), "application/json");
      const from = async (officer: Officer, draft: Omit<Draft, "obj" | "receiver">): Promise<Draft> => ({
        ...draft,
        receiver: officer === australia ? cn : au,
        obj: await document(officer),
      });
      /** Sends, and waits for the ledger's last word on both sides. */
      const said = async (
        officer: Officer,
        draft: Omit<Draft, "obj" | "receiver">,
      ): Promise<MessageRecord> => {
        const id = await officer.send(await from(officer, draft));
        await (officer === australia ? china : australia).until(id, "available");
        return officer.until(id, "delivered");
      };
      const refused = async (officer: Officer, draft: Omit<Draft, "obj" | "receiver">) =>
        officer.reason(await officer.send(await from(officer, draft)));
      const ledger = async (
        act: (contract: World["channel"]["contract"]) => Promise<{ wait(): Promise<unknown> }>,
      ) => (await act(world.channel.contract)).wait();
      const refusedPost = async (officer: Officer, draft: Omit<Draft, "obj" | "receiver">) =>
        ((await officer.post(await from(officer, draft))).body as { code?: string }).code;
      const leftOver = subjectOf("deprecated");
      const certificateOf = async (officer: Officer, id: string) => (await officer.message(id))?.certificate;

      it("inform: announces the triple, and creates no certificate", async () => {
        const subject = subjectOf("inform");
        const first = await said(australia, { subject, predicate: attached });
        const second = await said(australia, { subject, predicate: attached });
        expect(first.id).not.to.equal(second.id);
        expect(first).not.to.have.property("certificate");
      });

      it("issue: creates a certificate with its expiry, and its number is never issued again", async () => {
        const issue = { subject: subjectOf("issue"), predicate: created, validUntil: "2099-06-03T00:00:00Z" };
        const { id } = await said(australia, issue);
        expect(await certificateOf(china, id)).to.include({
          issued: true,
          acquitted: false,
          revoked: false,
          expired: false,
        });
        expect(await refused(australia, issue)).to.equal("CertificateAlreadyIssued");
      });

      it("issue: the same number of another type or another issuer is another certificate", async () => {
        const subject = subjectOf("number");
        await said(australia, { subject, predicate: created });
        await said(australia, { subject, predicate: phytosanitary });
        await said(china, { subject, predicate: created });
      });

      it("acquit: marks a certificate used, once, and is itself a message to the issuer with evidence", async () => {
        const subject = subjectOf("acquit");
        const issued = await said(australia, { subject, predicate: created });
        const acquittal = await said(china, { subject, predicate: acquitted });
        expect(acquittal).to.include({ sender: cn, receiver: au, subject });
        expect((await australia.read(acquittal.obj)).status).to.equal(200);
        for (const officer of [australia, china]) {
          expect(await certificateOf(officer, issued.id)).to.include({
            acquitted: true,
            acquittedBy: acquittal.id,
          });
        }
        expect(await refused(china, { subject, predicate: acquitted })).to.equal(
          "CertificateAlreadyAcquitted",
        );
      });

      it("acquit: is refused for a certificate that is unknown, of another type, or the acquitter's own", async () => {
        const subject = subjectOf("refused");
        const unknown = await china.post(await from(china, { subject, predicate: acquitted }));
        expect(unknown).to.have.property("status", 422);
        expect(unknown.body).to.include({ code: "certificate-unknown" });
        await said(australia, { subject, predicate: phytosanitary });
        const otherType = await china.post(await from(china, { subject, predicate: acquitted }));
        expect(otherType.body).to.include({ code: "certificate-unknown" });
        await said(australia, { subject: `${subject}:own`, predicate: created });
        const own = await australia.post({
          ...(await from(australia, { subject: `${subject}:own`, predicate: acquitted })),
        });
        expect(own.body).to.include({ code: "certificate-unknown" });
      });

      it("acquit: is refused after expiry, as the ledger's own clock has it", async () => {
        const subject = subjectOf("expiry");
        const { timestamp } = await latestBlock(world);
        const validUntil = new Date((timestamp + 600) * 1000).toISOString().replace(".000Z", "Z");
        await said(australia, { subject, predicate: created, validUntil });
        await world.evm.send("evm_increaseTime", [1_200]);
        await world.evm.send("hardhat_mine", ["0x1"]);
        expect(await refused(china, { subject, predicate: acquitted })).to.equal("CertificateExpired");
      });

      it("revoke: marks a certificate invalid before acquittal, which is then refused", async () => {
        const subject = subjectOf("revoked");
        const issued = await said(australia, { subject, predicate: created });
        const revocation = await said(australia, { subject, predicate: revoked });
        for (const officer of [australia, china]) {
          expect(await certificateOf(officer, issued.id)).to.include({
            revoked: true,
            revokedBy: revocation.id,
          });
        }
        expect(await refused(china, { subject, predicate: acquitted })).to.equal("CertificateAlreadyRevoked");
      });

      it("revoke: also after acquittal, and the certificate is then both used and revoked", async () => {
        const subject = subjectOf("fraud");
        const issued = await said(australia, { subject, predicate: created });
        await said(china, { subject, predicate: acquitted });
        await said(australia, { subject, predicate: revoked });
        expect(await certificateOf(china, issued.id)).to.include({ acquitted: true, revoked: true });
        expect(await refused(australia, { subject, predicate: revoked })).to.equal(
          "CertificateAlreadyRevoked",
        );
      });

      it("an acquittal made in error is answered by a message about the same subject, and not undone", async () => {
        const subject = subjectOf("correction");
        const issued = await said(australia, { subject, predicate: created });
        await said(china, { subject, predicate: acquitted });
        await said(china, { subject, predicate: attached });
        expect(await certificateOf(australia, issued.id)).to.include({ acquitted: true });
        const response = await australia.request(`/messages?subject=${encodeURIComponent(subject)}`);
        const { items } = (await response.json()) as { items: MessageRecord[] };
        expect(items.map(({ predicate }) => predicate)).to.deep.equal([created, acquitted, attached]);
      });

      it("acquit and revoke resupply the issuing message: its document, receiver and expiry are pinned", async () => {
        const issue = { subject: subjectOf("pinned"), predicate: created };
        const { id, sender, receiver, subject, predicate, obj } = await said(australia, issue);
        const message = parseMessage({ sender, receiver, subject, predicate, obj } satisfies WireMessage);
        const stands = await world.channel.contract.stateOf(contractMessage(message));
        expect(stands.issued).to.equal(true);
        const other = parseMessage({ sender, receiver, subject, predicate, obj: await document(australia) });
        const altered = await world.channel.contract.stateOf(contractMessage(other));
        expect(altered.issued, `no other document passes for that of ${id}`).to.equal(false);
      });

      it("while the sender is suspended nothing of it is taken, and the consortium may invalidate what it issued", async () => {
        const subject = subjectOf("suspended");
        const issued = await said(australia, { subject, predicate: created });
        const kept = await said(australia, { subject: `${subject}:kept`, predicate: created });
        await ledger((contract) => contract.suspend(nameHash(au)));
        await eventually(async () => {
          const { body } = await australia.post(await from(australia, { subject, predicate: revoked }));
          return (body as { code?: string }).code === "participant-suspended";
        });
        const { sender, receiver, predicate, obj } = issued;
        const message = parseMessage({ sender, receiver, subject, predicate, obj });
        await ledger((contract) => contract.invalidate(contractMessage(message)));
        await eventually(async () => (await certificateOf(china, issued.id))?.invalidated === true);
        expect(await certificateOf(china, issued.id)).to.include({ revoked: true });

        // The other side goes on: what a suspended issuer issued before can still be used.
        const acquittal = await china.send(
          await from(china, { subject: `${subject}:kept`, predicate: acquitted }),
        );
        await china.until(acquittal, "delivered");
        expect(await certificateOf(china, kept.id)).to.include({ acquitted: true });

        await ledger((contract) => contract.reinstate(nameHash(au)));
        await eventually(async () => {
          const { status } = await australia.post(await from(australia, { subject, predicate: attached }));
          return status === 202;
        });
      });

      it("past its validity a channel takes no new certificate, and those it has can be used", async () => {
        const { timestamp } = await latestBlock(world);
        const ending = await startWorld({ validUntil: timestamp + 100_000 });
        try {
          const place = async (participant: typeof au, code: string) =>
            (await ending.start(await ending.configure(participant, code, await source.freshLocation())))
              .officer;
          const [sender, receiver] = [await place(au, "AU"), await place(cn, "CN")];
          for (const officer of [sender, receiver]) {
            await eventually(async () => (await officer.request("/health/ready")).status === 200);
          }
          const issue = { receiver: cn, subject: "late:1", predicate: created };
          const id = await sender.send({ ...issue, obj: await document(sender) });
          await receiver.until(id, "available");
          await ending.evm.send("evm_increaseTime", [200_000]);
          await ending.evm.send("hardhat_mine", ["0x1"]);
          const late = await sender.send({ ...issue, subject: "late:2", obj: await document(sender) });
          expect(await sender.reason(late)).to.equal("ChannelOutsideValidity");
          const use = {
            receiver: au,
            subject: "late:1",
            predicate: acquitted,
            obj: await document(receiver),
          };
          await receiver.until(await receiver.send(use), "delivered");
        } finally {
          await ending.close();
        }
      });

      it("a type's hook is asked about each acquittal, and refuses what its business rule does not allow", async () => {
        const { contract, consortium, admins, operators } = world.channel;
        const underQuota = parsePredicate("UN.CEFACT.Regulatory.CertificateOfOrigin.acquittedUnderQuota");
        const channelAddress = await contract.getAddress();
        const quota = await new TariffQuota__factory(consortium).deploy(channelAddress, consortium.address);
        await quota.waitForDeployment();
        const hook = await quota.getAddress();
        await ledger(() => contract.registerMessageType(underQuota, 3, false, nameHash(created), hook));
        const operator = operators.get(cn)?.address ?? "";
        const asAdmin = contract.connect(admins.get(cn));
        await ledger(() => asAdmin.appointOperator(nameHash(cn), nameHash(underQuota), operator));
        const { timestamp } = await latestBlock(world);
        const names = [nameHash(cn), nameHash(au), nameHash(underQuota)] as const;
        await ledger(() => quota.addPeriod(...names, timestamp, timestamp + 1_000_000, 1));

        const subject = subjectOf("quota");
        for (const number of [1, 2])
          await said(australia, { subject: `${subject}:${number}`, predicate: created });
        await said(china, { subject: `${subject}:1`, predicate: underQuota });
        const beyond = await refused(china, { subject: `${subject}:2`, predicate: underQuota });
        expect(beyond).to.equal("MessageHookRefused");
        await said(china, { subject: `${subject}:2`, predicate: acquitted });
      });

      it("a closed type takes no more messages, and what it created can still be used", async () => {
        const subject = subjectOf("closed");
        const issue = { subject, predicate: phytosanitary };
        await said(australia, issue);
        await ledger((contract) => contract.closeMessageType(nameHash(phytosanitary)));
        await eventually(async () => {
          const { body } = await australia.post(await from(australia, { ...issue, subject: `${subject}:2` }));
          return (body as { code?: string }).code === "predicate-closed";
        });
      });

      // The last ones, in this order: a channel does not come back from them.
      it("a deprecated channel takes no new certificate, and those it has can be used and revoked", async () => {
        const subject = leftOver;
        for (const number of [1, 2, 3])
          await said(australia, { subject: `${subject}:${number}`, predicate: created });
        await ledger((contract) => contract.deprecate("0x0000000000000000000000000000000000000000"));
        await eventually(async () => {
          const { body } = await australia.post(await from(australia, { subject, predicate: attached }));
          return (body as { code?: string }).code === "no-channel";
        });
        await said(china, { subject: `${subject}:1`, predicate: acquitted });
        await said(australia, { subject: `${subject}:2`, predicate: revoked });
      });

      it("a retired channel takes nothing any more", async () => {
        await ledger((contract) => contract.retire());
        for (const officer of [australia, china]) {
          await eventually(async () => {
            const { items } = (await (await officer.request("/channels")).json()) as {
              items: { status: string }[];
            };
            return items[0]?.status === "retired";
          });
        }
        expect(await refusedPost(china, { subject: `${leftOver}:3`, predicate: acquitted })).to.equal(
          "no-channel",
        );
        const answer = await refusedPost(australia, { subject: `${leftOver}:3`, predicate: revoked });
        expect(answer).to.equal("no-channel");
        expect(await world.channel.contract.status()).to.equal(2n);
      });
    });
  },
  "suite",
);

async function latestBlock(world: World): Promise<{ readonly timestamp: number }> {
  const { timestamp } = (await world.evm.send("eth_getBlockByNumber", ["latest", false])) as {
    timestamp: string;
  };
  return { timestamp: Number(timestamp) };
}
