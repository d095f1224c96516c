import path from "node:path";

import { textOf, type Values } from "./command.ts";

/** The option of commands about the development network. */
export const directoryOption = { directory: { type: "string" } } as const;

/** Where the development network's files are. */
export function stateDirectory(values: Values): string {
  return path.resolve(textOf(values, "directory") ?? process.env.ICL_DIRECTORY ?? ".icl");
}
