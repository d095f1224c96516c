import { speaker } from "../../language/messages.ts";
import en from "./messages/en.json" with { type: "json" };
import es from "./messages/es.json" with { type: "json" };
import fr from "./messages/fr.json" with { type: "json" };
import zh from "./messages/zh.json" with { type: "json" };

/** What the pages for an agency's staff say. */
export const say = speaker({ en, fr, es, zh });

/** A key of what they say. */
export type Saying = keyof typeof en;

/** The sentence of a key that is made of a word of the node's, or null where the pages have none for it. */
export function sayWord(kind: string, word: string): string | null {
  const key = `${kind}-${word}`;
  return Object.hasOwn(en, key) ? say(key) : null;
}
