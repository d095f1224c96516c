import { createMemoryAccount, MemoryChannel } from "../../../src/channels/memory/memory-channel.ts";
import { MemoryLedger } from "../../../src/channels/memory/memory-ledger.ts";
import { parseJurisdiction, type Domain } from "../../../src/domain/participant.ts";
import type { Bench, BenchTerms } from "../bench.ts";
import { au, cn, endpointOf, messageTypes, nz, sg } from "../fixtures.ts";

/** A bench on a ledger in memory. */
export function createMemoryBench(terms: BenchTerms): Promise<Bench> {
  let now = 1_800_000_000;
  const ledger = new MemoryLedger({
    terms: {
      name: "Certificates of origin",
      opaqueSubjects: terms.opaqueSubjects ?? false,
      validFrom: terms.validAfter === undefined ? 0 : now + terms.validAfter,
      validUntil: terms.validFor === undefined ? null : now + terms.validFor,
    },
    finality: { kind: "confirmations", blocks: 2 },
    clock: () => now,
  });
  for (const type of messageTypes) ledger.registerMessageType(type);
  const accounts = new Map<
    Domain,
    { operator: ReturnType<typeof createMemoryAccount>; nodeKey: ReturnType<typeof createMemoryAccount> }
  >();
  for (const [domain, country] of [
    [au, "AU"],
    [cn, "CN"],
    [sg, "SG"],
  ] as const) {
    const own = { operator: createMemoryAccount(), nodeKey: createMemoryAccount() };
    accounts.set(domain, own);
    ledger.seat({
      domain,
      jurisdiction: parseJurisdiction(country),
      endpoint: endpointOf(domain),
      operator: own.operator.account,
      nodeKey: own.nodeKey.account,
      predicates: messageTypes.map(({ predicate }) => predicate),
    });
  }
  ledger.admit(nz, parseJurisdiction("NZ"));
  ledger.automine = false;

  const accountsOf = (participant: Domain) => {
    const own = accounts.get(participant);
    if (own === undefined) throw new Error(`${participant} has no node`);
    return own;
  };
  const act = (what: () => void): Promise<void> => {
    what();
    ledger.mine();
    return Promise.resolve();
  };
  return Promise.resolve({
    open: (participant) => Promise.resolve(new MemoryChannel(ledger, accountsOf(participant))),
    mine: (count) => {
      ledger.mine(count);
      return Promise.resolve();
    },
    fork: (depth) => {
      ledger.fork(depth);
      return Promise.resolve();
    },
    advance: (seconds) => {
      now += seconds;
      return Promise.resolve();
    },
    setReachable: (reachable) => {
      ledger.reachable = reachable;
    },
    suspend: (participant) =>
      act(() => {
        ledger.suspend(participant);
      }),
    reinstate: (participant) =>
      act(() => {
        ledger.reinstate(participant);
      }),
    setEndpoint: (participant, endpoint) =>
      act(() => {
        ledger.setEndpoint(participant, endpoint);
      }),
    dismissOperator: (participant, predicate) =>
      act(() => {
        ledger.dismissOperator(participant, predicate, accountsOf(participant).operator.account);
      }),
    appointNodeKey: (participant, account) =>
      act(() => {
        ledger.appointNodeKey(participant, account);
      }),
    dismissNodeKey: (participant, account = accountsOf(participant).nodeKey.account) =>
      act(() => {
        ledger.dismissNodeKey(participant, account);
      }),
    closeMessageType: (predicate) =>
      act(() => {
        ledger.closeMessageType(predicate);
      }),
    invalidate: (issuance) =>
      act(() => {
        ledger.invalidate(issuance);
      }),
    invalidateBatch: (header, bits) =>
      act(() => {
        ledger.invalidateBatch(header, bits);
      }),
    deprecate: () =>
      act(() => {
        ledger.deprecate(null);
      }),
    retire: () =>
      act(() => {
        ledger.retire();
      }),
    time: () => Promise.resolve(now),
    close: () => Promise.resolve(),
  });
}
