import { speaker } from "../language/messages.ts";
import en from "./messages/en.json" with { type: "json" };
import es from "./messages/es.json" with { type: "json" };
import fr from "./messages/fr.json" with { type: "json" };
import zh from "./messages/zh.json" with { type: "json" };

/** The key of something that the verifier says. */
export type Key = keyof typeof en;

/** What the verifier says. */
export const say = speaker({ en, fr, es, zh });
