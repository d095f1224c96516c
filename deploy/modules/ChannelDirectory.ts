import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/** The directory of a network's channels; `owner` lists and delists them. */
export default buildModule("ChannelDirectory", (m) => {
  const directory = m.contract("ChannelDirectory", [m.getParameter<string>("owner")]);
  return { directory };
});
