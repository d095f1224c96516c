import { StandardMerkleTree } from "@openzeppelin/merkle-tree";
import { id, sha256, toUtf8Bytes, ZeroAddress, ZeroHash, type TypedDataField } from "ethers";

import type { Channel } from "../../types/ethers-contracts/Channel.ts";
import { accounts, gasOf, share, type Account, type Chain, type Figures } from "./chain.ts";

/** What an operation may cost at most; one without an entry has no aim. */
export const aims: Figures = {
  inform: 43_000,
  issue: 67_000,
  acquit: 49_000,
  revoke: 49_000,
  "anchor of 4096": 65_000,
  "settle a word of 256": 67_000,
  "settle sixteen words, per certificate": 105,
};

// Nothing here is random or depends on the time of day, so that the same code gives the same figure.
const SENDER = "homeaffairs.gov.au";
const RECEIVER = "customs.gov.cn";
const VALID_UNTIL = 2_208_988_800n;
const WORD = (1n << 256n) - 1n;
const COUNT = 4096;
const Effect = { inform: 1, issue: 2, acquit: 3, revoke: 4 } as const;
const type = (word: string) => `UN.CEFACT.Regulatory.CertificateOfOrigin.${word}`;

const authorisation: Record<string, TypedDataField[]> = {
  Authorisation: [
    { name: "message", type: "Message" },
    { name: "nonce", type: "uint256" },
    { name: "deadline", type: "uint64" },
  ],
  Message: [
    { name: "sender", type: "string" },
    { name: "receiver", type: "string" },
    { name: "subject", type: "string" },
    { name: "predicate", type: "string" },
    { name: "obj", type: "bytes32" },
    { name: "validUntil", type: "uint64" },
  ],
};

interface Words {
  readonly sender: string;
  readonly receiver: string;
  readonly subject: string;
  readonly predicate: string;
  readonly obj: string;
  readonly validUntil: bigint;
}

/** A message as people write it, about the certificate with this number. */
function words(word: string, number: number, from: "issuer" | "receiver" = "issuer"): Words {
  const issuer = from === "issuer";
  return {
    sender: issuer ? SENDER : RECEIVER,
    receiver: issuer ? RECEIVER : SENDER,
    subject: `urn:uuid:6f1c2a9e-0b7d-4c55-9a3e-${number.toString().padStart(12, "0")}`,
    predicate: type(word),
    obj: sha256(toUtf8Bytes(`${word} ${number}`)),
    validUntil: word.startsWith("created") ? VALID_UNTIL : 0n,
  };
}

/** The same as the contract takes it: names by their hashes. */
function hashed({ sender, receiver, predicate, ...rest }: Words) {
  return { sender: id(sender), receiver: id(receiver), predicate: id(predicate), ...rest };
}

/** What is resupplied of the message that issued a certificate. */
function issuance(number: number) {
  const { receiver, predicate, obj, validUntil } = hashed(words("created", number));
  return { receiver, predicate, obj, validUntil };
}

const noIssuance = { receiver: ZeroHash, predicate: ZeroHash, obj: ZeroHash, validUntil: 0n };

/** The header of a batch of 4,096 certificates; `seed` makes its root another. */
function batch(seed: string) {
  const leaves = Array.from({ length: COUNT }, (_, index): [number, string] => [
    index,
    id(`${seed} ${index}`),
  ]);
  return {
    sender: id(SENDER),
    receiver: id(RECEIVER),
    predicate: id(type("createdInBulk")),
    validUntil: VALID_UNTIL,
    root: StandardMerkleTree.of(leaves, ["uint256", "bytes32"]).root,
    count: COUNT,
    body: sha256(toUtf8Bytes(seed)),
  };
}

function settlement(word: string, from: number, many: number) {
  const indices = Array.from({ length: many }, (_, index) => BigInt(from + index));
  return {
    predicate: id(type(word)),
    obj: sha256(toUtf8Bytes(word)),
    words: indices,
    masks: indices.map(() => WORD),
  };
}

/** Every operation of a channel in ordinary use: roles checked, no hook, no predecessor, a UUID subject. */
export async function measureOurs(chain: Chain): Promise<Figures> {
  const { deployer, consortium, issuerAdmin, issuer, issuerNode, receiverAdmin, receiver, relayer, third } =
    await accounts(
      chain,
      "deployer",
      "consortium",
      "issuerAdmin",
      "issuer",
      "issuerNode",
      "receiverAdmin",
      "receiver",
      "relayer",
      "third",
    );
  const figures: Figures = {};
  const terms = {
    name: "Certificates of origin, Australia and China",
    consortium,
    adminDelay: 86_400,
    recoveryDelay: 86_400,
    validFrom: 1_577_836_800,
    validUntil: VALID_UNTIL,
    test: false,
    opaqueSubjects: true,
    predecessor: ZeroAddress,
  };
  const factory = await chain.ethers.getContractFactory("Channel", deployer);
  const channel: Channel = await factory.deploy(terms);
  const deployment = channel.deploymentTransaction();
  if (deployment === null) throw new Error("The channel was deployed without a transaction.");
  figures["deploy a channel"] = await gasOf(Promise.resolve(deployment));

  const asConsortium = channel.connect(consortium);
  const register = (word: string, effect: number, batchable = false, target = ZeroHash) =>
    gasOf(asConsortium.registerMessageType(type(word), effect, batchable, target, ZeroAddress));
  figures["register a message type"] = await register("created", Effect.issue);
  await register("attached", Effect.inform);
  await register("acquitted", Effect.acquit, false, id(type("created")));
  await register("revoked", Effect.revoke, false, id(type("created")));
  await register("createdInBulk", Effect.issue, true);
  await register("acquittedInBulk", Effect.acquit, false, id(type("createdInBulk")));
  await register("revokedInBulk", Effect.revoke, false, id(type("createdInBulk")));

  const seat = async (domain: string, jurisdiction: string, admin: Account) => {
    const admitted = await gasOf(
      asConsortium.admit(domain, `0x${Buffer.from(jurisdiction).toString("hex")}`, admin),
    );
    const accepted = await gasOf(channel.connect(admin).accept(id(domain), `https://icl.${domain}`));
    return { admitted, accepted };
  };
  const seated = await seat(SENDER, "AU", issuerAdmin);
  figures["admit a participant"] = seated.admitted;
  figures["accept a seat"] = seated.accepted;
  await seat(RECEIVER, "CN", receiverAdmin);
  await seat("customs.gov.sg", "SG", third);

  const appoint = (domain: string, word: string, admin: Account, operator: Account) =>
    gasOf(channel.connect(admin).appointOperator(id(domain), id(type(word)), operator));
  figures["appoint an operator"] = await appoint(SENDER, "created", issuerAdmin, issuer);
  for (const word of ["attached", "revoked", "createdInBulk", "revokedInBulk"])
    await appoint(SENDER, word, issuerAdmin, issuer);
  for (const word of ["acquitted", "acquittedInBulk"]) await appoint(RECEIVER, word, receiverAdmin, receiver);
  figures["appoint a node key"] = await gasOf(
    channel.connect(issuerAdmin).appointNodeKey(id(SENDER), issuerNode),
  );
  figures["set an endpoint"] = await gasOf(
    channel.connect(issuerAdmin).setEndpoint(id(SENDER), `https://node.${SENDER}`),
  );

  const asIssuer = channel.connect(issuer);
  const asReceiver = channel.connect(receiver);
  figures.inform = await gasOf(asIssuer.send(hashed(words("attached", 1))));
  figures.issue = await gasOf(asIssuer.send(hashed(words("created", 1))));
  figures.acquit = await gasOf(asReceiver.sendAbout(hashed(words("acquitted", 1, "receiver")), issuance(1)));
  figures["single-use life (issue, acquit)"] = figures.issue + figures.acquit;
  await gasOf(asIssuer.send(hashed(words("created", 2))));
  figures.revoke = await gasOf(asIssuer.sendAbout(hashed(words("revoked", 2)), issuance(2)));

  const domain = {
    name: "Inter Customs Ledger",
    version: "1",
    chainId: (await chain.ethers.provider.getNetwork()).chainId,
    verifyingContract: await channel.getAddress(),
  };
  const bySig = async (message: Words, about: typeof noIssuance, signer: Account, nonce: bigint) => {
    const value = { message, nonce, deadline: VALID_UNTIL };
    const signature = await signer.signTypedData(domain, authorisation, value);
    return gasOf(
      channel
        .connect(relayer)
        .sendBySig(hashed(message), about, { signer, nonce, deadline: VALID_UNTIL, signature }),
    );
  };
  figures["inform by signature, first nonce of a word"] = await bySig(
    words("attached", 3),
    noIssuance,
    issuer,
    0n,
  );
  figures["inform by signature"] = await bySig(words("attached", 4), noIssuance, issuer, 1n);
  figures["issue by signature"] = await bySig(words("created", 3), noIssuance, issuer, 2n);
  await bySig(words("created", 4), noIssuance, issuer, 3n);
  await gasOf(asReceiver.cancelNonce(0n));
  figures["acquit by signature"] = await bySig(words("acquitted", 3, "receiver"), issuance(3), receiver, 1n);
  figures["revoke by signature"] = await bySig(words("revoked", 4), issuance(4), issuer, 4n);
  figures["cancel a nonce"] = await gasOf(asIssuer.cancelNonce(5n));

  const first = batch("first");
  figures["anchor of 4096"] = await gasOf(asIssuer.anchor(first));
  figures["settle one certificate"] = await gasOf(
    asReceiver.settle(first, { ...settlement("acquittedInBulk", 0, 1), masks: [1n] }),
  );
  figures["settle a word of 256"] = await gasOf(
    asReceiver.settle(first, settlement("acquittedInBulk", 1, 1)),
  );
  figures["revoke a word of 256"] = await gasOf(asIssuer.settle(first, settlement("revokedInBulk", 2, 1)));
  figures["settle a word of 256, others revoked"] = await gasOf(
    asReceiver.settle(first, settlement("acquittedInBulk", 3, 1)),
  );
  const second = batch("second");
  await gasOf(asIssuer.anchor(second));
  figures["settle sixteen words"] = await gasOf(
    asReceiver.settle(second, settlement("acquittedInBulk", 0, 16)),
  );
  figures["settle sixteen words, per certificate"] = share(figures["settle sixteen words"], COUNT);
  figures["anchor of 4096, per certificate"] = share(figures["anchor of 4096"], COUNT);

  figures["suspend a participant"] = await gasOf(asConsortium.suspend(id("customs.gov.sg")));
  figures["inform while somebody is suspended"] = await gasOf(asIssuer.send(hashed(words("attached", 5))));
  figures["issue while somebody is suspended"] = await gasOf(asIssuer.send(hashed(words("created", 5))));
  return figures;
}
