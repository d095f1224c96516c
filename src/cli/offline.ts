import { complain } from "./terminal.ts";
import { EXIT, type Exit } from "./exit.ts";

/** Does what an operator asks of a node's database; what they can help is told in a sentence, with its code. */
export async function orSentence(work: () => Promise<Exit>): Promise<Exit> {
  // Loaded only here: most commands do without a database.
  const { BackupFailure } = await import("../backup/backup-failure.ts");
  const { ChannelFailure } = await import("../channels/channel.ts");
  const { StoreFailure } = await import("../store/store.ts");
  try {
    return await work();
  } catch (error) {
    const known =
      error instanceof BackupFailure || error instanceof StoreFailure || error instanceof ChannelFailure;
    if (!known) throw error;
    complain(`icl: ${error.code}: ${error.message}`);
    return EXIT.failed;
  }
}
