import { ChannelFailure, type Channel } from "../channels/channel.ts";
import type { ChannelRights } from "../channels/rights.ts";
import type { SigningAccount } from "../channels/signing-account.ts";

/** What a channel's plug-in was asked, as far as it could say. */
export interface Told<Answer> {
  /** Null where it did not say: it cannot, or `failure` says why not now. */
  readonly answer: Answer | null;
  readonly failure: string | null;
}

/** An account that pays for fewer messages than this wants to be topped up. */
export const FEW_MESSAGES = 200;

/** Longer than this nobody looks at a page that is empty; what was asked goes on, and is remembered. */
const PATIENCE_MS = 8_000;

/** The accounts that sign on a channel. Never throws for a ledger that is away. */
export function signersOf(channel: Channel): Promise<Told<readonly SigningAccount[]>> {
  return told(channel.signingAccounts());
}

/** Who may do what on a channel. Never throws for a ledger that is away. */
export function rightsOn(channel: Channel): Promise<Told<ChannelRights>> {
  return told(channel.rights());
}

/** Whether an account has too little to go on for long. */
export function isLow({ ledger }: SigningAccount): boolean {
  return ledger !== null && ledger.lastsFor !== null && ledger.lastsFor < FEW_MESSAGES;
}

async function told<Answer>(work: Promise<Answer | null>): Promise<Told<Answer>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => {
      resolve("late");
    }, PATIENCE_MS);
  });
  try {
    const answer = await Promise.race([work, late]);
    return answer === "late" ? { answer: null, failure: "ledger-slow" } : { answer, failure: null };
  } catch (error) {
    if (!(error instanceof ChannelFailure)) throw error;
    return { answer: null, failure: error.code };
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
