import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";

import { tlsPin } from "../identity/tls-pin.ts";
import { textOf, UsageError, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { say } from "./terminal.ts";

function printPin(values: Values): Promise<Exit> {
  const file = textOf(values, "certificate");
  if (file === null) throw new UsageError("--certificate takes the file of a certificate in PEM");
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(readFileSync(file));
  } catch (cause) {
    throw new UsageError(`${file} is no file with a certificate in PEM`, { cause });
  }
  say(tlsPin(certificate));
  return Promise.resolve(EXIT.done);
}

/** `icl tls-pin`: the account that a certificate's key is appointed by. */
export const tlsPinCommand: Command = {
  summary: "tell the account by which a TLS key is appointed on the ledger",
  help: `Usage: icl tls-pin --certificate <file>

Writes the pin of a certificate's key: the account that the participant's admin appoints on each channel as a key of its
node (channel:appoint-node), so that other nodes believe the certificate, and dismisses when the key is to count no more. A
certificate renewed with the same key has the same pin. Nothing is asked and nothing is sent.

      --certificate <file>  the certificate in PEM; of several, the first

Example: icl tls-pin --certificate /etc/icl/peer.pem`,
  options: { certificate: { type: "string" } },
  run: printPin,
};
