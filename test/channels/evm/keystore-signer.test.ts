import { expect } from "chai";
import { encryptKeystoreJsonSync, verifyMessage, Wallet } from "ethers";

import { judgeKeystore } from "../../../src/channels/evm/keystore-form.ts";
import { keystoreSigner } from "../../../src/channels/evm/keystore-signer.ts";
import { rejection } from "../../rejection.ts";

/** The example of the Web3 Secret Storage definition for pbkdf2, made by another program, and its key. */
const EXAMPLE_KEY = "0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";
const EXAMPLE_PBKDF2 = {
  address: new Wallet(EXAMPLE_KEY).address.slice(2).toLowerCase(),
  crypto: {
    cipher: "aes-128-ctr",
    cipherparams: { iv: "6087dab2f9fdbbfaddc31a909735c1e6" },
    ciphertext: "5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46",
    kdf: "pbkdf2",
    kdfparams: {
      c: 262144,
      dklen: 32,
      prf: "hmac-sha256",
      salt: "ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd",
    },
    mac: "517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2",
  },
  id: "3198bc9c-6672-5ab3-d995-4942343ae5b6",
  version: 3,
};

describe("a keystore", () => {
  const wallet = Wallet.createRandom();
  const password = "correct horse battery";
  const keystore = encryptKeystoreJsonSync(
    { address: wallet.address, privateKey: wallet.privateKey },
    password,
    { scrypt: { N: 4096 } },
  );
  type Form = Record<string, unknown> & {
    Crypto: Record<string, unknown> & { kdfparams: Record<string, unknown> };
  };

  function changed(change: (form: Form) => void): string {
    const form = JSON.parse(keystore) as Form;
    change(form);
    return JSON.stringify(form);
  }

  it("signs once it is opened, whoever made it", async () => {
    const signer = await keystoreSigner({ keystore, password }, "operator's");
    expect(signer.account).to.equal(wallet.address.toLowerCase());
    const payload = new TextEncoder().encode("a word");
    const signature = Buffer.from(await signer.signPayload(payload)).toString("hex");
    expect(verifyMessage(payload, `0x${signature}`)).to.equal(wallet.address);
    const example = { keystore: JSON.stringify(EXAMPLE_PBKDF2), password: "testpassword" };
    const other = await keystoreSigner(example, "operator's");
    expect(other.account).to.equal(new Wallet(EXAMPLE_KEY).address.toLowerCase());
  });

  it("does not open with another password, or when it names another account; neither is repeated", async () => {
    const other = Wallet.createRandom().address;
    const attempts = [
      { keystore, password: "hunter2 hunter2" },
      { keystore: changed((form) => (form.address = other.slice(2).toLowerCase())), password },
      { keystore: changed((form) => (form.Crypto.mac = "00".repeat(32))), password },
    ];
    for (const attempt of attempts) {
      const failure = await rejection(keystoreSigner(attempt, "operator's"));
      expect(failure).to.include({ action: "stop", code: "keystore-locked" });
      expect(`${failure.message}${failure.stack ?? ""}${String(failure.cause)}`)
        .not.to.contain("hunter2")
        .and.not.to.contain(password);
    }
  });

  const hostile: Readonly<Record<string, readonly [string, string]>> = {
    "that would take all memory": [changed(({ Crypto }) => (Crypto.kdfparams.n = 2 ** 30)), "memory or time"],
    "that would take hours": [changed(({ Crypto }) => (Crypto.kdfparams.p = 2 ** 20)), "memory or time"],
    "with a block size beyond measure": [
      changed(({ Crypto }) => (Crypto.kdfparams.r = 2 ** 24)),
      "memory or time",
    ],
    "that protects nothing": [changed(({ Crypto }) => (Crypto.kdfparams.n = 2)), "too weakly"],
    "with an n that is no power of two": [
      changed(({ Crypto }) => (Crypto.kdfparams.n = 5_000)),
      "power of two",
    ],
    "with an n in words": [changed(({ Crypto }) => (Crypto.kdfparams.n = "4096")), "no whole numbers"],
    "whose rounds would take hours": [
      changed(({ Crypto }) => {
        Crypto.kdf = "pbkdf2";
        Object.assign(Crypto.kdfparams, { prf: "hmac-sha256", c: 2 ** 40 });
      }),
      "too much time",
    ],
    "with another cipher": [changed(({ Crypto }) => (Crypto.cipher = "none")), "aes-128-ctr"],
    "with another derivation": [changed(({ Crypto }) => (Crypto.kdf = "md5")), "neither scrypt nor pbkdf2"],
    "with two sections of one name": [changed((form) => (form.crypto = form.Crypto)), "no section crypto"],
    "of another version": [changed((form) => (form.version = 1)), "version 3"],
    "that does not say whose it is": [changed((form) => delete form.address), "no address"],
    "that is no JSON": [wallet.privateKey, "not a JSON object"],
    "without end": [" ".repeat(70_000), "larger than"],
  };
  for (const [what, [text, why]] of Object.entries(hostile)) {
    it(`${what} is refused before anything is derived from it`, async () => {
      expect(judgeKeystore(keystore)).to.equal(null);
      const failure = await rejection(keystoreSigner({ keystore: text, password }, "operator's"));
      expect(failure).to.include({ action: "stop", code: "keystore-invalid" });
      expect(failure.message).to.contain(why).and.not.to.contain(wallet.privateKey.slice(2));
    });
  }
});
