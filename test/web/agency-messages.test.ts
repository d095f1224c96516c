import { expect } from "chai";

import { flatten } from "../../web/console/agency/flatten.ts";
import { followUpsOf } from "../../web/console/agency/follow-up/follow-ups.ts";
import { newOnce, statementOf } from "../../web/console/agency/follow-up/statement.ts";
import { touchedBy, withMore, withNewer, withNewest } from "../../web/console/agency/merge-messages.ts";
import type { Certificate, MessageRecord } from "../../web/console/agency/node-records.ts";
import { graphOf } from "../../web/console/agency/story/graph.ts";

const record = (id: string, changes: Partial<MessageRecord> = {}): MessageRecord => ({
  ...{ id, sender: "au.example", receiver: "cn.example", subject: `subject-${id}`, predicate: "coo.created" },
  ...{
    obj: "Qm",
    direction: "incoming",
    status: "available",
    journal: [],
    channelId: "c",
    channelTxnId: null,
  },
  ...changes,
});
const certificate: Certificate = {
  ...{ issued: true, acquitted: false, revoked: false, expired: false, duplicate: false },
};
const ids = ({ items }: { items: readonly MessageRecord[] }) => items.map(({ id }) => id).join("");
const page = (letters: string, next: string | null = "next") => ({
  items: Array.from(letters, (id) => record(id)),
  next,
});

describe("the list of messages", () => {
  it("puts what has come first, keeps what is older, and drops what the filter lets through no more", () => {
    expect(ids(withNewest(page(""), page("dcb")))).to.equal("dcb");
    expect(ids(withNewest(page("dcba"), page("edc")))).to.equal("edcba");
    expect(ids(withNewest(page("dcba"), page("eca")))).to.equal("eca");
    const merged = withNewest({ ...page("dcba"), next: "after a" }, page("fed", "after d"));
    expect(merged.next).to.equal("after a");
  });

  it("has no gap where more has come than a page holds, and nothing that is there no more", () => {
    const merged = withNewest({ ...page("cba"), next: "after a" }, page("zyx", "after x"));
    expect([ids(merged), merged.next]).to.deep.equal(["zyx", "after x"]);
    expect(ids(withNewest(page("cba"), page("c", null)))).to.equal("c");
    expect(withNewest(page("cba"), page("", null)).items).to.have.length(0);
  });

  it("names nothing twice where pages overlap", () => {
    const merged = withMore(page("dc"), page("cba", null));
    expect([ids(merged), merged.next]).to.deep.equal(["dcba", null]);
  });

  it("looks anew at what was told of, and at the certificate that it acts on", () => {
    const told = [{ id: 1, type: "certificate.acquitted", message: { id: "z", subject: "subject-b" } }];
    expect(touchedBy(page("cba"), told)).to.deep.equal(["b"]);
    const newer = withNewer(page("cba"), [record("b", { status: "failed" })], "");
    expect(newer.items[1]?.status).to.equal("failed");
    expect(ids(withNewer(page("cba"), [record("b", { status: "failed" })], "available"))).to.equal("ca");
  });
});

describe("what may be said next", () => {
  const channel = {
    status: "active",
    messageTypes: [
      { predicate: "coo.created", effect: "issue", batchable: true, closed: false, target: null },
      {
        predicate: "coo.acquitted",
        effect: "acquit",
        batchable: false,
        closed: false,
        target: "coo.created",
      },
      { predicate: "coo.revoked", effect: "revoke", batchable: false, closed: false, target: "coo.created" },
      { predicate: "coo.queried", effect: "inform", batchable: false, closed: false, target: null },
      { predicate: "coo.old", effect: "inform", batchable: false, closed: true, target: null },
      { predicate: "phyto.queried", effect: "inform", batchable: false, closed: false, target: null },
    ],
  } as const;
  const offered = (
    changes: Partial<MessageRecord>,
    roles: readonly string[] = ["messages:write", "certificates:acquit", "certificates:revoke"],
    status: "active" | "deprecated" | "retired" = "active",
  ) => {
    const found = followUpsOf(record("a", { certificate, ...changes }), { ...channel, status }, (role) =>
      roles.includes(role),
    );
    return [...found.offered.map(({ predicate }) => predicate), found.barred ?? ""].join(" ").trim();
  };

  it("is to use what came, and to revoke what went, by those who may", () => {
    expect(offered({})).to.equal("coo.acquitted coo.queried");
    expect(offered({ direction: "outgoing", status: "delivered" })).to.equal("coo.revoked coo.queried");
    expect(offered({}, ["messages:read"])).to.equal("");
    expect(offered({}, ["certificates:revoke"])).to.equal("");
    expect(offered({ direction: "outgoing", status: "failed", certificate: undefined as never })).to.equal(
      "",
    );
  });

  it("is not what the ledger would refuse, and that is said", () => {
    expect(offered({ certificate: { ...certificate, acquitted: true } })).to.equal("coo.queried used");
    expect(offered({ certificate: { ...certificate, expired: true } })).to.equal("coo.queried expired");
    expect(offered({ certificate: { ...certificate, duplicate: true } })).to.equal("coo.queried duplicate");
    expect(offered({ certificate: { ...certificate, revoked: true } })).to.equal("coo.queried revoked");
    const used = {
      direction: "outgoing",
      status: "delivered",
      certificate: { ...certificate, acquitted: true },
    } as const;
    expect(offered(used), "also what was used is revoked").to.equal("coo.revoked coo.queried");
    expect(offered({}, undefined, "deprecated"), "nothing new, but certificates live on").to.equal(
      "coo.acquitted",
    );
    expect(offered({}, undefined, "retired")).to.equal("retired");
  });

  it("is a document of its own, the same however often it is sent, and another each time it is begun", () => {
    const about = record("0x1");
    const said = { reason: "Granted", reference: "" };
    const once = newOnce();
    const text = statementOf(about, "coo.acquitted", "N-1", said, once);
    expect(statementOf(about, "coo.acquitted", "N-1", said, { ...once })).to.equal(text);
    expect(JSON.parse(text)).to.deep.equal({
      ...{ salt: once.salt, statement: "acquitted", message: "0x1", subject: "subject-0x1", document: "Qm" },
      ...{ number: "N-1", reason: "Granted", statedAt: once.statedAt },
    });
    expect(once.salt).to.match(/^[A-Za-z0-9_-]{22}$/);
    expect(newOnce().salt).not.to.equal(once.salt);
  });
});

describe("what is shown of documents and subjects", () => {
  it("is every value with the way to it, but for the salt, and no more than a page holds", () => {
    expect(flatten({ salt: "s", a: { b: [1, "two"] }, c: null })).to.deep.equal({
      rows: [
        { name: "a › b › 1", value: "1" },
        { name: "a › b › 2", value: "two" },
        { name: "c", value: "null" },
      ],
      more: false,
    });
    const large = flatten(
      Object.fromEntries(Array.from({ length: 500 }, (_value, place) => [`m${place}`, place])),
    );
    expect([large.rows.length, large.more]).to.deep.equal([200, true]);
    let deep: unknown = "end";
    for (let depth = 0; depth < 5_000; depth += 1) deep = [deep];
    expect(flatten(deep).rows).to.have.length(1);
  });

  it("draws a lane for each participant, the oldest message first, and what acted on what", () => {
    const message = (id: string, at: string, changes: object) => ({
      ...{ messageId: id, sender: "did:web:au.example", receiver: "did:web:cn.example" },
      ...{ predicateName: "coo.created", effect: "issue", status: "delivered", journal: [{ at }] },
      ...changes,
    });
    const drawn = graphOf({
      messages: [
        message("0x2", "2026-02-01", { effect: "acquit", actsOn: "urn:icl:certificate:0x1" }),
        message("0x1", "2026-01-01", {}),
      ] as never,
      documents: [
        { links: [{ link: "replaces", number: "N-0", subjects: ["urn:icl:subject:chamber:N%200"] }] },
      ],
      next: null,
    });
    expect(drawn.lanes).to.deep.equal(["au.example", "cn.example"]);
    expect(drawn.messages.map(({ id, actsOn }) => [id, actsOn])).to.deep.equal([
      ["0x1", null],
      ["0x2", "0x1"],
    ]);
    expect(drawn.links[0]?.subjects).to.deep.equal(["chamber:N 0"]);
  });
});
