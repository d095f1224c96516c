import { buildModule } from "@nomicfoundation/hardhat-ignition/modules";

/**
 * A tariff-rate quota for acquittals on the channel at `channel`; `owner` sets the quotas. It counts once an acquitting
 * type is registered with it as its hook.
 */
export default buildModule("TariffQuota", (m) => {
  const quota = m.contract("TariffQuota", [
    m.getParameter<string>("channel"),
    m.getParameter<string>("owner"),
  ]);
  return { quota };
});
