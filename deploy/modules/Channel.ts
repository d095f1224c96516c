import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/**
 * One channel, with the unchangeable terms of the parameters (see `IChannel.Terms`): `consortium` and `name` must be
 * given. Times are in seconds; `validUntil` 0 is no end; a `predecessor` of zero is none.
 */
export default buildModule("Channel", (m) => {
  const channel = m.contract("Channel", [
    {
      name: m.getParameter<string>("name"),
      consortium: m.getParameter<string>("consortium"),
      adminDelay: m.getParameter("adminDelay", 259_200),
      recoveryDelay: m.getParameter("recoveryDelay", 604_800),
      validFrom: m.getParameter("validFrom", 0),
      validUntil: m.getParameter("validUntil", 0),
      test: m.getParameter("test", false),
      opaqueSubjects: m.getParameter("opaqueSubjects", true),
      predecessor: m.getParameter("predecessor", "0x0000000000000000000000000000000000000000"),
    },
  ]);
  return { channel };
});
