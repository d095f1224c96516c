import { checkConfigCommand } from "./check-config.ts";
import type { Command } from "./command.ts";
import { devCommand } from "./dev.ts";
import { startCommand } from "./start.ts";
import { tokenCommand } from "./token.ts";

/** Every command by the words it is called with, in the order of the overview. */
export const commands: ReadonlyMap<string, Command> = new Map([
  ["start", startCommand],
  ["dev", devCommand],
  ["check-config", checkConfigCommand],
  ["token", tokenCommand],
]);
