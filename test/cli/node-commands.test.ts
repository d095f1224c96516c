import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

import { expect } from "chai";

import { acquitted, attached, au, cn, created, phytosanitary, revoked } from "../channels/fixtures.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { freePort } from "../../scripts/dev/free-port.ts";
import type { Role } from "../../src/identity/caller.ts";
import { call, icl, type Outcome } from "./icl.ts";

/** Whose node a command asks, and as whom. */
type Environment = Readonly<Record<"ICL_NODE" | "ICL_TOKEN", string>>;

describe("the command line against running nodes", function () {
  this.timeout(120_000);
  let directory: string;
  let world: World;
  let australia: Country;
  let china: Country;
  let asAu: Environment;
  let asCn: Environment;
  let numbers = 0;

  async function environment({ config }: Country, roles?: readonly Role[]): Promise<Environment> {
    const token = await world.issuer.mint({
      subject: "officer-7",
      audience: config.participant,
      roles: roles ?? [
        "documents:write",
        "messages:read",
        "messages:write",
        "certificates:acquit",
        "certificates:revoke",
      ],
      lifetimeSeconds: 3_600,
    });
    return { ICL_NODE: config.publicUrl, ICL_TOKEN: token };
  }

  before(async () => {
    directory = await mkdtemp(path.join(tmpdir(), "icl-cli-"));
    world = await startWorld();
    const found = async (participant: typeof au, jurisdiction: string) => {
      const file = path.join(directory, `${participant}.db`);
      return world.start(await world.configure(participant, jurisdiction, { technology: "sqlite", file }));
    };
    australia = await found(au, "AU");
    china = await found(cn, "CN");
    for (const { officer } of [australia, china]) {
      await eventually(async () => (await officer.request("/health/ready")).status === 200);
    }
    [asAu, asCn] = [await environment(australia), await environment(china)];
  });

  after(async () => {
    await world.close();
    await rm(directory, { recursive: true, force: true });
  });

  /** Every outcome is looked at for the token: it is never echoed. */
  async function run(env: Environment, ...args: readonly string[]): Promise<Outcome> {
    const outcome = await icl(args, { env, cwd: directory });
    expect(outcome.out + outcome.err).not.to.contain(env.ICL_TOKEN);
    return outcome;
  }

  async function done(env: Environment, ...args: readonly string[]): Promise<string> {
    const { code, out, err } = await run(env, ...args);
    expect(code, err).to.equal(0);
    return out.trim();
  }

  async function file(content: unknown): Promise<string> {
    const name = `document-${(numbers += 1)}.json`;
    await writeFile(path.join(directory, name), JSON.stringify(content));
    return name;
  }

  const nextSubject = () => `urn:uuid:cli-${(numbers += 1)}`;

  async function sent(subject = nextSubject(), ...more: readonly string[]): Promise<string> {
    const document = await file({ subject });
    const out = await done(asAu, "send", "-r", "CN", "-t", created, "-s", subject, "-d", document, ...more);
    return out.split(" ")[0] ?? "";
  }

  describe("send", () => {
    it("stores a document, sends a message about it, and waits until it is delivered", async () => {
      const document = await file({ number: 1 });
      const subject = nextSubject();
      const args = ["send", "-r", "CN", "-t", created, "-s", subject, "-d", document, "--wait", "delivered"];
      const out = await done(asAu, ...args);
      expect(out).to.match(/^0x[0-9a-f]{64} {2}delivered$/);
      const record = await australia.officer.message(out.split(" ")[0] ?? "");
      expect(record).to.include({ subject, predicate: created, receiver: cn, status: "delivered" });
    });

    it("writes the whole record with --json, and knows a message that was said before", async () => {
      const obj = await done(asAu, "documents", "put", await file({ number: 2 }));
      const args = ["send", "-r", cn, "-t", created, "-s", nextSubject(), "--obj", obj, "--json"];
      const until = ["--valid-until", "2030-01-01T00:00:00Z"];
      const first = JSON.parse(await done(asAu, ...args, ...until)) as Record<string, unknown>;
      expect(first).to.deep.include({ obj, receiver: cn, validUntil: "2030-01-01T00:00:00Z" });
      const again = JSON.parse(await done(asAu, ...args, ...until, "-w", "sent")) as Record<string, unknown>;
      expect(again.id).to.equal(first.id);
    });

    it("ends with 6, and says why, when the ledger refuses what was waited for", async () => {
      const subject = nextSubject();
      await sent(subject, "--wait", "delivered");
      const other = await file({ other: subject });
      const args = ["send", "-r", "CN", "-t", created, "-s", subject, "-d", other, "-w", "delivered"];
      const { code, out, err } = await run(asAu, ...args);
      expect({ code, err }).to.deep.include({ code: 6 });
      expect(out).to.match(/^0x[0-9a-f]{64} {2}failed\n$/);
      expect(err).to.contain("CertificateAlreadyIssued");
    });

    it("ends with 7, and tells the message's id, when it is not there in time", async () => {
      await world.evm.send("evm_setAutomine", [false]);
      try {
        const document = await file({ late: true });
        const args = ["send", "-r", "CN", "-t", created, "-s", nextSubject(), "-d", document];
        const { code, out, err } = await run(asAu, ...args, "--wait", "delivered", "--timeout", "1");
        expect(code).to.equal(7);
        expect(out).to.match(/^0x[0-9a-f]{64} {2}pending\n$/);
        expect(err).to.contain("not delivered within 1 s");
      } finally {
        await world.evm.send("evm_setAutomine", [true]);
        await world.evm.send("evm_mine");
      }
    });

    it("ends with 3, and the node's problem as JSON, when the node refuses", async () => {
      const args = ["send", "-r", "BR", "-t", created, "-s", nextSubject(), "-d", await file({ to: "BR" })];
      const plain = await run(asAu, ...args);
      expect(plain.code).to.equal(3);
      expect(plain.out).to.equal("");
      expect(plain.err).to.match(/^icl: the node refused: 422 [a-z-]+: [A-Z].*\.\n$/);
      const { code, out } = await run(asAu, ...args, "--json");
      expect(code).to.equal(3);
      expect(JSON.parse(out)).to.include({ status: 422 });
    });

    const wrong: readonly (readonly [string, readonly string[], string])[] = [
      ["no receiver", ["-t", created, "-s", "x", "--obj", "Qm"], "--receiver is missing"],
      ["no document", ["-r", "CN", "-t", created, "-s", "x"], "give --document <file> or --obj <hash>"],
      ["two documents", ["-r", "CN", "-t", created, "-s", "x", "--obj", "Qm", "-d", "f"], "one of them"],
      [
        "no such file",
        ["-r", "CN", "-t", created, "-s", "x", "-d", "none.pdf"],
        "none.pdf cannot be read (ENOENT)",
      ],
      [
        "an unknown status",
        ["-r", "CN", "-t", created, "-s", "x", "--obj", "Qm", "-w", "read"],
        "--wait takes",
      ],
      [
        "a timeout of nothing",
        ["-r", "CN", "-t", created, "-s", "x", "--obj", "Qm", "--timeout", "9"],
        "only goes",
      ],
      ["a batch and a subject", ["--batch", "f", "-s", "x"], "--subject does not go with --batch"],
    ];
    for (const [name, args, expected] of wrong) {
      it(`ends with 2 for ${name}`, async () => {
        const { code, err } = await run(asAu, "send", ...args);
        expect(code).to.equal(2);
        expect(err).to.contain(expected);
      });
    }
  });

  describe("send --batch", () => {
    it("sends a file of messages, tells which lines were refused, and sends nothing twice", async () => {
      const obj = await done(asAu, "documents", "put", await file({ of: "a batch" }));
      const subjects = [nextSubject(), nextSubject(), nextSubject()];
      const lines = subjects.map((subject) =>
        JSON.stringify({ receiver: cn, subject, predicate: created, obj }),
      );
      lines.splice(1, 0, '{"receiver":"customs.gov.cn"}', "no JSON");
      const batchFile = path.join(directory, "batch.ndjson");
      await writeFile(batchFile, lines.join("\n"));
      const first = await run(asAu, "send", "--batch", "batch.ndjson");
      expect(first.code, first.err).to.equal(3);
      const answers = first.out.trim().split("\n");
      expect(answers).to.have.length(5);
      for (const place of [0, 3, 4]) {
        expect(answers[place]).to.match(new RegExp(`^${place + 1}  0x[0-9a-f]{64}  taken$`));
      }
      for (const place of [1, 2])
        expect(answers[place]).to.match(new RegExp(`^${place + 1}  malformed-[a-z-]+  \\S.*$`));
      expect(first.err).to.equal("icl: 3 taken, 2 refused\n");
      const again = await run(asAu, "send", "--batch", "batch.ndjson", "--json");
      const statuses = again.out
        .trim()
        .split("\n")
        .map((line) => (JSON.parse(line) as { status: number }).status);
      expect([statuses[0], statuses[3], statuses[4]]).to.deep.equal([200, 200, 200]);
      for (const subject of subjects) {
        expect((await done(asAu, "messages", "-s", subject)).split("\n")).to.have.length(1);
      }
    });

    it("ends with 3 where the user may not send", async () => {
      const reader = await environment(australia, ["messages:read"]);
      const obj = await done(asAu, "documents", "put", await file({ of: "nobody" }));
      const line = { receiver: cn, subject: nextSubject(), predicate: created, obj };
      await writeFile(path.join(directory, "none.ndjson"), JSON.stringify(line));
      const { code, out } = await run(reader, "send", "--batch", "none.ndjson");
      expect(code).to.equal(3);
      expect(out).to.contain("1  not-allowed  ");
    });
  });

  describe("acquit and revoke", () => {
    it("mark a received certificate used, by the one type that does it", async () => {
      const id = await sent();
      await done(asCn, "message", id, "--wait", "available");
      const out = await done(asCn, "acquit", id, "--evidence", await file({ entry: id }), "-w", "delivered");
      const acting = await china.officer.message(out.split(" ")[0] ?? "");
      expect(acting).to.include({ predicate: acquitted, sender: cn, receiver: au, status: "delivered" });
      await eventually(async () => (await australia.officer.message(id))?.certificate?.acquitted === true);

      const again = await run(asCn, "acquit", id, "-e", await file({ twice: id }), "-w", "delivered");
      expect(again.code).to.equal(6);
      expect(again.err).to.contain("CertificateAlreadyAcquitted");
    });

    it("make a certificate of one's own invalid", async () => {
      const id = await sent(nextSubject(), "--wait", "delivered");
      const obj = await done(asAu, "documents", "put", await file({ reason: id }));
      const out = await done(
        asAu,
        "revoke",
        id.toUpperCase().replace("0X", "0x"),
        "--obj",
        obj,
        "-w",
        "delivered",
        "--json",
      );
      expect(JSON.parse(out)).to.deep.include({ predicate: revoked, receiver: cn, status: "delivered", obj });
      await eventually(async () => (await australia.officer.message(id))?.certificate?.revoked === true);
    });

    it("take the type from --type", async () => {
      const id = await sent(nextSubject(), "--wait", "delivered");
      const args = ["revoke", id, "--evidence", await file({ typed: id }), "--type", attached, "--json"];
      expect(JSON.parse(await done(asAu, ...args))).to.include({ predicate: attached });
    });

    it("end with 2 where no type, or none by itself, does it", async () => {
      const document = await file({ plant: 1 });
      const args = [
        "send",
        "-r",
        "CN",
        "-t",
        phytosanitary,
        "-s",
        nextSubject(),
        "-d",
        document,
        "-w",
        "delivered",
      ];
      const id = (await done(asAu, ...args)).split(" ")[0] ?? "";
      const { code, err } = await run(asAu, "revoke", id, "--evidence", document);
      expect(code).to.equal(2);
      expect(err).to.contain(
        "no message type can revoke what UN.CEFACT.Regulatory.Phytosanitary.created issues",
      );
      const malformed = await run(asAu, "revoke", "0x12", "--evidence", document);
      expect(malformed.code).to.equal(2);
      expect(malformed.err).to.contain("a message id is 0x and 64 hexadecimal digits");
    });

    it("end with 3 for a message that the node does not show", async () => {
      const { code, err } = await run(asCn, "acquit", `0x${"00".repeat(32)}`, "--obj", "Qm");
      expect(code).to.equal(3);
      expect(err).to.contain("404");
    });
  });

  describe("message and messages", () => {
    it("show how one message stands", async () => {
      const id = await sent(nextSubject(), "--wait", "delivered");
      expect(await done(asAu, "message", id)).to.equal(`${id}  delivered`);
      expect(JSON.parse(await done(asAu, "message", id, "--json"))).to.deep.equal(
        await australia.officer.message(id),
      );
      expect((await run(asAu, "message", `0x${"00".repeat(32)}`)).code).to.equal(3);
    });

    it("wait for a message that the node does not know yet, and end with 7 when it never comes", async () => {
      const { code, err } = await run(
        asCn,
        "message",
        `0x${"11".repeat(32)}`,
        "-w",
        "received",
        "--timeout",
        "1",
      );
      expect(code).to.equal(7);
      expect(err).to.contain("not received within 1 s");
    });

    it("list messages by what they are asked for", async () => {
      const subject = nextSubject();
      const id = await sent(subject, "--wait", "delivered");
      const line = await done(
        asAu,
        "messages",
        "--subject",
        subject,
        "--status",
        "delivered",
        "--type",
        created,
      );
      expect(line).to.equal(`${id}  delivered     ${au} -> ${cn}  ${created}  ${subject}`);
      const json = await done(asAu, "messages", "-s", subject, "--direction", "outgoing", "--json");
      expect(JSON.parse(json)).to.include({ id, subject });
      expect(await done(asAu, "messages", "-s", subject, "--direction", "incoming")).to.equal("");
    });

    it("tell a subject's story: each message, where its certificate stands, and its document", async () => {
      const subject = nextSubject();
      const id = await sent(subject, "--wait", "delivered");
      await done(asCn, "message", id, "--wait", "available");
      const evidence = await file({ used: subject });
      const use = (await done(asCn, "acquit", id, "--evidence", evidence, "--wait", "delivered")).split(
        " ",
      )[0];
      const lines = (await done(asCn, "subject", "show", subject)).split("\n");
      const [first, ...below] = lines;
      expect(first)
        .to.match(/^\S+Z {2}/)
        .and.to.contain(`${au} -> ${cn}  ${created}  available  ${id}  on eip155:`);
      expect(below[0]).to.match(/^ {4}certificate: issued \S+Z$/);
      expect(below[1]).to.match(new RegExp(`^ {4}certificate: acquitted \\S+Z by ${use}$`));
      expect(below[2]).to.match(
        /^ {4}document: Qm\S+ {2}application\/json {2}\d+ bytes {2}\(unknown-type\)$/,
      );
      expect(below[3]).to.contain(`${cn} -> ${au}  ${acquitted}  `);
      const answer = JSON.parse(await done(asCn, "subject", "show", subject, "--json")) as object;
      expect(answer).to.include({ type: "Subject", subject, next: null });
      expect((await run(asCn, "subject", "show", `${subject}-none`)).code).to.equal(3);
      expect((await run(asCn, "subject", "show")).code).to.equal(2);
    });

    it("list as many as asked for, over pages", async () => {
      await sent();
      await sent();
      expect((await done(asAu, "messages", "--limit", "1")).split("\n")).to.have.length(1);
      expect((await done(asAu, "messages", "--limit", "2")).split("\n")).to.have.length(2);
      expect((await run(asAu, "messages", "--limit", "none")).code).to.equal(2);
      expect((await run(asAu, "messages", "--status", "lost")).code).to.equal(3);
    });
  });

  describe("documents", () => {
    it("puts a file, and gets its bytes to a file or to standard output", async () => {
      const name = await file({ "put and": "got" });
      const hash = await done(asAu, "documents", "put", name, "--media-type", "application/ld+json");
      expect(hash).to.match(/^Qm/);
      const json = await done(asAu, "documents", "put", name, "--json");
      expect(JSON.parse(json)).to.include({ multihash: hash, mediaType: "application/ld+json" });
      await done(asAu, "documents", "get", hash, "--output", "got.json");
      const bytes = await readFile(path.join(directory, name), "utf8");
      expect(await readFile(path.join(directory, "got.json"), "utf8")).to.equal(bytes);
      expect((await run(asAu, "documents", "get", hash)).out).to.equal(bytes);
    });

    it("ends with 3 for what is not there, and 2 for what is no hash or file", async () => {
      const hash = await done(asAu, "documents", "put", await file({ only: "here" }));
      const absent = await run(asCn, "documents", "get", hash, "-o", "absent.json");
      expect(absent.code).to.equal(3);
      expect((await run(asAu, "documents", "get", "nothing")).code).to.equal(2);
      expect((await run(asAu, "documents", "get")).err).to.contain("the hash is missing");
      expect((await run(asAu, "documents", "put", "none.json")).code).to.equal(2);
      expect((await run(asAu, "documents", "get", hash, "-o", "no/such/place")).code).to.equal(2);
    });
  });

  describe("subject", () => {
    const COO = "preferential-certificate-of-origin";

    it("writes a subject that says nothing to outsiders, another at each node, and the answer whole with --json", async () => {
      const args = ["subject", "--type", COO, "--number", "WBC208897"];
      const [ours, theirs] = [await icl(args, { env: asAu }), await icl(args, { env: asCn })];
      expect(ours.code).to.equal(0);
      expect(ours.out).to.match(/^urn:hmac-sha256:[\w-]{43}\n$/);
      expect(theirs.out).not.to.equal(ours.out);
      const whole = await icl([...args, "--json"], { env: asAu });
      expect(JSON.parse(whole.out)).to.deep.equal({ subject: ours.out.trim(), rule: "hmac" });
    });

    it("ends with 2 without a number, and with 3 for a type that there is not", async () => {
      expect((await icl(["subject", "--type", COO], { env: asAu })).code).to.equal(2);
      const refused = await icl(["subject", "--type", "certificate", "--number", "1"], { env: asAu });
      expect(refused.code).to.equal(3);
      expect(refused.err).to.contain("document-type-unknown");
    });
  });

  describe("channels", () => {
    it("lists channels with their participants, without any token", async () => {
      const args = ["channels", "--node", australia.config.publicUrl];
      const { code, out } = await icl([...args, "--country", "CN", "--type", created]);
      expect(code).to.equal(0);
      expect(out).to.contain(world.channel.address.toLowerCase()).and.to.contain("active  test");
      expect(out).to.contain("AU homeaffairs.gov.au").and.to.contain("CN customs.gov.cn");
      expect((await icl([...args, "--country", "BR"])).out).to.equal("");
      const record = JSON.parse((await icl([...args, "--json"])).out) as { messageTypes: unknown[] };
      expect(record.messageTypes).to.have.length(5);
      expect((await icl([...args, "--country", "Brazil"])).code).to.equal(3);
    });
  });

  describe("subscribe", () => {
    it("writes what happened since an event, to one message or to all of a type", async () => {
      const id = await sent();
      await done(asCn, "message", id, "--wait", "available");
      const topic = `${china.config.publicUrl}/topics/messages/${id}`;
      const args = ["subscribe", "--after", "0", "--topic"];
      const lines = (await done(asCn, ...args, topic, "--count", "2")).split("\n");
      expect(lines[0]).to.contain("message.received").and.to.contain(id);
      expect(lines[1]).to.contain("document.available").and.to.contain(created);
      const json = await done(asCn, ...args, "UN.CEFACT.*", "--count", "1", "--json");
      expect(JSON.parse(json)).to.include({ type: "message.received" });
      expect((await run(asCn, ...args, "https://elsewhere.example/topics/x/y")).code).to.equal(3);
    });

    it("writes what happens while it listens", async () => {
      const after = (await done(asCn, "subscribe", "--after", "0", "--count", "1")).split(" ")[0] ?? "";
      const listening = call(["subscribe", "--after", after, "--topic", created, "--json"], { env: asCn });
      const id = await sent();
      await eventually(() => listening.out().includes(id));
      listening.kill("SIGINT");
      expect((await listening.ended).code).to.equal(0);
    });
  });

  describe("whom it asks, and as whom", () => {
    it("ends with 3 for a wrong token, and for one that does not allow it", async () => {
      const forged = { ...asAu, ICL_TOKEN: `${asAu.ICL_TOKEN.slice(0, -8)}AAAAAAAA` };
      const wrong = await run(forged, "messages");
      expect(wrong.code).to.equal(3);
      expect(wrong.err).to.contain("401");
      const reader = await environment(australia, ["messages:read"]);
      expect((await run(reader, "messages")).code).to.equal(0);
      const put = await run(reader, "documents", "put", await file({ read: "only" }));
      expect(put.code).to.equal(3);
      expect(put.err).to.contain("403");
    });

    it("takes the token from a file, from an option, or from the environment", async () => {
      await writeFile(path.join(directory, "token"), `${asAu.ICL_TOKEN}\n`);
      const nobody = { ...asAu, ICL_TOKEN: "e30.e30.e30" };
      expect((await run(nobody, "messages")).code).to.equal(3);
      expect((await run(nobody, "messages", "--token-file", "token")).code).to.equal(0);
      const { code } = await icl(["messages", "--token", asAu.ICL_TOKEN], { env: nobody });
      expect(code).to.equal(0);
    });

    it("takes the node from an option before the environment", async () => {
      expect((await run(asAu, "messages", "--node", china.config.publicUrl)).code).to.equal(3);
      expect((await run(asAu, "messages", "--node", `${asAu.ICL_NODE}/`)).code).to.equal(0);
    });

    const wrong: readonly (readonly [string, Partial<Environment>, readonly string[], string])[] = [
      ["no node", { ICL_TOKEN: "x" }, [], "--node <url>, or ICL_NODE"],
      ["no token", { ICL_NODE: "http://127.0.0.1:1" }, [], "a token is needed"],
      ["another scheme", { ICL_TOKEN: "x" }, ["-n", "ftp://a.b"], "--node takes an http or https URL"],
      [
        "a user in the URL",
        { ICL_TOKEN: "x" },
        ["-n", "http://a:b@c.d"],
        "--node takes an http or https URL",
      ],
      ["two tokens", { ICL_NODE: "http://127.0.0.1:1" }, ["--token", "x", "--token-file", "y"], "not both"],
      [
        "no such token file",
        { ICL_NODE: "http://127.0.0.1:1" },
        ["--token-file", "none"],
        "none cannot be read (ENOENT)",
      ],
    ];
    for (const [name, env, args, expected] of wrong) {
      it(`ends with 2 for ${name}`, async () => {
        const { code, err } = await icl(["messages", ...args], { env, cwd: directory });
        expect(code).to.equal(2);
        expect(err).to.contain(expected);
      });
    }

    it("never quotes a token that cannot be one", async () => {
      const { code, err } = await icl(["messages"], { env: { ...asAu, ICL_TOKEN: "se cret\u0007" } });
      expect(code).to.equal(2);
      expect(err).to.contain("characters that no bearer token has").and.not.to.contain("cret");
    });

    it("ends with 4 where no node answers", async () => {
      const nowhere = { ...asAu, ICL_NODE: `http://127.0.0.1:${await freePort(0)}` };
      const document = await file({ to: "nobody" });
      for (const args of [
        ["messages"],
        ["channels"],
        ["message", `0x${"11".repeat(32)}`, "--wait", "sent", "--timeout", "1"],
        ["acquit", `0x${"11".repeat(32)}`, "--obj", "Qm"],
        ["documents", "put", document],
        ["documents", "get", "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n"],
        ["send", "-r", "CN", "-t", created, "-s", "x", "--obj", "Qm"],
        ["send", "--batch", document],
        ["subscribe"],
      ]) {
        const { code, err } = await run(nowhere, ...args);
        expect(code, args.join(" ")).to.equal(4);
        expect(err).to.contain("is out of reach (ECONNREFUSED)");
      }
    });
  });
});
