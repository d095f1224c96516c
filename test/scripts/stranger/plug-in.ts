/** What the author of a ledger plug-in uses of the package: compiled, then run. */
import { ChannelFailure, type Channel, type LedgerPage } from "inter-customs-ledger/channel";
import { messageId, parseMessage } from "inter-customs-ledger/domain/message";
import { refusal } from "inter-customs-ledger/refusals";

/** A ledger on which nothing ever happens. */
export class SilentLedger implements Pick<Channel, "read" | "progress"> {
  read(cursor: string | null): Promise<LedgerPage> {
    return Promise.resolve({
      retractAbove: null,
      events: [],
      followed: 0,
      final: 0,
      head: 0,
      cursor: cursor ?? "",
    });
  }

  progress(key: string) {
    if (key === "") throw new ChannelFailure("retry", "ledger-unreachable", "There is no ledger.");
    return Promise.resolve({ state: "absent" } as const);
  }
}

// @ts-expect-error: the types of the package are real, so a cursor is no number
void new SilentLedger().read(3);

const message = parseMessage({
  sender: "homeaffairs.gov.au",
  receiver: "customs.gov.cn",
  subject: "urn:uuid:5b1f7f0e-6d9c-4b52-9d0a-3a1f4f3c2b1a",
  predicate: "certificate.created",
  obj: "QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n",
});
process.stdout.write(`${messageId(message)} ${refusal("BatchUnknown").nature}\n`);
