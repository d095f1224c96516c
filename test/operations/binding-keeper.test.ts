import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import type { ChannelDescription } from "../../src/channels/channel.ts";
import type { Domain } from "../../src/domain/participant.ts";
import { AddressGuard } from "../../src/identity/address-guard.ts";
import { bindingOfAccount, type BindingRule } from "../../src/identity/binding.ts";
import { bindingOn, noteActing } from "../../src/identity/binding-repository.ts";
import { DidWeb } from "../../src/identity/did-web.ts";
import { silentLogger } from "../../src/log.ts";
import { BindingKeeper } from "../../src/operations/binding-keeper.ts";
import type { Store } from "../../src/store/store.ts";
import { au, cn } from "../identity/fixtures.ts";
import { eachStore } from "../store/each-store.ts";

const DAY_MS = 86_400_000;
const OPERATOR = `0x${"0a".repeat(20)}`;
const OTHER = `0x${"0b".repeat(20)}`;
const CHANNEL = "eip155:7:0x01";

eachStore("bindings of domains to accounts", (openFresh) => {
  let store: Store;
  let domains: Server;
  let published: readonly string[] | number;
  let asked: number;
  let now: number;
  let base: string;

  beforeEach(async () => {
    store = await openFresh();
    published = [`eip155:7:${OPERATOR}`];
    asked = 0;
    now = 1_700_000_000_000;
    domains = createServer((request, response) => {
      asked += 1;
      if (typeof published === "number") {
        response.writeHead(published).end();
        return;
      }
      const id = `did:web:${(request.url ?? "").split("/")[1] ?? ""}`;
      const verificationMethod = published.map((blockchainAccountId, index) => ({
        ...{ id: `${id}#${index}`, type: "EcdsaSecp256k1RecoveryMethod2020", controller: id },
        blockchainAccountId,
      }));
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify({ id, verificationMethod }));
    });
    domains.listen(0, "127.0.0.1");
    await once(domains, "listening");
    base = `http://127.0.0.1:${(domains.address() as AddressInfo).port}`;
    await seat(store, CHANNEL, au);
  });

  afterEach(async () => {
    domains.closeAllConnections();
    domains.close();
    await once(domains, "close");
  });

  async function seat({ db }: Store, channelId: string, domain: Domain): Promise<void> {
    const row = {
      channel_id: channelId,
      domain,
      jurisdiction: "AU",
      status: "active",
      endpoint: null,
    } as const;
    await db.insertInto("participant").values(row).execute();
  }

  function keeper(
    otherwise: {
      readonly on?: Store;
      readonly owner?: string;
      readonly rule?: BindingRule;
      readonly channels?: readonly Pick<ChannelDescription, "id" | "network">[];
      readonly pinned?: ReadonlyMap<string, string>;
    } = {},
  ): BindingKeeper {
    const dids = new DidWeb({
      guard: new AddressGuard({ allowPrivateAddresses: false, allowHttp: false }),
      hostGuard: new AddressGuard({ allowPrivateAddresses: true, allowHttp: true }),
      hosts: new Map([au, cn].map((domain) => [domain, `${base}/${domain}`])),
      ...{ now: () => now, pinned: otherwise.pinned ?? new Map<string, string>() },
    });
    const channels = otherwise.channels ?? [{ id: CHANNEL, network: "eip155:7" }];
    return new BindingKeeper({
      ...{ store: otherwise.on ?? store, owner: otherwise.owner ?? "one", log: silentLogger, now: () => now },
      channels: () => channels as readonly ChannelDescription[],
      ruleOf: () => otherwise.rule ?? "required",
      look: (did, maxAgeMs) => dids.look(did, maxAgeMs),
      onBound: () => undefined,
    });
  }

  const found = (participant = au, channelId = CHANNEL) => bindingOn(store.db, { channelId, participant });
  const act = (account: string) => noteActing(store.db, CHANNEL, [{ participant: au, account }], now);

  it("are looked at once, and again after a day", async () => {
    const one = keeper();
    expect(await one.runOnce()).to.equal(1);
    expect(await found()).to.deep.include({ outcome: "bound", reason: null, checkedAt: now });
    now += DAY_MS - 1_000;
    expect(await one.runOnce()).to.equal(0);
    now += 1_000;
    expect(await one.runOnce()).to.equal(1);
    expect(asked).to.equal(2);
  });

  it("are looked at anew when another account acts, whatever its case", async () => {
    const one = keeper();
    await one.runOnce();
    now += 60_000;
    await act(OPERATOR.toUpperCase().replace("0X", "0x"));
    await one.runOnce();
    expect(await found()).to.deep.include({ outcome: "bound" });
    now += 60_000;
    await act(OTHER);
    await act(OTHER);
    expect(await one.runOnce()).to.equal(1);
    expect(await found()).to.deep.include({ outcome: "unbound", reason: "account-not-named" });
    // What is said of one account does not spoil another.
    const known = await found();
    expect(bindingOfAccount(known, OPERATOR).outcome).to.equal("bound");
    expect(bindingOfAccount(known, OTHER).outcome).to.equal("unbound");
    expect(bindingOfAccount(known, null).outcome).to.equal("unbound");
  });

  for (const [name, what, outcome, reason] of [
    ["that names accounts of another ledger only", [`eip155:8:${OPERATOR}`], "unbound", "no-account-named"],
    ["that names none", [], "unbound", "no-account-named"],
    ["that publishes nothing", 404, "unbound", "did-invalid"],
    ["that is in trouble and was never heard", 503, "unknown", "did-unreachable"],
  ] as const) {
    it(`are not there for a domain ${name}, which is asked again in ten minutes`, async () => {
      published = what;
      const one = keeper();
      await one.runOnce();
      expect(await found()).to.deep.include({ outcome, reason });
      published = [`eip155:7:${OPERATOR}`];
      now += 599_000;
      expect(await one.runOnce()).to.equal(0);
      now += 1_000;
      await one.runOnce();
      expect(await found()).to.deep.include({ outcome: "bound", reason: null });
    });
  }

  it("count for seven days while a domain is out of reach, through restarts, and not a moment longer", async () => {
    await keeper().runOnce();
    const { checkedAt } = (await found()) ?? expect.fail();
    published = 503;
    now += 6 * DAY_MS;
    await keeper().runOnce();
    expect(await found()).to.deep.include({ outcome: "bound", checkedAt });
    now += DAY_MS + 1;
    await keeper().runOnce();
    expect(await found()).to.deep.include({ outcome: "unknown", reason: "did-unreachable" });
    expect(bindingOfAccount(await found(), OPERATOR).outcome).to.equal("unknown");
  });

  it("are taken back as soon as a domain says so", async () => {
    await keeper().runOnce();
    published = [`eip155:7:${OTHER}`];
    await act(OPERATOR);
    now += DAY_MS;
    await keeper().runOnce();
    expect(await found()).to.deep.include({ outcome: "unbound", reason: "account-not-named" });
  });

  it("cannot be known on a ledger whose accounts no document can name", async () => {
    await seat(store, "memory:0", cn);
    await keeper({ channels: [{ id: "memory:0", network: "memory" }] }).runOnce();
    expect(await found(cn, "memory:0")).to.deep.include({ outcome: "unknown", reason: "ledger-unsupported" });
    expect(asked).to.equal(0);
  });

  it("go by a pinned document, and ask nobody", async () => {
    const directory = await mkdtemp(join(tmpdir(), "icl-binding-"));
    const id = `did:web:${au}`;
    const method = { id: "#a", type: "x", controller: id, blockchainAccountId: `eip155:7:${OPERATOR}` };
    await writeFile(join(directory, "au.json"), JSON.stringify({ id, verificationMethod: [method] }));
    await keeper({ pinned: new Map([[id, join(directory, "au.json")]]) }).runOnce();
    expect(await found()).to.deep.include({ outcome: "bound", checkedAt: now });
    expect(asked).to.equal(0);
    await rm(directory, { recursive: true });
  });

  it("are looked at by one replica, and by another once it is gone", async () => {
    const [one, two] = [keeper(), keeper({ owner: "two" })];
    await one.runOnce();
    now += 50_000;
    await act(OTHER);
    expect(await two.runOnce()).to.equal(0);
    await one.stop();
    expect(await two.runOnce()).to.equal(1);
  });

  it("are forgotten with the participant, and where they are off", async () => {
    await keeper().runOnce();
    await keeper({ rule: "off" }).runOnce();
    expect(await found()).to.equal(null);
    await keeper().runOnce();
    await store.db.deleteFrom("participant").execute();
    now += DAY_MS;
    await keeper().runOnce();
    expect(await found()).to.equal(null);
  });
});
