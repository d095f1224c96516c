import { readFileSync } from "node:fs";

import type { EvmKey } from "../channels/evm/evm-key.ts";
import type { KeySource } from "../key-source.ts";
import { readSecret } from "../secret.ts";

/** The keys that a channel's configuration leads to. */
export interface ConfiguredKeys {
  readonly nodeKey: KeySource;
  readonly operatorKey?: KeySource;
  readonly formerOperatorKeys?: readonly KeySource[];
}

interface Keys {
  readonly nodeKey: EvmKey;
  readonly operatorKey?: EvmKey;
  readonly formerOperatorKeys?: readonly EvmKey[];
}

/**
 * A channel's options with what it takes to open its keys, read from where they are kept.
 *
 * @throws Error naming the place, not what is in it, where there is nothing
 */
export function withKeys<C extends ConfiguredKeys>(config: C): Omit<C, keyof ConfiguredKeys> & Keys {
  const { nodeKey, operatorKey, formerOperatorKeys, ...rest } = config;
  return {
    ...rest,
    nodeKey: keyOf(nodeKey),
    ...(operatorKey === undefined ? {} : { operatorKey: keyOf(operatorKey) }),
    ...(formerOperatorKeys === undefined ? {} : { formerOperatorKeys: formerOperatorKeys.map(keyOf) }),
  };
}

function keyOf(source: KeySource): EvmKey {
  if ("keystore" in source) {
    return { keystore: textOf(source.keystore), password: readSecret(source.password) };
  }
  if (!("remote" in source)) return readSecret(source);
  const { url, address, token, ca, certificate, privateKey } = source.remote;
  return {
    remote: {
      ...{ url, address },
      ...(token === undefined ? {} : { token: readSecret(token) }),
      ...(ca === undefined ? {} : { ca: textOf(ca) }),
      ...(certificate === undefined ? {} : { certificate: textOf(certificate) }),
      ...(privateKey === undefined ? {} : { privateKey: readSecret(privateKey) }),
    },
  };
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new Error(`the file ${file} cannot be read`, { cause });
  }
}
