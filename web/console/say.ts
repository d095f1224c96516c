import { speaker } from "../language/messages.ts";
import en from "./messages/en.json" with { type: "json" };
import es from "./messages/es.json" with { type: "json" };
import fr from "./messages/fr.json" with { type: "json" };
import zh from "./messages/zh.json" with { type: "json" };

/** What the console's frame says. */
export const say = speaker({ en, fr, es, zh });
