import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { ethers } from "ethers";

/** Hands out ledger accounts of a development network. */
export interface Accounts {
  /**
   * Makes a new account, with funds to pay its transactions.
   *
   * @param name whose key it is, such as `customs.gov.cn-admin`; the key is kept in the file of that name
   */
  create(name: string): Promise<Account>;
}

/** A funded account and where its key lies. */
export interface Account {
  readonly signer: ethers.BaseWallet;
  readonly keyFile: string;
}

const funds = ethers.toQuantity(ethers.parseEther("1000"));

/**
 * Generates every key anew, so that none is the well-known key of a development tool.
 *
 * @param provider of a local network that gives away its currency
 * @param directory for the key files, which only their owner can read
 */
export function generatedAccounts(provider: ethers.JsonRpcProvider, directory: string): Accounts {
  return {
    async create(name) {
      await mkdir(directory, { recursive: true, mode: 0o700 });
      const keyFile = join(directory, `${name}.key`);
      const wallet = ethers.Wallet.createRandom();
      await writeFile(keyFile, `${wallet.privateKey}\n`, { mode: 0o600, flag: "wx" });
      await provider.send("hardhat_setBalance", [wallet.address, funds]);
      return { signer: wallet.connect(provider), keyFile };
    },
  };
}
