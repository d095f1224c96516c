import { readOfflineSeal } from "../../src/paper/offline-seal.ts";
import { multihashOf } from "../../src/domain/multihash.ts";
import { check, present, refuse } from "./check.ts";
import { ownAddress } from "./own-address.ts";
import { nothing, presentedCode, presentedFile, type Presented } from "./presented.ts";
import { readCode } from "./read-code.ts";
import { codesInPicture } from "./picture.ts";

/** Bytes of the largest file that is hashed here: a browser holds it whole in memory. */
export const LARGEST_FILE = 256 * 1024 * 1024;
const LARGEST_PICTURE = 64 * 1024 * 1024;
const LONGEST_TEXT = 2_000;
const LINK_IN_PDF = /https?:\/\/[^\s()<>]{1,300}\/verify#1\.[\w.-]{60,380}/;

/** Counts what is shown, so that a file that took longer to read does not come over what was shown after it. */
let shown = 0;

/** Checks what a code says that was scanned, pasted, or stood in the address. */
export function showCode(text: string): void {
  shown += 1;
  const presented = presentedIn(text);
  if (presented === null) refuse("unreadable");
  else present(presented);
}

/** Checks the first of several codes in one picture that says most: the link before the offline seal. */
export function showCodes(texts: readonly string[]): void {
  shown += 1;
  const read = texts.map(presentedIn).filter((each) => each !== null);
  const link = read.find(({ seal }) => seal === null);
  const seal = read.find((each) => each.seal !== null);
  if (link !== undefined && link.multihash === seal?.multihash) {
    present({ ...link, seal: seal.seal });
    return;
  }
  const chosen = link ?? seal;
  if (chosen === undefined) refuse("unreadable");
  else present(chosen);
}

/**
 * Checks a file: one that is a picture of a code by what the code says, any other as the document itself.
 *
 * @param beside what the file belongs to: the code that was presented before it
 */
export async function showFile(file: File, beside: Presented | null = null): Promise<void> {
  shown += 1;
  if (file.size > LARGEST_FILE) {
    refuse("too-large");
    return;
  }
  const [own, before] = [shown, presentedNow()];
  const isNewest = () => shown === own && presentedNow() === before;
  try {
    const codes = beside === null ? await codesIn(file) : [];
    const multihash = codes.length > 0 ? null : await multihashIn(await file.arrayBuffer());
    if (!isNewest()) return;
    if (multihash === null) showCodes(codes);
    else present(presentedFile({ blob: file, name: file.name, multihash }, beside));
  } catch {
    // A folder, or a file that was moved, changed or on a medium that is gone.
    if (isNewest()) refuse("file-unreadable");
  }
}

/**
 * Where a file of which no ledger knows is the print of a certificate as PDF: checks the link that stands in it, which is
 * that of the code printed on it.
 */
export async function showPrint(file: Blob): Promise<void> {
  const own = presentedNow();
  const link = await linkInPdf(file);
  const presented = link === null ? null : presentedIn(link);
  if (presented !== null && presentedNow() === own) present({ ...presented, isPrint: true });
}

/** Null where there is none. */
async function linkInPdf(blob: Blob): Promise<string | null> {
  if (blob.size > LARGEST_PICTURE) return null;
  const text = new TextDecoder("latin1").decode(await blob.arrayBuffer());
  return text.startsWith("%PDF-") ? (LINK_IN_PDF.exec(text)?.[0] ?? null) : null;
}

async function codesIn(file: File): Promise<readonly string[]> {
  if (file.type.startsWith("image/") && file.size <= LARGEST_PICTURE) return codesInPicture(file);
  if (file.size > LONGEST_TEXT || file.size === 0) return [];
  const text = await file.text();
  return presentedIn(text) === null ? [] : [text];
}

function presentedIn(text: string): Presented | null {
  try {
    const code = readCode(text, ownAddress());
    if (code.kind === "reference") return presentedCode(code);
    const { multihash, messageId } = readOfflineSeal(code.text).facts;
    return { ...nothing, multihash, messageId, seal: code.text };
  } catch {
    return null; // no code of a certificate
  }
}

async function multihashIn(bytes: ArrayBuffer): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return multihashOf([...digest].map((byte) => byte.toString(16).padStart(2, "0")).join(""));
}

/**
 * Checks what stands in the page's address, and takes it out of there: neither history nor a look at the screen gives the
 * key away. What an address holds that is opened later, in the same page, is checked likewise.
 */
export function readAddress(): void {
  const fragment = location.hash.slice(1);
  if (fragment === "" || fragment === "content") return;
  history.replaceState(null, "", location.pathname + location.search);
  showCode(fragment);
}

/** What was presented in the check of the moment; null where nothing was. */
export function presentedNow(): Presented | null {
  return "presented" in check.value ? check.value.presented : null;
}
