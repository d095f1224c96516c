import { createServer } from "node:http";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { checkBundle, type BundleReport } from "../../src/verification/check-bundle.ts";
import type { EvidenceBundle } from "../../src/verification/evidence-bundle.ts";
import type { Verification } from "../../src/verification/verification.ts";
import { acquitted, attached, au, cn, created, revoked } from "../channels/fixtures.ts";
import { nameHash } from "../channels/evm/test-channel.ts";
import { icl } from "../cli/icl.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { startWorld, type Country, type World } from "./world.ts";

const json = (content: unknown) => new TextEncoder().encode(JSON.stringify(content));

/** Every leaf of a JSON value by its path, but for lists' members beyond the first. */
function leavesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([name, each]) => leavesOf(each, [...path, name]));
}

/** The same value with one leaf changed. */
function withChanged(value: unknown, path: readonly string[]): unknown {
  const copy = structuredClone(value);
  const parent = path.slice(0, -1).reduce<unknown>((at, name) => (at as Record<string, unknown>)[name], copy);
  const members = parent as Record<string, unknown>;
  const name = path.at(-1) ?? "";
  const old = members[name];
  if (typeof old === "number") members[name] = old + 1;
  else if (typeof old === "boolean") members[name] = !old;
  else if (typeof old === "string") members[name] = old.slice(0, -1) + (old.endsWith("1") ? "2" : "1");
  else members[name] = "something";
  return copy;
}

const failureOf = ({ findings }: BundleReport) => findings.find(({ outcome }) => outcome === "fail");

eachStore("verification", (_openFresh, source) => {
  describe("on two running nodes over a production channel", function () {
    this.timeout(120_000);
    let directory: string;
    let world: World;
    let australia: Country;
    let china: Country;

    beforeEach(async () => {
      directory = await mkdtemp(join(tmpdir(), "icl-verify-"));
      world = await startWorld({ production: true });
      australia = await world.start(await world.configure(au, "AU", await source.freshLocation()));
      china = await world.start(await world.configure(cn, "CN", await source.freshLocation()));
      for (const { officer } of [australia, china]) {
        await eventually(async () => (await officer.request("/health/ready")).status === 200);
      }
    });

    afterEach(async () => {
      await world.close();
      await rm(directory, { recursive: true, force: true });
    });

    /** Issues a certificate, and waits until both sides know it. */
    async function issue(subject: string) {
      const bytes = json({ certificate: subject, salt: "9a8b7c6d" });
      const obj = await australia.officer.store(bytes, "application/json");
      const id = await australia.officer.send({ receiver: cn, subject, predicate: created, obj });
      await australia.officer.until(id, "delivered");
      await eventually(async () => (await china.officer.message(id)) !== null);
      return { bytes, obj, id, subject };
    }

    async function acquit(subject: string): Promise<string> {
      const obj = await china.officer.store(json({ entry: subject }), "application/json");
      const id = await china.officer.send({ receiver: au, subject, predicate: acquitted, obj });
      await china.officer.until(id, "delivered");
      await eventually(async () => (await australia.officer.message(id)) !== null);
      return id;
    }

    /** Asks a node as a stranger: no token. */
    const verdictAt = async ({ config }: Country, path: string): Promise<Verification> =>
      (await (await fetch(`${config.publicUrl}/verify/${path}`)).json()) as Verification;

    const presentedAt = async (
      { config }: Country,
      body: FormData | Uint8Array<ArrayBuffer> | string,
      headers: Record<string, string> = {},
    ): Promise<Verification> =>
      (await (
        await fetch(`${config.publicUrl}/verify`, { method: "POST", headers, body })
      ).json()) as Verification;

    async function evidenceFrom({ officer }: Country, id: string): Promise<EvidenceBundle> {
      const response = await officer.request(`/messages/${id}/evidence`);
      if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
      return (await response.json()) as EvidenceBundle;
    }

    async function fileOf(name: string, content: unknown): Promise<string> {
      const file = join(directory, name);
      await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
      return file;
    }

    it("both say the same to strangers: valid, used, revoked, altered, unknown", async () => {
      const { bytes, obj, id, subject } = await issue("coo:1");
      const qr = `${australia.config.publicUrl}/verify/${obj}?message=${id}`;
      for (const country of [australia, china]) {
        expect((await verdictAt(country, obj)).verdict).to.equal("valid");
        expect((await presentedAt(country, bytes)).verdict).to.equal("valid");
        const form = new FormData();
        form.set("file", new Blob([json({ certificate: subject, salt: "forged" })]));
        form.set("qr", qr);
        expect((await presentedAt(country, form)).verdict).to.equal("altered");
      }
      expect(((await (await fetch(qr)).json()) as Verification).verdict, "as a telephone asks").to.equal(
        "valid",
      );

      const acquittal = await acquit(subject);
      for (const country of [australia, china]) {
        const used = await verdictAt(country, obj);
        expect(used.verdict).to.equal("used");
        expect(used.certificates[0]).to.include({ issuer: au, receiver: cn, acquittedBy: acquittal });
        expect(used.certificates[0], "where it was used").to.include({ receiverJurisdiction: "CN" });
      }
      const why = await australia.officer.store(json({ reason: "forged invoice" }), "application/json");
      const revocation = await australia.officer.send({
        receiver: cn,
        subject,
        predicate: revoked,
        obj: why,
      });
      await australia.officer.until(revocation, "delivered");
      await eventually(async () => (await china.officer.message(revocation)) !== null);
      for (const country of [australia, china]) {
        const answer = await verdictAt(country, obj);
        expect(answer.verdict).to.equal("revoked");
        expect(JSON.stringify(answer), "nothing of the content").not.to.contain(subject);
        expect((await presentedAt(country, json({ other: 1 }))).verdict).to.equal("unknown");
      }
    });

    it("read the ledger, not their own records: out of reach it is unknown, and a suspended issuer is told", async () => {
      const { obj } = await issue("coo:2");
      world.evm.setReachable(false);
      const answer = await verdictAt(china, obj);
      expect(answer.verdict).to.equal("unknown");
      const status = answer.findings.find(({ name }) => name === "status");
      expect(status?.outcome).to.equal("unknown");
      expect(JSON.stringify(status?.evidence)).to.contain('"ledgerReachable":false');
      world.evm.setReachable(true);
      await (await world.channel.contract.suspend(nameHash(au))).wait();
      await eventually(async () => {
        const { verdict, findings } = await verdictAt(china, obj);
        return (
          verdict === "unknown" &&
          findings.some(({ name, outcome }) => name === "issuer" && outcome === "fail")
        );
      });
    });

    it("export evidence that icl verify checks with a ledger's address, or with a pinned header and nothing else", async () => {
      const { id, subject } = await issue("coo:3");
      const bundle = await evidenceFrom(australia, id);
      expect(bundle).to.include({ id, effect: "issue", exportedBy: au, inclusion: null });
      expect(bundle.certificate).to.include({ issued: true, acquitted: false });
      const file = await fileOf("evidence.json", bundle);
      const { rpcUrl } = world.evm;
      const { channelId } = await australia.officer.until(id, "delivered");

      const online = await icl(["verify", file, "--rpc", rpcUrl, "--channel", channelId]);
      expect(online.out + online.err).to.contain("The evidence holds.");
      expect(online.out).to.contain("The certificate now: live.").and.not.to.contain("fail ");
      expect(online.code).to.equal(0);

      const block = (await world.evm.send("eth_getBlockByNumber", [
        `0x${bundle.place.height.toString(16)}`,
        false,
      ])) as { hash: string };
      const proof = bundle.ledger.proof as { block: { header: string }; codeHash: string };
      for (const header of [
        block.hash,
        await fileOf("hash.txt", `${block.hash}\n`),
        await fileOf("header.rlp.txt", proof.block.header),
        await fileOf("block.json", block),
      ]) {
        const offline = await icl([
          "verify",
          file,
          "--offline",
          "--header",
          header,
          "--code-hash",
          proof.codeHash,
          "--channel",
          channelId,
        ]);
        expect(offline.out + offline.err).to.contain("The evidence holds.");
        expect(offline.code).to.equal(0);
      }

      // Australia's word is not needed: China's bundle of the same message holds as well, and so does its acquittal's.
      const acquittal = await acquit(subject);
      const theirs = await fileOf("theirs.json", await evidenceFrom(china, id));
      const used = await icl(["verify", theirs, "--rpc", rpcUrl]);
      expect(used.out).to.contain("The certificate now: used.");
      expect(used.code).to.equal(0);
      const demanded = await icl(["verify", theirs, "--rpc", rpcUrl, "--live"]);
      expect(demanded.code).to.equal(5);
      const exported = await evidenceFrom(china, acquittal);
      expect(exported).to.include({ effect: "acquit", certificate: null });
      const after = await icl([
        "verify",
        await fileOf("acquittal.json", exported),
        "--rpc",
        rpcUrl,
        "--json",
      ]);
      expect(JSON.parse(after.out)).to.include({ holds: true, id: acquittal, certificate: null });
      const linked = await evidenceFrom(australia, id);
      expect(linked.certificate).to.include({ acquittedBy: acquittal });
      expect(linked.certificate?.links).to.include({
        acquittal: `${australia.config.publicUrl}/messages/${acquittal}/evidence`,
      });
      // As a receipt, the bundle pins its message.
      const receipt = JSON.stringify({ receipt: linked });
      const answer = await presentedAt(china, receipt, { "content-type": "application/json" });
      expect(answer.verdict).to.equal("used");
    });

    it("icl verify refuses with 5 what does not hold, 2 what is called wrongly, 4 what is out of reach", async () => {
      const { id, bytes, obj } = await issue("coo:4");
      const bundle = await evidenceFrom(australia, id);
      const file = await fileOf("evidence.json", bundle);
      const { rpcUrl } = world.evm;
      const { codeHash } = bundle.ledger.proof as { codeHash: string };
      const refused = async (args: readonly string[], code: number, words: string) => {
        const { code: ended, out, err } = await icl(["verify", ...args]);
        expect(out + err).to.contain(words);
        expect(ended, args.join(" ")).to.equal(code);
      };
      await refused([file, "--offline", "--header", `0x${"11".repeat(32)}`], 5, "fail    header");
      await refused([file, "--rpc", rpcUrl, "--channel", "eip155:1:0x00"], 5, "fail    channel");
      const other = [
        "--channel",
        bundle.channel.id,
        "--code-hash",
        codeHash.replace(/.$/, (last) => (last === "0" ? "1" : "0")),
      ];
      await refused([file, "--rpc", rpcUrl, ...other], 5, "fail    channel");
      await refused([await fileOf("no.json", "no JSON"), "--rpc", rpcUrl], 5, "fail    form");
      const forged = { ...bundle, message: { ...bundle.message, subject: "coo:44" } };
      await refused([await fileOf("forged.json", forged), "--rpc", rpcUrl], 5, "fail    message-id");
      await refused([file, "--rpc", "http://127.0.0.1:9"], 4, "cannot be reached");
      await refused([file], 2, "--node");
      await refused([file, "--offline"], 2, "--header");
      await refused([file, "--rpc", rpcUrl, "--offline", "--header", id], 2, "--rpc");
      await refused([join(directory, "absent"), "--rpc", rpcUrl], 2, "cannot be read");

      const document = await fileOf("coo.json", Buffer.from(bytes).toString("utf8"));
      const node = ["--node", china.config.publicUrl];
      await refused([document, ...node], 0, "valid");
      await refused([document, ...node, "--qr", `urn:icl:verify:${obj}:${id}`], 0, "valid");
      await refused([document, ...node, "--receipt", await fileOf("receipt.json", { id })], 0, "valid");
      await refused([file, ...node, "--message", id], 5, "altered");
      await refused([file, ...node], 5, "unknown");
      await refused([document, ...node, "--message", "0x12"], 3, "malformed-request");
      await refused([document, "--node", "http://127.0.0.1:9"], 4, "out of reach");
    });

    it("no field of a bundle can be changed: each is refused with a reason", async () => {
      const { id } = await issue("coo:5");
      const bundle = await evidenceFrom(australia, id);
      const { hash } = (bundle.ledger.proof as { block: { hash: string } }).block;
      const trust = { pins: null, ledger: { header: hash } } as const;
      expect((await checkBundle(bundle, trust)).holds).to.equal(true);

      const reasons = new Map<string, string>();
      for (const path of leavesOf(bundle)) {
        const report = await checkBundle(withChanged(bundle, path), trust);
        const failure = failureOf(report);
        expect(report.holds, path.join(".")).to.equal(false);
        expect(failure?.detail, path.join(".")).to.match(/^[A-Z].*\.$/);
        reasons.set(path.join("."), failure?.check ?? "");
      }
      expect(reasons.size).to.be.greaterThan(50);
      expect(Object.fromEntries(reasons)).to.include({
        format: "form",
        id: "message-id",
        "message.sender": "message-id",
        "message.subject": "message-id",
        "channel.id": "channel",
        "place.txn": "place",
        "place.height": "place",
        "place.time": "place",
        "place.index": "attestation",
        "certificate.acquitted": "attestation",
        exportedAt: "attestation",
        exportedBy: "attestation",
        "attestation.account": "attestation",
        "attestation.signature": "attestation",
        "ledger.technology": "technology",
        "ledger.proof.block.header": "header",
      });
      for (const name of Object.keys(bundle)) {
        const rest = Object.fromEntries(Object.entries(bundle).filter(([member]) => member !== name));
        expect((await checkBundle(rest, trust)).holds, `without ${name}`).to.equal(false);
      }
      expect((await checkBundle({ ...bundle, more: 1 }, trust)).holds, "with more").to.equal(false);
    });

    it("a bundle vouched for by a key that was dismissed is told as such; held against another ledger none passes", async () => {
      const { id } = await issue("coo:6");
      const bundle = await evidenceFrom(australia, id);
      const online = { pins: null, ledger: { rpcUrl: world.evm.rpcUrl } } as const;
      const honest = await checkBundle(bundle, online);
      expect(honest.findings.find(({ check }) => check === "attestation-now")?.outcome).to.equal("pass");
      const admin = world.channel.admins.get(au);
      if (admin === undefined) throw new Error("Australia has no admin.");
      const key = world.channel.nodeKeys.get(au)?.address ?? "";
      await (await world.channel.contract.connect(admin).dismissNodeKey(nameHash(au), key)).wait();
      const later = await checkBundle(bundle, online);
      expect(later.findings.find(({ check }) => check === "attestation-now")?.outcome).to.equal("unknown");
      expect(later.holds, "what the ledger itself proves still holds").to.equal(true);

      const lies: Readonly<Record<string, readonly [method: string, result: unknown]>> = {
        chain: ["eth_chainId", "0x1"],
        code: ["eth_getCode", "0x6000"],
      };
      for (const [check, [method, result]] of Object.entries(lies)) {
        world.evm.intercept((request) => Promise.resolve(request.method === method ? { result } : null));
        expect(failureOf(await checkBundle(bundle, online))?.check).to.equal(check);
      }
      world.evm.intercept(async ({ method, params }, pass) => {
        if (method !== "eth_getBlockByNumber" || params[0] === "latest") return null;
        return { result: { ...((await pass()) as object), hash: `0x${"22".repeat(32)}` } };
      });
      expect(failureOf(await checkBundle(bundle, online))?.check).to.equal("genesis");
      world.evm.intercept(null);
    });

    it("verify and prove a certificate that was issued in a batch, by hash and by inclusion proof", async () => {
      const lines: string[] = [];
      const documents: { readonly subject: string; readonly obj: string }[] = [];
      for (let number = 0; number < 5; number += 1) {
        const subject = `urn:uuid:0c0ffee0-0000-4000-8000-00000000000${number}`;
        const obj = await australia.officer.store(json({ certificate: subject }), "application/json");
        documents.push({ subject, obj });
        lines.push(JSON.stringify({ receiver: cn, subject, predicate: created, obj }));
      }
      const posted = await australia.officer.request("/messages/batch", {
        method: "POST",
        headers: { "content-type": "application/x-ndjson" },
        body: `${lines.join("\n")}\n`,
      });
      const answers = (await posted.text())
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { id: string });
      const [id, obj] = [answers[3]?.id ?? "", documents[3]?.obj ?? ""];
      await australia.officer.until(id, "delivered");
      await eventually(async () => (await verdictAt(australia, obj)).verdict === "valid");

      const bundle = await evidenceFrom(australia, id);
      expect(bundle.inclusion).to.include({ kind: "batch" });
      expect(bundle.inclusion?.header.count).to.equal(5);
      const file = await fileOf("batched.json", bundle);
      const checked = await icl(["verify", file, "--rpc", world.evm.rpcUrl]);
      expect(checked.out).to.contain("of the 5 of its batch").and.to.contain("The certificate now: live.");
      expect(checked.code).to.equal(0);
      const { hash } = (bundle.ledger.proof as { block: { hash: string } }).block;
      const trust = { pins: null, ledger: { header: hash } } as const;
      for (const path of leavesOf(bundle.inclusion, ["inclusion"])) {
        const failure = failureOf(await checkBundle(withChanged(bundle, path), trust));
        expect(["inclusion", "form", "attestation"], path.join(".")).to.include(failure?.check);
      }

      // The receipt proves itself to China's node, whatever it has opened of the batch.
      const receipt = JSON.stringify({ receipt: bundle });
      const asJson = { "content-type": "application/json" };
      await eventually(async () => (await presentedAt(china, receipt, asJson)).verdict === "valid");
    });

    it("give evidence to those who may read the message, once it is final", async () => {
      const { id } = await issue("coo:7");
      const reader = await world.officer(australia.config, ["documents:write"]);
      expect((await reader.request(`/messages/${id}/evidence`)).status).to.equal(403);
      const nobody = await fetch(`${australia.config.publicUrl}/messages/${id}/evidence`);
      expect(nobody.status).to.equal(401);
      const unknown = await australia.officer.request(`/messages/0x${"ab".repeat(32)}/evidence`);
      expect(unknown.status).to.equal(404);

      await world.evm.send("evm_setAutomine", [false]);
      const obj = await australia.officer.store(json({ note: 1 }), "application/json");
      const waiting = await australia.officer.send({
        receiver: cn,
        subject: "note:1",
        predicate: attached,
        obj,
      });
      const early = await australia.officer.request(`/messages/${waiting}/evidence`);
      expect(early.status).to.equal(409);
      expect(await early.json()).to.include({ code: "message-not-final" });
      await world.evm.send("evm_setAutomine", [true]);
      await world.evm.send("evm_mine");
      await australia.officer.until(waiting, "delivered");
      expect((await evidenceFrom(australia, waiting)).certificate).to.equal(null);
      world.evm.setReachable(false);
      const away = await australia.officer.request(`/messages/${waiting}/evidence`);
      expect(away.status).to.equal(503);
      expect(away.headers.get("retry-after")).to.be.a("string");
      world.evm.setReachable(true);
    });

    it("icl verify with --offline opens no connection", async () => {
      const { id } = await issue("coo:8");
      const bundle = await evidenceFrom(australia, id);
      let connections = 0;
      const server = createServer().on("connection", () => (connections += 1));
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
      const { port } = server.address() as AddressInfo;
      const trap = `http://127.0.0.1:${port}`;
      const { hash } = (bundle.ledger.proof as { block: { hash: string } }).block;
      const env = { HTTP_PROXY: trap, HTTPS_PROXY: trap, NODE_USE_ENV_PROXY: "1", ICL_NODE: trap };
      const file = await fileOf("evidence.json", bundle);
      const { code } = await icl(["verify", file, "--offline", "--header", hash], { env });
      expect(code).to.equal(0);
      expect(connections).to.equal(0);
      server.close();
    });
  });

  describe("on two running nodes over a test channel", function () {
    this.timeout(120_000);
    let world: World;
    let australia: Country;
    let china: Country;

    beforeEach(async () => {
      world = await startWorld();
      australia = await world.start(await world.configure(au, "AU", await source.freshLocation()));
      china = await world.start(await world.configure(cn, "CN", await source.freshLocation()));
      for (const { officer } of [australia, china]) {
        await eventually(async () => (await officer.request("/health/ready")).status === 200);
      }
    });
    afterEach(() => world.close());

    it("prove the acquittal of a certificate of a batch, which is one bit of a settlement; never say valid", async () => {
      const subjects = ["a", "b", "c"].map((last) => `urn:uuid:0c0ffee1-0000-4000-8000-00000000000${last}`);
      const lines: string[] = [];
      const objs: string[] = [];
      for (const subject of subjects) {
        const obj = await australia.officer.store(json({ certificate: subject }), "application/json");
        objs.push(obj);
        lines.push(JSON.stringify({ receiver: cn, subject, predicate: created, obj }));
      }
      const posted = await australia.officer.request("/messages/batch", {
        method: "POST",
        headers: { "content-type": "application/x-ndjson" },
        body: `${lines.join("\n")}\n`,
      });
      const answers = (await posted.text()).trim().split("\n");
      const ids = answers.map((line) => (JSON.parse(line) as { id: string }).id);
      for (const id of ids) await china.officer.until(id, "available");
      const ask = async (country: Country, obj: string | undefined) =>
        (await (await fetch(`${country.config.publicUrl}/verify/${obj ?? ""}`)).json()) as Verification;
      for (const country of [australia, china]) {
        const live = await ask(country, objs[1]);
        expect(live.verdict, "on a test channel").to.equal("unknown");
        expect(live.certificates[0]).to.include({ state: "live", channelType: "test" });
      }

      const evidence = await china.officer.store(json({ entry: 1 }), "application/json");
      const draft = { receiver: au, subject: subjects[1] ?? "", predicate: acquitted, obj: evidence };
      const acquittal = await china.officer.send(draft);
      await china.officer.until(acquittal, "delivered");
      await australia.officer.until(acquittal, "available");
      for (const country of [australia, china]) {
        const used = await ask(country, objs[1]);
        expect(used.verdict).to.equal("used");
        expect(used.certificates[0]).to.include({ acquittedBy: acquittal });
        expect((await ask(country, objs[0])).certificates[0]?.state).to.equal("live");

        const response = await country.officer.request(`/messages/${acquittal}/evidence`);
        const bundle = (await response.json()) as EvidenceBundle;
        expect(bundle.inclusion, JSON.stringify(bundle)).to.include({ kind: "settlement", index: 1 });
        const trust = { pins: null, ledger: { rpcUrl: world.evm.rpcUrl } } as const;
        const report = await checkBundle(bundle, trust);
        expect(report.holds, JSON.stringify(failureOf(report))).to.equal(true);
        for (const path of leavesOf(bundle.inclusion, ["inclusion"])) {
          expect((await checkBundle(withChanged(bundle, path), trust)).holds, path.join(".")).to.equal(false);
        }
        const theirs = await country.officer.request(`/messages/${ids[2] ?? ""}/evidence`);
        const issued = (await theirs.json()) as EvidenceBundle;
        expect(issued.inclusion).to.include({ kind: "batch", index: 2 });
        expect((await checkBundle(issued, trust)).holds).to.equal(true);
      }
    });
  });
});
