import { speaker } from "../../language/messages.ts";
import en from "./messages/en.json" with { type: "json" };
import es from "./messages/es.json" with { type: "json" };
import fr from "./messages/fr.json" with { type: "json" };
import zh from "./messages/zh.json" with { type: "json" };

/** What the operator's places say. */
export const say = speaker({ en, fr, es, zh });

function isSaid(key: string): key is keyof typeof en {
  return Object.hasOwn(en, key);
}

/** A sentence whose key is put together; the key itself where there is no such sentence. */
export function sayOf(prefix: string, name: string): string {
  const key = `${prefix}.${name}`;
  return isSaid(key) ? say(key) : name;
}
