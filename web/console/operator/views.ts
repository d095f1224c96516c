import type { View } from "../view.ts";
import { ChannelsPage } from "./channels.tsx";
import "./operator.css";
import { ParticipantsPage } from "./participants.tsx";
import { say } from "./say.ts";
import { SignersPage } from "./signers.tsx";
import { StuckPage } from "./stuck.tsx";
import { SubscriptionsPage } from "./subscriptions.tsx";
import { TrafficPage } from "./traffic.tsx";

/** For whoever runs the node. */
export const operatorViews: readonly View[] = [
  { name: "channels", title: () => say("channels"), role: "admin", Page: ChannelsPage },
  { name: "stuck", title: () => say("stuck"), role: "admin", Page: StuckPage },
  { name: "signers", title: () => say("signers"), role: "admin", Page: SignersPage },
  { name: "subscriptions", title: () => say("subscriptions"), role: "admin", Page: SubscriptionsPage },
  { name: "participants", title: () => say("participants"), role: "admin", Page: ParticipantsPage },
  { name: "traffic", title: () => say("traffic"), role: "admin", Page: TrafficPage },
];
