import { randomUUID } from "node:crypto";

import express from "express";

import type { Channel } from "../../../src/channels/channel.ts";
import { openRemoteChannel } from "../../../src/channels/remote/remote-channel.ts";
import { channelServer } from "../../../src/http/channel-server.ts";
import { startServer } from "../../../src/http/server.ts";
import type { Bench, BenchTerms } from "../bench.ts";
import { describeConformance } from "../conformance.ts";
import { createMemoryBench } from "../memory/bench.ts";

/** Serves a channel over HTTP and opens it from there; closing it closes both ends. */
async function overHttp(served: Channel): Promise<Channel> {
  const token = randomUUID();
  const server = await startServer(
    express().use(channelServer(served, token)),
    { host: "127.0.0.1", port: 0 },
    { requestSeconds: 60, connections: 100 },
  );
  const channelId = served.description.id;
  const channel = await openRemoteChannel({ technology: "remote", url: server.url, channelId, token });
  const closeHere = channel.close.bind(channel);
  let closed: Promise<void> | null = null;
  const closeBoth = async () => {
    await closeHere();
    await server.close(0);
    await served.close();
  };
  channel.close = () => (closed ??= closeBoth());
  return channel;
}

async function createRemoteBench(terms: BenchTerms): Promise<Bench> {
  const bench = await createMemoryBench(terms);
  return { ...bench, open: async (participant) => overHttp(await bench.open(participant)) };
}

describeConformance("a channel in another process, over HTTP", createRemoteBench);
