import { writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { Config } from "../../src/config.ts";

/**
 * Writes a node's configuration as an operator does, for commands that read it.
 *
 * @returns the file's path
 */
export async function configFile(config: Config): Promise<string> {
  const { store, identity, channels, ...rest } = config;
  const written = {
    ...rest,
    store: store.technology === "sqlite" ? { sqlite: store.file } : { postgres: { env: "DATABASE_URL" } },
    channels: channels.map((channel) => {
      if (channel.technology !== "evm") throw new Error("The tests' channels are on an EVM.");
      return { ...channel, finality: channel.finality.kind };
    }),
    identity: {
      issuers: identity.issuers.map(({ jwksUri, ...issuer }) => ({
        ...issuer,
        ...(jwksUri === null ? {} : { jwksUri }),
      })),
    },
  };
  const file = join(dirname(config.documents.directory ?? ""), "node.json");
  await writeFile(file, JSON.stringify(written));
  return file;
}

/** What those commands need besides. */
export function environmentOf({ store }: Config): NodeJS.ProcessEnv {
  return store.technology === "postgres" ? { DATABASE_URL: store.url } : {};
}
