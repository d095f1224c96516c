import { expect } from "chai";
import { AbiCoder, concat, id, type ErrorFragment } from "ethers";

import { decodeRefusal } from "../../../src/channels/evm/decode-refusal.ts";
import { channelInterface } from "../../../src/channels/evm/contract-events.ts";
import { RpcError } from "../../../src/channels/evm/rpc.ts";
import { isRefusalCode } from "../../../src/channels/refusals.ts";

function decode(data: string | null, errorCode = 3, time = 1_000) {
  return decodeRefusal(
    new RpcError("eth_call", errorCode, "execution reverted: CertificateExpired", data),
    time,
  );
}

describe("Decoding what an EVM refuses with", () => {
  it("goes by the custom error, never by the client's words", () => {
    const data = channelInterface.encodeErrorResult("CertificateUnknown", [id("a"), id("b"), id("c")]);
    expect(decode(data)).to.deep.include({ code: "CertificateUnknown", nature: "dependent" });
  });

  it("tells a validity that has yet to begin from one that has ended", () => {
    const data = channelInterface.encodeErrorResult("ChannelOutsideValidity", [2_000, 3_000]);
    expect(decode(data, 3, 1_000)).to.include({ nature: "dependent" });
    expect(decode(data, 3, 4_000)).to.include({ nature: "permanent" });
  });

  it("takes every other error for a hook's, and repeats it only in printable form", () => {
    expect(decode("0xdeadbeef")?.code).to.equal("MessageHookRefused");
    expect(decode("0xdeadbeef")?.detail).to.include("0xdeadbeef");
    const reason = `quota\n${"x".repeat(500)}`;
    const text = concat([
      id("Error(string)").slice(0, 10),
      AbiCoder.defaultAbiCoder().encode(["string"], [reason]),
    ]);
    const refused = decode(text);
    expect(refused?.code).to.equal("MessageHookRefused");
    expect(refused?.detail)
      .to.match(/^[\x20-\x7e]{1,300}$/)
      .and.include("quota?");
  });

  it("is no refusal when the client fails otherwise", () => {
    expect(decode(null, -32_000)).to.equal(null);
  });

  it("knows a revert without data, and data that does not fit its error", () => {
    expect(decode(null, 3)?.code).to.equal("TransactionReverted");
    expect(decode("0x", -32_000)?.code).to.equal("TransactionReverted");
    const broken = `${id("CertificateUnknown(bytes32,bytes32,bytes32)").slice(0, 10)}00`;
    expect(decode(broken)?.code).to.equal("MessageHookRefused");
  });

  it("says of every error that a batch meets whether trying again may help", () => {
    const natures = channelInterface.fragments
      .filter((fragment): fragment is ErrorFragment => fragment.type === "error")
      .filter(({ name }) => /^(Batch|Settlement)/.test(name))
      .map((fragment) => {
        const args = fragment.inputs.map(({ type }) => (type === "bytes32" ? id("x") : 1));
        const refused = decode(channelInterface.encodeErrorResult(fragment, args));
        return [fragment.name, refused?.code === fragment.name ? refused.nature : "not known"];
      });
    const permanent = [
      "BatchAlreadyAnchored",
      "BatchMismatch",
      "BatchNotBatchable",
      "BatchCountInvalid",
      "BatchIndexOutOfRange",
      "BatchNotIssuing",
      "SettlementInvalid",
      "SettlementEmpty",
    ];
    expect(Object.fromEntries(natures)).to.deep.equal({
      ...Object.fromEntries(permanent.map((name) => [name, "permanent"])),
      BatchUnknown: "dependent", // its anchor may still come
      BatchProofInvalid: "not known", // of a view that nodes do not ask
    });
  });

  it("knows every error that a message can meet in the contract", () => {
    const ofMessages =
      /^(Channel(NotActive|OutsideValidity|PredecessorActive)|ParticipantNotActive|OperatorUnauthorized|Message(?!Type(Already|Invalid))|Certificate(?!IssuerNotSuspended))/;
    const missing = channelInterface.fragments
      .filter((fragment): fragment is ErrorFragment => fragment.type === "error")
      .map(({ name }) => name)
      .filter((name) => ofMessages.test(name) && !isRefusalCode(name));
    expect(missing).to.deep.equal([]);
  });
});
