import type { View } from "../view.ts";
import "./agency.css";
import { BulkPage } from "./bulk/bulk-page.tsx";
import { MessagesPage } from "./messages-page.tsx";
import { say } from "./say.ts";
import { SendPage } from "./send/send-page.tsx";

/** For an agency's staff: what came and went, and what there is to send. */
export const agencyViews: readonly View[] = [
  { name: "messages", title: () => say("messages"), role: "messages:read", Page: MessagesPage },
  { name: "send", title: () => say("send-title"), role: "messages:write", Page: SendPage },
  { name: "bulk", title: () => say("bulk-title"), role: "messages:write", Page: BulkPage },
];
