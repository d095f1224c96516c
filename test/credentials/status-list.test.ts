import { gzipSync } from "node:zlib";

import {
  checkStatus,
  createList,
  decodeList as decodeIndependently,
} from "@digitalbazaar/vc-bitstring-status-list";
import { expect } from "chai";

import { CredentialFault } from "../../src/credentials/credential-fault.ts";
import {
  decodeList,
  emptyList,
  encodeList,
  ENTRIES,
  isSet,
  setEntry,
  statusListCredential,
  statusMember,
} from "../../src/credentials/status-list.ts";
import { certificatePayload, LISTS } from "./fixtures.ts";

const isRefused = (encoded: unknown) => {
  expect(() => decodeList(encoded))
    .to.throw(CredentialFault)
    .with.property("code", "status-list-refused");
};

const places = [0, 1, 7, 8, 63, 64, 4_095, 94_567, ENTRIES - 1];

describe("a bitstring status list", () => {
  it("says the same to another implementation", async () => {
    const list = emptyList();
    for (const place of places) setEntry(list, place);
    const other = await decodeIndependently({ encodedList: encodeList(list) });
    expect(other.length).to.equal(ENTRIES);
    const set = Array.from({ length: ENTRIES }, (_, place) => place).filter((place) =>
      other.getStatus(place),
    );
    expect(set).to.deep.equal(places);
  });

  it("by another implementation says the same here", async () => {
    const other = await createList({ length: ENTRIES });
    for (const place of places) other.setStatus(place, true);
    const list = decodeList(await other.encode());
    const set = Array.from({ length: ENTRIES }, (_, place) => place).filter((place) => isSet(list, place));
    expect(set).to.deep.equal(places);
  });

  it("lets another implementation find out that a credential is revoked", async () => {
    const list = emptyList();
    setEntry(list, 94_567);
    const url = `${LISTS}/1`;
    const issuer = "did:web:homeaffairs.gov.au";
    const document = statusListCredential({
      url,
      issuer,
      list,
      from: Date.now(),
      until: Date.now() + 60_000,
    });
    const documentLoader = () => Promise.resolve({ documentUrl: url, document, contextUrl: null });
    const statusOf = async (index: number) => {
      const credentialStatus = statusMember({ purpose: "revocation", index, list: url });
      const { verified, results, error } = await checkStatus({
        credential: certificatePayload(issuer, { credentialStatus }),
        documentLoader,
        verifyBitstringStatusListCredential: false,
      });
      return error?.message ?? [verified, results?.map(({ status }) => status)];
    };
    expect(await statusOf(94_567)).to.deep.equal([true, [true]]);
    expect(await statusOf(94_566)).to.deep.equal([true, [false]]);
  });

  it("is refused where it is not packed as agreed, or is cut off", () => {
    const good = encodeList(emptyList());
    const plain = gzipSync(emptyList());
    for (const encoded of [
      undefined,
      "",
      "u",
      good.slice(1),
      `z${good.slice(1)}`,
      `u${plain.toString("base64")}+`,
    ]) {
      isRefused(encoded);
    }
    isRefused(good.slice(0, -8));
    isRefused(`u${Buffer.from("no gzip at all").toString("base64url")}`);
  });

  it("is refused where it unpacks to more than a megabyte, or has fewer entries than 131,072", () => {
    isRefused(encodeList(new Uint8Array(1024 * 1024 + 1)));
    expect(decodeList(encodeList(new Uint8Array(1024 * 1024)))).to.have.length(1024 * 1024);
    isRefused(encodeList(new Uint8Array(ENTRIES / 8 - 1)));
  });

  it("has no entry beyond its end, and none before its beginning", () => {
    const list = emptyList();
    for (const index of [-1, ENTRIES, 0.5, Number.NaN]) {
      expect(() => isSet(list, index)).to.throw(CredentialFault);
      expect(() => {
        setEntry(list, index);
      }).to.throw(RangeError);
    }
  });
});
