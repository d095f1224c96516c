import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";
import express from "express";

import { ChannelFailure, type Channel, type LedgerPage } from "../../../src/channels/channel.ts";
import { openRemoteChannel } from "../../../src/channels/remote/remote-channel.ts";
import { messageId } from "../../../src/domain/message.ts";
import { channelServer } from "../../../src/http/channel-server.ts";
import { rejection } from "../../rejection.ts";
import { au, cn, message, submission } from "../fixtures.ts";

const token = "agreed-on-between-two-operators-0123";
const description = {
  id: "fabric:origin",
  name: "Certificates of origin",
  technology: "fabric",
  network: "fabric",
  type: "test",
  opaqueSubjects: false,
  validFrom: 0,
  validUntil: null,
  predecessor: null,
  finality: { kind: "immediate" },
  limits: { subjectLength: 200, batchSize: 0 },
} as const;

const emptyPage: LedgerPage = { retractAbove: null, events: [], followed: 7, final: 7, head: 7, cursor: "7" };

describe("a channel in another process", () => {
  let server: Server;
  let url: string;
  let handle: (request: IncomingMessage, response: ServerResponse) => void;

  beforeEach(async () => {
    server = createServer((request, response) => {
      handle(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const open = (changes: { readonly channelId?: string; readonly token?: string } = {}) =>
    openRemoteChannel({ technology: "remote", url, channelId: description.id, token, ...changes });

  /** A process that describes itself as it should, and answers everything else with `status` and `body`. */
  const answering = async (status: number, body: string): Promise<Channel> => {
    handle = (request, response) => {
      const isDescription = request.url === "/description";
      response.writeHead(isDescription ? 200 : status, { "content-type": "application/json" });
      response.end(isDescription ? JSON.stringify(description) : body);
    };
    return open();
  };

  const failureOf = async (work: Promise<unknown>): Promise<ChannelFailure> => {
    const error: unknown = await rejection(work);
    if (error instanceof ChannelFailure) return error;
    throw new Error("It failed otherwise than a channel does.", { cause: error });
  };

  it("is refused when it is not the one configured", async () => {
    await answering(200, "{}");
    expect(await failureOf(open({ channelId: "fabric:other" }))).to.include({
      action: "stop",
      code: "wrong-channel",
    });
  });

  it("is asked again later when it is out of reach, or answers as proxies do when it is", async () => {
    const channel = await answering(502, "<h1>Bad Gateway</h1>");
    expect(await failureOf(channel.read(null))).to.include({ action: "retry", code: "channel-unreachable" });
    handle = (request) => request.destroy();
    expect(await failureOf(channel.read(null))).to.include({ action: "retry", code: "channel-unreachable" });
  });

  it("is stopped when it refuses without saying why, as a wrong address does", async () => {
    const channel = await answering(404, "not here");
    expect(await failureOf(channel.read(null))).to.include({ action: "stop", code: "channel-refused" });
  });

  it("follows no redirect", async () => {
    const channel = await answering(200, "{}");
    const asked: string[] = [];
    handle = (request, response) => {
      asked.push(request.url ?? "");
      response.writeHead(307, { location: `${url}/elsewhere` });
      response.end();
    };
    expect(await failureOf(channel.read(null))).to.include({ action: "retry" });
    expect(asked).to.deep.equal(["/read"]);
  });

  it("passes on the failure it tells, with its action and code", async () => {
    const channel = await answering(
      503,
      JSON.stringify({ code: "fork-below-final", detail: "The ledger forked.", action: "stop" }),
    );
    const failure = await failureOf(channel.read(null));
    expect(failure).to.include({ action: "stop", code: "fork-below-final", message: "The ledger forked." });
  });

  describe("is not believed when it answers", () => {
    const sent = message();
    const event = {
      kind: "message",
      position: { height: 7, index: 0 },
      txn: "t",
      time: 1_800_000_000,
      id: messageId(sent),
      message: sent,
      operator: "key",
    } as const;
    const later = { ...event, position: { height: 7, index: 1 } };
    const forged = `0x${"0".repeat(64)}`;
    const lies: readonly (readonly [string, unknown])[] = [
      ["no page at all", {}],
      ["an unknown member", { ...emptyPage, more: 1 }],
      ["an event of no kind", { ...emptyPage, events: [{ ...event, kind: "gossip" }] }],
      [
        "an event with a member of another kind",
        { ...emptyPage, events: [{ ...event, endpoint: "https://x" }] },
      ],
      ["a message with another id than it has", { ...emptyPage, events: [{ ...event, id: forged }] }],
      [
        "a sender that is no domain",
        { ...emptyPage, events: [{ ...event, message: { ...sent, sender: "AU" } }] },
      ],
      ["events out of order", { ...emptyPage, events: [later, event] }],
      ["an event twice", { ...emptyPage, events: [event, event] }],
      ["an event beyond its page", { ...emptyPage, followed: 6, final: 6, events: [event] }],
      ["more that is final than it has read", { ...emptyPage, final: 8 }],
    ];
    for (const [what, page] of lies) {
      it(what, async () => {
        const channel = await answering(200, JSON.stringify(page));
        expect(await failureOf(channel.read(null))).to.include({
          action: "stop",
          code: "channel-answer-invalid",
        });
      });
    }

    it("but is when it answers what it must", async () => {
      const page = { ...emptyPage, events: [event, later] };
      const channel = await answering(200, JSON.stringify(page));
      expect(await channel.read(null)).to.deep.equal(page);
    });
  });

  describe("behind the server of this package", () => {
    let channel: Channel;
    const calls: unknown[] = [];

    beforeEach(async () => {
      calls.length = 0;
      const never = () => Promise.reject(new Error("not asked in this test"));
      const served: Channel = {
        description,
        read: () =>
          Promise.reject(new ChannelFailure("retry", "ledger-unreachable", "The ledger is out of reach.")),
        judge: () => Promise.reject(new Error("secret detail")),
        submit: (taken) => {
          calls.push(taken);
          return Promise.resolve();
        },
        progress: never,
        certificateState: never,
        batchedCertificateState: never,
        evidence: never,
        signAsNode: (payload) => Promise.resolve({ account: "key", signature: payload.toReversed() }),
        isNodeSignature: (participant, payload, { account, signature }) =>
          Promise.resolve(
            participant === cn && account === "key" && Buffer.compare(payload.toReversed(), signature) === 0,
          ),
        isNodeKey: (participant, account) => Promise.resolve(participant === cn && account === "key"),
        rights: () => Promise.resolve(null),
        signingAccounts: never,
        close: () => Promise.resolve(),
      };
      handle = express().use(channelServer(served, token));
      channel = await open();
    });

    it("takes nobody without the token agreed on", async () => {
      for (const wrong of ["", "x".repeat(token.length), `${token}x`]) {
        expect(await failureOf(open({ token: wrong }))).to.include({ action: "stop", code: "token-invalid" });
      }
      const response = await fetch(`${url}/submit`, { method: "POST", body: "{}" });
      expect(response.status).to.equal(401);
      expect(calls).to.deep.equal([]);
    });

    it("hands over submissions whole", async () => {
      const handed = submission(message());
      await channel.submit(handed);
      expect(calls).to.deep.equal([handed]);
    });

    it("refuses what is no submission, and hands nothing over", async () => {
      const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
      for (const body of ["{", "[]", "{}", JSON.stringify({ ...submission(message()), key: "" })]) {
        const response = await fetch(`${url}/submit`, { method: "POST", headers, body });
        expect(response.status, body).to.equal(400);
        expect(await response.json()).to.include({ code: "request-invalid", action: "stop" });
      }
      expect(calls).to.deep.equal([]);
    });

    it("tells a failure of the channel, and nothing of a mistake inside", async () => {
      const failure = await failureOf(channel.read(null));
      expect(failure).to.include({ action: "retry", code: "ledger-unreachable" });
      const mistake = await failureOf(channel.judge(submission(message())));
      expect(mistake).to.include({ action: "retry", code: "channel-internal" });
      expect(mistake.message).not.to.contain("secret");
    });

    it("signs and checks bytes as they are", async () => {
      const payload = new Uint8Array([0, 255, 128, 10]);
      const signed = await channel.signAsNode(payload);
      expect(signed).to.deep.equal({ account: "key", signature: payload.toReversed() });
      expect(await channel.isNodeSignature(cn, payload, signed)).to.equal(true);
      expect(await channel.isNodeSignature(au, payload, signed)).to.equal(false);
    });

    it("passes on that the channel cannot say who may do what, also where its process does not know the question", async () => {
      expect(await channel.rights()).to.equal(null);
      const known = handle;
      handle = (request, response) => {
        if (request.url !== "/rights" && request.url !== "/signing-accounts") known(request, response);
        else response.writeHead(404).end();
      };
      expect(await channel.rights()).to.equal(null);
      expect(await channel.signingAccounts()).to.equal(null);
    });

    it("asks who holds a node right", async () => {
      expect(await channel.isNodeKey(cn, "key")).to.equal(true);
      expect(await channel.isNodeKey(au, "key")).to.equal(false);
    });
  });
});
