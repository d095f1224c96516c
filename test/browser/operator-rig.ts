import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Page } from "playwright-core";

import type { NodeOptions } from "../../src/node/node-options.ts";
import { au, cn } from "../channels/fixtures.ts";
import type { TestTerms } from "../channels/evm/test-channel.ts";
import type { Finality } from "../../src/channels/channel.ts";
import { startWorld, type Country, type CountryConfig, type World } from "../e2e/world.ts";
import { go } from "./browser.ts";
import { signIn } from "./sign-in.ts";

/** Australia's node and China's configuration on one channel, and an operator of Australia's who looks at the console. */
export interface OperatorRig {
  readonly world: World;
  readonly australia: Country;
  readonly china: CountryConfig;
  /** Opens the console as an administrator, and there a place. */
  signIn(page: Page, place: string): Promise<void>;
  close(): Promise<void>;
}

/** @param options `otherwise` for Australia's node; `finality` of the channel, immediate where left out */
export async function startOperatorRig(
  options: {
    readonly otherwise?: NodeOptions;
    readonly terms?: TestTerms;
    readonly finality?: Finality;
  } = {},
): Promise<OperatorRig> {
  const directory = await mkdtemp(join(tmpdir(), "icl-operator-"));
  const { finality } = options;
  const world = await startWorld(options.terms, finality === undefined ? {} : { finality });
  const store = (name: string) => ({ technology: "sqlite" as const, file: join(directory, `${name}.db`) });
  const australia = await world.start(await world.configure(au, "AU", store("au")), options.otherwise);
  const china = await world.configure(cn, "CN", store("cn"));
  const token = await world.issuer.mint({
    ...{ subject: "operator-3", audience: au, roles: ["admin"], lifetimeSeconds: 3_600 },
  });
  return {
    ...{ world, australia, china },
    async signIn(page, place) {
      const url = australia.config.publicUrl;
      await signIn(page, { url, token, name: "operator-3", participant: au, roles: ["admin"] });
      await go(page, `#/${place}`);
    },
    async close() {
      await world.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
