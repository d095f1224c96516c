import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";

import { readSecret } from "../secret.ts";
import { textOf, UsageError, type Command, type Values } from "./command.ts";
import { EXIT, type Exit } from "./exit.ts";
import { orSentence } from "./offline.ts";
import { complain, say } from "./terminal.ts";

const SHORTEST_PASSWORD = 12;
const MOST_BYTES = 64 * 1024;
/** Readable by its owner alone, and never in place of another file. */
const OWN_FILE = { mode: 0o600, flag: "wx" } as const;

function optionOf(values: Values, name: string): string {
  const value = textOf(values, name);
  if (value === null || value === "") throw new UsageError(`--${name} is missing`);
  return value;
}

/** The password in a file; where there is no such file, one is made that nobody has to remember. */
function passwordIn(file: string): string {
  if (!existsSync(file)) {
    writeFileSync(file, `${randomBytes(32).toString("base64url")}\n`, OWN_FILE);
    complain(`A password was made, in ${file}: keep it apart from the keystore, and back up both.`);
  }
  const password = readSecret({ file });
  if (password.length < SHORTEST_PASSWORD)
    throw new UsageError(`${file} holds a password of less than ${SHORTEST_PASSWORD} characters`);
  return password;
}

/** @throws UsageError where the file is not there, or too large to be what it should be */
function smallFile(file: string): string {
  try {
    // What is no file, such as a pipe, has no size that could be looked at.
    if (statSync(file).size <= MOST_BYTES) return readFileSync(file, "utf8");
  } catch {
    throw new UsageError(`${file} cannot be read`);
  }
  throw new UsageError(`${file} is larger than ${MOST_BYTES} bytes`);
}

function make(values: Values, key: () => string | null): Promise<Exit> {
  const out = optionOf(values, "out");
  const passwordFile = optionOf(values, "password-file");
  if (existsSync(out)) throw new UsageError(`${out} is there already; name another file`);
  return orSentence(async () => {
    // Loaded only here: most commands do without a ledger.
    const { makeKeystore } = await import("../channels/evm/make-keystore.ts");
    const { keystore, account } = await makeKeystore(key(), passwordIn(passwordFile));
    writeFileSync(out, `${keystore}\n`, OWN_FILE);
    say(account);
    return EXIT.done;
  });
}

async function address(values: Values): Promise<Exit> {
  const keystore = smallFile(optionOf(values, "keystore"));
  const passwordFile = textOf(values, "password-file");
  return orSentence(async () => {
    const { keystoreAddress } = await import("../channels/evm/keystore-form.ts");
    const { keystoreSigner } = await import("../channels/evm/keystore-signer.ts");
    const account =
      passwordFile === null
        ? keystoreAddress(keystore)
        : (await keystoreSigner({ keystore, password: readSecret({ file: passwordFile }) }, "named")).account;
    if (account === null) {
      complain("icl: keystore-invalid: The file is no keystore that names its account.");
      return EXIT.failed;
    }
    say(account);
    return EXIT.done;
  });
}

const fileOptions = { out: { type: "string", short: "o" }, "password-file": { type: "string" } } as const;
const FILE_HELP = `  -o, --out <file>             the keystore to be written, readable by you alone; never over another file
      --password-file <file>   holds its password; where there is no such file, one is made`;

/** `icl key new`: makes a ledger key that nobody has seen. */
export const newKeyCommand: Command = {
  summary: "make a ledger key, in an encrypted keystore",
  help: `Usage: icl key new --out <file> --password-file <file>

Makes a key, encrypts it (Web3 Secret Storage, version 3), and prints the account, which an admin then appoints. The key itself
is never shown or stored.

${FILE_HELP}

Example: icl key new --out /etc/icl/operator.json --password-file /etc/icl/operator.password`,
  options: fileOptions,
  run: (values) => make(values, () => null),
};

/** `icl key import`: encrypts a ledger key that lies in a file as it is. */
export const importKeyCommand: Command = {
  summary: "encrypt a ledger key that lies in a file as it is",
  help: `Usage: icl key import --from <file> --out <file> --password-file <file>

Encrypts a key of 32 bytes in hexadecimal, and prints its account. What it was read from is left alone: delete it afterwards,
or better, make a new key, since what once lay open may have been read.

      --from <file>            holds the key; - for standard input
${FILE_HELP}

Example: icl key import --from operator.key --out /etc/icl/operator.json --password-file /etc/icl/operator.password`,
  options: { ...fileOptions, from: { type: "string" } },
  run: (values) => {
    const from = optionOf(values, "from");
    return make(values, () => (from === "-" ? readFileSync(0, "utf8") : smallFile(from)).trim());
  },
};

/** `icl key address`: whose key a keystore holds. */
export const keyAddressCommand: Command = {
  summary: "print the account of a keystore",
  help: `Usage: icl key address --keystore <file> [--password-file <file>]

Prints the account that a keystore says it is of; with the password, opens it, and so makes sure.

      --keystore <file>        as icl key new or another tool wrote it
      --password-file <file>   holds its password

Example: icl key address --keystore /etc/icl/operator.json --password-file /etc/icl/operator.password`,
  options: { keystore: { type: "string" }, "password-file": { type: "string" } },
  run: address,
};
