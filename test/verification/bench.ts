import { createHash } from "node:crypto";

import type { ethers } from "ethers";

import type { Channel } from "../../src/channels/channel.ts";
import { contractBatch, contractMessage } from "../../src/channels/evm/encode.ts";
import { openEvmChannel } from "../../src/channels/evm/evm-channel.ts";
import type { BatchHeader } from "../../src/domain/batch.ts";
import type { Message } from "../../src/domain/message.ts";
import { digestOf, multihashOf, type Multihash } from "../../src/domain/multihash.ts";
import type { Domain } from "../../src/domain/participant.ts";
import type { Predicate } from "../../src/domain/predicate.ts";
import { parseSubject } from "../../src/domain/subject.ts";
import type { HttpServer } from "../../src/http/server.ts";
import { verificationRouter } from "../../src/http/verification-router.ts";
import { silentLogger } from "../../src/log.ts";
import { Follower } from "../../src/messages/follower.ts";
import { openChannelRow } from "../../src/messages/ledger-repository.ts";
import type { Store } from "../../src/store/store.ts";
import type { Verification } from "../../src/verification/verification.ts";
import { Problem } from "../../src/domain/problems.ts";
import { acquitted, bitsOf, message, revoked, sg } from "../channels/fixtures.ts";
import { startLocalEvm, type LocalEvm } from "../channels/evm/local-evm.ts";
import { deployTestChannel, nameHash, type TestChannel } from "../channels/evm/test-channel.ts";
import { serve } from "../http/test-app.ts";

/** Two production channels and a test channel on one real EVM; what was done to them is undone after each test. */
export interface Ground {
  readonly evm: LocalEvm;
  readonly first: TestChannel;
  readonly second: TestChannel;
  readonly trial: TestChannel;
  snapshot: unknown;
}

export async function prepareGround(): Promise<Ground> {
  const evm = await startLocalEvm();
  const first = await deployTestChannel(evm, { production: true });
  const second = await deployTestChannel(evm, { production: true });
  const trial = await deployTestChannel(evm);
  return { evm, first, second, trial, snapshot: await evm.send("evm_snapshot") };
}

/** Largest document that the node under test takes. */
export const MAX_BYTES = 10_000;

/**
 * A node that has followed the channels, as Singapore's: a third party to all that Australia and China do. A block is final
 * once another one is on top of it.
 */
export class VerificationBench {
  readonly ground: Ground;
  readonly store: Store;
  readonly #followers = new Map<string, Follower>();
  readonly #channels: Channel[] = [];
  #server: HttpServer | null = null;

  private constructor(ground: Ground, store: Store) {
    this.ground = ground;
    this.store = store;
  }

  static async open(ground: Ground, store: Store): Promise<VerificationBench> {
    const bench = new VerificationBench(ground, store);
    for (const ledger of [ground.first, ground.second, ground.trial]) {
      const options = ledger.options(sg, { kind: "confirmations", blocks: 1 });
      const channel = await openEvmChannel(options, { store });
      await openChannelRow(store.db, channel.description, Date.now());
      bench.#channels.push(channel);
      bench.#followers.set(
        ledger.address,
        new Follower({
          ...{ channel, store, participant: sg, owner: "bench", log: silentLogger },
          ...{ poll: 60_000, lease: 60_000, now: Date.now },
          onApplied: () => undefined,
          onStop: (failure) => Promise.reject(failure),
        }),
      );
    }
    bench.#server = await serve(() => Promise.reject(new Problem("token-missing", "No.")), [], {
      openRouters: [verificationRouter({ store, channels: () => bench.#channels, maxBytes: MAX_BYTES })],
      limits: { messageBytes: 64 * 1024, requestsPerMinute: 1_000, anonymousRequestsPerMinute: 100 },
    });
    return bench;
  }

  get url(): string {
    return this.#server?.url ?? "";
  }

  async close(): Promise<void> {
    this.ground.evm.setReachable(true);
    await this.#server?.close();
    for (const channel of this.#channels) await channel.close();
    await this.ground.evm.send("evm_revert", [this.ground.snapshot]);
    this.ground.snapshot = await this.ground.evm.send("evm_snapshot");
  }

  /** A channel's id as the API names it. */
  idOf({ address }: TestChannel): string {
    return `eip155:${this.ground.evm.chainId}:${address.toLowerCase()}`;
  }

  /** Reads every channel, or one, to its newest height. */
  async follow(only?: TestChannel): Promise<void> {
    for (const [address, follower] of this.#followers) {
      if (only === undefined || only.address === address) while (await follower.readOnce());
    }
  }

  /** Makes all that happened final, and has the node follow. */
  async finalise(): Promise<void> {
    await this.ground.evm.send("evm_mine");
    await this.follow();
  }

  /** Says something on a channel, by its sender's operator. */
  async send(ledger: TestChannel, sent: Message): Promise<void> {
    await this.#done(this.#as(ledger, sent.sender).send(contractMessage(sent)));
  }

  async acquit(ledger: TestChannel, issuance: Message): Promise<Message> {
    const acquittal = { ...issuance, sender: issuance.receiver, receiver: issuance.sender };
    return this.#act(ledger, { ...acquittal, predicate: acquitted, validUntil: null }, issuance);
  }

  async revoke(ledger: TestChannel, issuance: Message): Promise<Message> {
    return this.#act(ledger, { ...issuance, predicate: revoked, validUntil: null }, issuance);
  }

  async anchor(ledger: TestChannel, header: BatchHeader): Promise<void> {
    await this.#done(this.#as(ledger, header.sender).anchor(contractBatch(header)));
  }

  async settle(
    ledger: TestChannel,
    header: BatchHeader,
    by: Domain,
    predicate: Predicate,
    indexes: readonly number[],
  ): Promise<void> {
    const bits = bitsOf(indexes);
    await this.#done(
      this.#as(ledger, by).settle(contractBatch(header), {
        predicate: nameHash(predicate),
        obj: `0x${digestOf(message().obj)}`,
        words: bits.map(({ word }) => word),
        masks: bits.map(({ mask }) => mask),
      }),
    );
  }

  async suspend(ledger: TestChannel, domain: Domain): Promise<void> {
    await this.#done(ledger.contract.suspend(nameHash(domain)));
  }

  /** Seconds since 1970, of the newest block. */
  async time(): Promise<number> {
    const block = (await this.ground.evm.send("eth_getBlockByNumber", ["latest", false])) as {
      timestamp: string;
    };
    return Number(block.timestamp);
  }

  async get(path: string): Promise<Verification> {
    return readAnswer(await fetch(`${this.url}/verify/${path}`));
  }

  async present(body: unknown): Promise<Verification> {
    return readAnswer(await this.post(JSON.stringify(body), { "content-type": "application/json" }));
  }

  post(
    body: string | FormData | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
    query = "",
  ): Promise<Response> {
    return fetch(`${this.url}/verify${query}`, { method: "POST", headers, body });
  }

  async #act(ledger: TestChannel, act: Message, issuance: Message): Promise<Message> {
    const { receiver, predicate, obj, validUntil } = contractMessage(issuance);
    const contract = this.#as(ledger, act.sender);
    await this.#done(contract.sendAbout(contractMessage(act), { receiver, predicate, obj, validUntil }));
    return act;
  }

  #as({ contract, operators }: TestChannel, domain: Domain): TestChannel["contract"] {
    const operator = operators.get(domain);
    if (operator === undefined) throw new Error(`${domain} has no operator.`);
    return contract.connect(operator.connect(contract.runner?.provider ?? null));
  }

  async #done(sent: Promise<ethers.ContractTransactionResponse>): Promise<void> {
    await (await sent).wait();
  }
}

async function readAnswer(response: Response): Promise<Verification> {
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
  return (await response.json()) as Verification;
}

/** A document and the message that issues a certificate for it. */
export function certificate(
  number: string,
  changes: Partial<Message> = {},
): { readonly bytes: Uint8Array<ArrayBuffer>; readonly obj: Multihash; readonly issuance: Message } {
  const bytes = new TextEncoder().encode(`{"certificate":"${number}"}`);
  const obj = multihashOf(createHash("sha256").update(bytes).digest("hex"));
  return { bytes, obj, issuance: message({ subject: parseSubject(`coo:${number}`), obj, ...changes }) };
}
