import { randomUUID } from "node:crypto";

import { expect } from "chai";

import { openChannel } from "../../src/channels/open-channel.ts";
import type { Config } from "../../src/config.ts";
import { silentLogger } from "../../src/log.ts";
import { startNode, type Node } from "../../src/node.ts";
import type { NodeOptions } from "../../src/node/node-options.ts";
import { withKeys } from "../../src/node/configured-key.ts";
import type { NotificationPayload } from "../../src/subscriptions/notification.ts";
import { attached, au, cn } from "../channels/fixtures.ts";
import { openRpcDoor, type RpcDoor } from "../channels/evm/rpc-door.ts";
import type { Officer } from "../e2e/officer.ts";
import { quickFetching, quickSubscriptions, quickTiming } from "../e2e/quick-timing.ts";
import { startWorld, type Country, type World } from "../e2e/world.ts";
import { eventually } from "../eventually.ts";
import { eachStore } from "../store/each-store.ts";
import { EventReader } from "../subscriptions/event-reader.ts";
import { frozenAt, openFaultyEndpoint, type EndpointFault, type FaultyEndpoint } from "./faulty-endpoint.ts";

eachStore(
  "a node whose ledger has several endpoints",
  (_openFresh, source) => {
    // Its own suite, so that the nodes are stopped before their databases are deleted.
    describe("of which one after the other fails", () => {
      let world: World;
      let doors: readonly RpcDoor[];
      let endpoints: readonly FaultyEndpoint[];
      let config: Config;
      let node: Node;
      let australia: Officer;
      let china: Country;
      const streams: EventReader[] = [];

      before(async function () {
        this.timeout(120_000);
        world = await startWorld();
        const send = (method: string, params: readonly unknown[]) => world.evm.send(method, params);
        doors = await Promise.all([0, 1, 2].map(() => openRpcDoor(send)));
        endpoints = await Promise.all(doors.map(({ rpcUrl }) => openFaultyEndpoint(rpcUrl)));
        const [rpcUrl = "", ...otherRpcUrls] = endpoints.map((endpoint) => endpoint.rpcUrl);
        const configured = await world.configure(au, "AU", await source.freshLocation());
        config = {
          ...configured,
          channels: configured.channels.map((channel) => ({ ...channel, rpcUrl, otherRpcUrls })),
        };
        node = await startNode(config, {
          ...{ log: silentLogger, timing: quickTiming, fetching: quickFetching },
          ...{ subscriptions: quickSubscriptions, validateResponses: true },
          open: quickly,
        });
        australia = await world.officer(config);
        china = await world.start(await world.configure(cn, "CN", await source.freshLocation()));
      });

      after(async () => {
        for (const stream of streams) await stream.close();
        await node.close();
        for (const endpoint of endpoints) await endpoint.close();
        for (const door of doors) await door.close();
        await world.close();
      });

      /** As it is opened in service, but for how long it waits. */
      const quickly: NonNullable<NodeOptions["open"]> = (channel, store) => {
        if (channel.technology !== "evm")
          throw new Error("Only ledgers of the one kind are configured here.");
        return openChannel(
          {
            ...withKeys(channel),
            ...{ pollMilliseconds: 50, probeMilliseconds: 50, answerMilliseconds: 500 },
          },
          { store, warn: () => undefined },
        );
      };

      const listen = async (officer: Officer) => {
        const stream = new EventReader(await officer.request("/events?topic=UN.CEFACT.*"));
        streams.push(stream);
        return stream;
      };
      const heard = ({ events }: EventReader, type: string) =>
        events
          .map(({ data }) => JSON.parse(data) as NotificationPayload)
          .filter((each) => each.type === type)
          .map((each) => each.message.id);

      /** How often each message stands on the ledger. */
      const recorded = async () => {
        const { contract } = world.channel;
        const events = await contract.queryFilter(contract.filters.MessageSent(), 0);
        const counts = new Map<string, number>();
        for (const { args } of events) counts.set(args.id, (counts.get(args.id) ?? 0) + 1);
        return counts;
      };

      const post = async (obj: string) =>
        australia.send({ receiver: cn, subject: `urn:uuid:${randomUUID()}`, predicate: attached, obj });

      it("brings every message to the ledger once, and tells of each once", async function () {
        this.timeout(180_000);
        const atAustralia = await listen(australia);
        const atChina = await listen(china.officer);
        const obj = await australia.store(new TextEncoder().encode("a phytosanitary note"), "text/plain");
        const sent: string[] = [];
        const faults: readonly EndpointFault[] = [
          "hang up",
          "cut the answer",
          "keep silent",
          { status: 500, body: "no" },
          { status: 200, body: "no JSON" },
        ];
        for (const [turn, fault] of faults.entries()) {
          // Two of three fail at a time, one of them in its own way; the third stands still where it can.
          const [first, second] = [endpoints[turn % 3], endpoints[(turn + 1) % 3]];
          first?.setFault(fault);
          second?.setFault("hang up");
          for (let count = 0; count < 3; count += 1) sent.push(await post(obj));
          await australia.until(sent.at(-1) ?? "", "delivered");
          first?.setFault(null);
          second?.setFault(null);
          const height = Number(await world.evm.send("eth_blockNumber"));
          const door = doors[turn % 3];
          door?.intercept(frozenAt(height, (method, params) => world.evm.send(method, params)));
          for (let count = 0; count < 3; count += 1) sent.push(await post(obj));
          await australia.until(sent.at(-1) ?? "", "delivered");
          door?.intercept(null);
        }
        for (const id of sent) {
          const { journal } = await australia.until(id, "delivered");
          expect(journal.map(({ status }) => status)).to.deep.equal(["pending", "sent", "delivered"]);
          await china.officer.until(id, "available");
        }
        const counts = await recorded();
        expect(sent.map((id) => counts.get(id))).to.deep.equal(sent.map(() => 1));
        await eventually(() => heard(atAustralia, "message.delivered").length >= sent.length);
        await eventually(() => heard(atChina, "message.received").length >= sent.length);
        expect(heard(atAustralia, "message.delivered")).to.have.members(sent);
        expect(heard(atChina, "message.received")).to.have.members(sent);
      });

      it("shows for how long the ledger has brought nothing, and goes on by itself when it is back", async function () {
        this.timeout(120_000);
        const obj = await australia.store(new TextEncoder().encode("another note"), "text/plain");
        for (const endpoint of endpoints) endpoint.setFault("hang up");
        const id = await post(obj);
        const health = async () =>
          (await (await australia.request("/health")).json()) as {
            channels: { quiet: number; lag: number }[];
          };
        await eventually(async () => ((await health()).channels[0]?.quiet ?? 0) >= 2, {
          what: "a channel that has been quiet for two seconds",
        });
        expect((await australia.message(id))?.status).to.equal("pending");
        const [least] = endpoints;
        least?.setFault(null);
        await australia.until(id, "delivered");
        expect((await recorded()).get(id)).to.equal(1);
        for (const endpoint of endpoints) endpoint.setFault(null);
      });
    });
  },
  "suite",
);
