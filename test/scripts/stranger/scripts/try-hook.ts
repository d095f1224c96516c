/** Deploys a channel out of the package and a hook of this project, and sends two messages. Writes what came of it. */
import { network } from "hardhat";

import channelArtifact from "inter-customs-ledger/artifacts/contracts/Channel.sol/Channel.json" with { type: "json" };

const { ethers } = await network.create();
const [consortium, auAdmin, cnAdmin, operator] = await ethers.getSigners();
const au = ethers.id("homeaffairs.gov.au");
const cn = ethers.id("customs.gov.cn");
const created = ethers.id("certificate.created");

const deployed = await new ethers.ContractFactory(
  channelArtifact.abi,
  channelArtifact.bytecode,
  consortium,
).deploy({
  name: "A stranger's channel",
  consortium: consortium.address,
  adminDelay: 0,
  recoveryDelay: 60,
  validFrom: 0,
  validUntil: 0,
  test: true,
  opaqueSubjects: false,
  predecessor: ethers.ZeroAddress,
});
const channel = await ethers.getContractAt(channelArtifact.abi, await deployed.getAddress());
const hook = await ethers.deployContract("OneEach", [await channel.getAddress()]);
await channel.registerMessageType("certificate.created", 2, false, ethers.ZeroHash, await hook.getAddress());
for (const [domain, code, admin] of [
  ["homeaffairs.gov.au", "0x4155", auAdmin],
  ["customs.gov.cn", "0x434e", cnAdmin],
]) {
  await channel.admit(domain, code, admin.address);
  await channel.connect(admin).accept(ethers.id(domain), `https://icl.${domain}`);
}
await channel.connect(auAdmin).appointOperator(au, created, operator.address);

const send = (subject) =>
  channel
    .connect(operator)
    .send({ sender: au, receiver: cn, subject, predicate: created, obj: ethers.ZeroHash, validUntil: 0 });
await send("first");
const refused = await send("second").then(
  () => "taken",
  (error) => hook.interface.parseError(error.data ?? "0x")?.name ?? error.message,
);
const outcome = {
  counted: Number(await hook.counted(au)),
  first: await channel.isIssued(au, created, ethers.id("first")),
  second: await channel.isIssued(au, created, ethers.id("second")),
  refused,
};
process.stdout.write(`${JSON.stringify(outcome)}\n`);
