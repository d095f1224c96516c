import type { TrafficTiming } from "../../src/messages/channel-traffic.ts";

/** Quick enough for tests; nothing but speed depends on it. */
export const quickTiming: TrafficTiming = {
  followerPoll: 50,
  followerLease: 1_500,
  outboxPoll: 50,
  outboxLease: 1_500,
  patience: 4_000,
};
