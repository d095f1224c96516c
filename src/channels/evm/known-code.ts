import { getBytes, keccak256 } from "ethers";

/** The code of a channel contract, whatever terms it was created with. */
interface KnownCode {
  /** The package's version that the contract came with. */
  readonly release: string;
  /** Bytes. */
  readonly length: number;
  /** Where the terms stand in it, 32 bytes each (the compiler's `immutableReferences`). */
  readonly terms: readonly number[];
  /** Keccak-256 of the code with zeros in these places. */
  readonly hash: string;
}

const TERM_BYTES = 32;

/**
 * The channel contracts that this release knows, the latest first. `test/channels/evm/known-code.test.ts` compares the
 * first with the compiler's output, and says what to write here when the contract has changed; an older entry stays for
 * as long as its channels are used.
 */
export const knownCodes: readonly KnownCode[] = [
  {
    release: "0.1.0",
    length: 22256,
    terms: [
      1555, 4865, 6256, 7248, 7292, 7746, 9528, 9810, 9877, 16431, 16664, 17027, 18277, 18310, 18728, 18781,
      18835, 18960, 21745, 21799, 21878, 21916, 21982,
    ],
    hash: "0x02bc7144547ba65130b8f16706c1ad42baa7acc32f5071fa40a26574b36bebb8",
  },
];

/** Keccak-256 of a contract's code with zeros where its terms stand. */
export function hashWithoutTerms(code: string, terms: readonly number[]): string {
  const bytes = getBytes(code);
  for (const place of terms) bytes.fill(0, place, place + TERM_BYTES);
  return keccak256(bytes);
}

/**
 * Whether code on a ledger is that of a channel contract of this release or an earlier one: byte for byte, but for the
 * terms with which the channel was created.
 *
 * @param code as the ledger's client gives it, `0x` and hexadecimal
 */
export function isKnownCode(code: string): boolean {
  const length = (code.length - 2) / 2;
  return knownCodes.some(
    (known) => known.length === length && hashWithoutTerms(code, known.terms) === known.hash,
  );
}
