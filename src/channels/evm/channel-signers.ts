import type { CountFault } from "../../operations/fault.ts";
import { ChannelFailure } from "../channel.ts";
import type { EvmChannelOptions } from "./evm-options.ts";
import type { EvmKey } from "./evm-key.ts";
import { openSigner } from "./open-signer.ts";
import type { Signer } from "./signer.ts";
import type { QuietWarnings } from "./quiet-warnings.ts";

/** The keys of a channel, open. */
export interface ChannelSigners {
  /** Null on a node that only receives. */
  readonly operator: Signer | null;
  /** The operator and those before it, by account. */
  readonly operators: ReadonlyMap<string, Signer>;
  readonly nodeKey: Signer;
  close(): void;
}

/** Whom the keys of a channel tell what goes wrong with them. */
export interface SignerWatch {
  readonly channelId: string;
  readonly warnings: QuietWarnings;
  readonly countFault: CountFault;
}

/**
 * Opens all keys of a channel. A failure of a remote signer is counted, and told as an alarm.
 *
 * @throws ChannelFailure stop `key-invalid`, `keystore-invalid`, `keystore-locked`
 */
export async function openSigners(
  options: Pick<EvmChannelOptions, "operatorKey" | "formerOperatorKeys" | "nodeKey">,
  { channelId, warnings, countFault }: SignerWatch,
): Promise<ChannelSigners> {
  const { operatorKey, formerOperatorKeys = [], nodeKey } = options;
  const opened: Signer[] = [];
  const open = async (key: EvmKey, whose: string): Promise<Signer> => {
    const onFailure = ({ code, message }: ChannelFailure) => {
      countFault("signer_failures", channelId);
      warnings.warn({ code, detail: message, alarm: true }, whose);
    };
    const signer = await openSigner(key, { whose, onFailure });
    opened.push(signer);
    return signer;
  };
  const close = () => {
    for (const signer of opened) signer.close();
  };
  try {
    const speaker = await open(nodeKey, "node's");
    const operator = operatorKey === undefined ? null : await open(operatorKey, "operator's");
    const operators = new Map(operator === null ? [] : [[operator.account, operator]]);
    for (const key of formerOperatorKeys) {
      const former = await open(key, "former operator's");
      if (operators.has(former.account)) throw twice(former.account);
      operators.set(former.account, former);
    }
    return { operator, operators, nodeKey: speaker, close };
  } catch (error) {
    close();
    throw error;
  }
}

function twice(account: string): ChannelFailure {
  return new ChannelFailure(
    "stop",
    "key-invalid",
    `formerOperatorKeys names ${account}, which is the operator's key or named before: take it out.`,
  );
}
