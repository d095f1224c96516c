import type { MessageId } from "../../src/domain/message.ts";
import { parseMultihash } from "../../src/domain/multihash.ts";
import type { PrintedSeal } from "../../src/paper/print-certificate.ts";
import { formatVerifierLink } from "../../src/paper/verifier-link.ts";

const BASE45 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
const messageId: MessageId = `0x${"5a".repeat(32)}`;
const multihash = parseMultihash("QmQtYtUS7K1AdKjbuMsmPmPGDLaKL38M5HYwqxW9RKW49n");
const accessKey = Uint8Array.from({ length: 32 }, (_byte, place) => (place * 37) % 256);

/**
 * A seal of the size of the largest, with texts that no key has signed: what a seal says is tested where it is made. Here it is what
 * a paper carries.
 */
export const standInSeal: PrintedSeal = {
  ...{ multihash, messageId },
  link: formatVerifierLink("https://icl.homeaffairs.gov.au", { multihash, messageId, accessKey }),
  offline: `ICL1:${Array.from({ length: 694 }, (_letter, place) => BASE45[(place * place * 7 + place * 3) % 45]).join("")}`,
  status: "issued",
  statusAsOf: Date.UTC(2026, 3, 2, 10, 30),
};
