import { createRequire } from "node:module";
import { dirname, join } from "node:path";

import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { AbiCoder, ContractFactory, id, Interface, sha256, toUtf8Bytes, ZeroAddress, ZeroHash } from "ethers";
import type { InterfaceAbi, Signer } from "ethers";

import { accounts, gasOf, share, type Chain, type Figures } from "./chain.ts";

const require = createRequire(import.meta.url);
const MANY = 100;
const LEAVES = 128;

interface Compiled {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
}

/** A peer's contract, with the byte code that its npm package carries, as it was deployed here. */
interface Deployed {
  readonly address: string;
  readonly encoding: Interface;
  /** Sends a call of it as a transaction, and says what gas it used. */
  call(signer: Signer, method: string, ...arguments_: readonly unknown[]): Promise<number>;
}

async function deploy(
  signer: Signer,
  { abi, bytecode }: Compiled,
  ...arguments_: unknown[]
): Promise<Deployed> {
  const contract = await new ContractFactory(abi, bytecode, signer).deploy(...arguments_);
  await contract.waitForDeployment();
  const address = await contract.getAddress();
  const encoding = contract.interface;
  return {
    address,
    encoding,
    call: (from, method, ...values) =>
      gasOf(from.sendTransaction({ to: address, data: encoding.encodeFunctionData(method, values) })),
  };
}

const document = (number: number) => sha256(toUtf8Bytes(`document ${number}`));
const series = <T>(length: number, make: (number: number) => T) => Array.from({ length }, (_, i) => make(i));

/** What one certificate's five strings would be as an attestation. */
const fiveStrings = [
  "homeaffairs.gov.au",
  "customs.gov.cn",
  "urn:uuid:6f1c2a9e-0b7d-4c55-9a3e-000000000001",
  "UN.CEFACT.Regulatory.CertificateOfOrigin.created",
  "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n",
];

async function measureAttestations(chain: Chain): Promise<Figures> {
  const { owner, issuer, receiver } = await accounts(chain, "owner", "issuer", "receiver");
  const compiled = (name: string) =>
    require(
      `@ethereum-attestation-service/eas-contracts/artifacts/contracts/${name}.sol/${name}.json`,
    ) as Compiled;
  const registry = await deploy(owner, compiled("SchemaRegistry"));
  const eas = await deploy(owner, compiled("EAS"), registry.address);

  const register = async (schema: string) => {
    await registry.call(owner, "register", schema, ZeroAddress, true);
    const packed = toUtf8Bytes(schema);
    return chain.ethers.solidityPackedKeccak256(["bytes", "address", "bool"], [packed, ZeroAddress, true]);
  };
  const digest = await register("bytes32 digest");
  const message = await register("string sender,string receiver,string subject,string predicate,string obj");
  const attestation = (data: string, recipient: string) => ({
    recipient,
    expirationTime: 0n,
    revocable: true,
    refUID: ZeroHash,
    data,
    value: 0n,
  });
  const coder = AbiCoder.defaultAbiCoder();
  const multiAttest = await eas.call(issuer, "multiAttest", [
    { schema: digest, data: series(MANY, (i) => attestation(document(i), receiver.address)) },
  ]);
  const multiTimestamp = await eas.call(issuer, "multiTimestamp", series(MANY, document));
  return {
    "attest 32 bytes": await eas.call(issuer, "attest", {
      schema: digest,
      data: attestation(document(MANY), receiver.address),
    }),
    "attest a five-string message": await eas.call(issuer, "attest", {
      schema: message,
      // Its receiver is one of the strings.
      data: attestation(
        coder.encode(
          series(5, () => "string"),
          fiveStrings,
        ),
        ZeroAddress,
      ),
    }),
    "multiAttest of 100, each": share(multiAttest, MANY),
    "multiTimestamp of 100, each": share(multiTimestamp, MANY),
  };
}

async function measureTokenRegistry(chain: Chain): Promise<Figures> {
  const { issuer, holder } = await accounts(chain, "issuer", "holder");
  // The package exports its artifacts to nobody, but carries them.
  const folder = join(dirname(require.resolve("@tradetrust-tt/token-registry")), "artifacts");
  const compiled = (name: string) => require(join(folder, `${name}.sol`, `${name}.json`)) as Compiled;
  const factory = await deploy(issuer, compiled("TitleEscrowFactory"));
  const registry = await deploy(issuer, compiled("TradeTrustToken"), "Certificates", "COO", factory.address);
  const { abi } = compiled("TitleEscrow");

  const tokenId = BigInt(id("WBC208897"));
  const mint = await registry.call(issuer, "mint", holder.address, holder.address, tokenId, "0x");
  const data = factory.encoding.encodeFunctionData("getEscrowAddress", [registry.address, tokenId]);
  const answer = await chain.ethers.provider.call({ to: factory.address, data });
  const [escrow] = factory.encoding.decodeFunctionResult("getEscrowAddress", answer) as unknown as [string];
  const surrendering = new Interface(abi).encodeFunctionData("returnToIssuer", ["0x"]);
  const surrender = await gasOf(holder.sendTransaction({ to: escrow, data: surrendering }));
  const accept = await registry.call(issuer, "burn", tokenId, "0x");
  return { mint, surrender, accept, "single-use life (mint, surrender, accept)": mint + surrender + accept };
}

async function measureDocumentStore(chain: Chain): Promise<Figures> {
  const { issuer } = await accounts(chain, "issuer");
  const { DocumentStore__factory: compiled } = require("@trustvc/document-store") as {
    DocumentStore__factory: Compiled;
  };
  const store = await deploy(issuer, compiled, "Certificates", issuer.address);
  const tree = SimpleMerkleTree.of(series(LEAVES, document));
  const root = await store.call(issuer, "issue", tree.root);
  const revoke = await store.call(
    issuer,
    "revoke(bytes32,bytes32,bytes32[])",
    tree.root,
    document(0),
    tree.getProof(document(0)),
  );
  return {
    "issue a document root": root,
    "issue a root of 128 documents, each": share(root, LEAVES),
    "revoke one leaf of 128": revoke,
  };
}

/** The comparable operations of others, by project: contracts as their npm packages carry them. */
export async function measurePeers(chain: Chain): Promise<Record<string, Figures>> {
  return {
    "Ethereum Attestation Service": await measureAttestations(chain),
    "TradeTrust token registry 5": await measureTokenRegistry(chain),
    "OpenAttestation document store": await measureDocumentStore(chain),
  };
}
