import { expect } from "chai";

import { asMessageStatus, predecessorsOf } from "../../src/messages/journal.ts";

describe("the status journal's order", () => {
  const statuses = ["pending", "bundled", "sent", "delivered", "failed", "withdrawn"] as const;
  const incoming = ["received", "fetching", "available", "fetch-failed"] as const;

  it("never leaves delivered nor available", () => {
    for (const status of [...statuses, ...incoming]) {
      expect(predecessorsOf(status)).not.to.include("delivered").and.not.to.include("available");
    }
  });

  it("delivers only what was in a block, and withdraws only what waits", () => {
    expect(predecessorsOf("delivered")).to.deep.equal(["sent"]);
    expect(predecessorsOf("withdrawn")).to.deep.equal(["pending"]);
  });

  it("goes back from a block or a bundle only to pending, and opens attempts only after failed or withdrawn", () => {
    expect(predecessorsOf("pending")).to.have.members(["bundled", "sent", "failed", "withdrawn"]);
    expect(predecessorsOf("failed")).not.to.include("sent");
  });

  it("keeps the sender's way and the receiver's apart", () => {
    for (const status of statuses) {
      for (const other of incoming) {
        expect(predecessorsOf(status)).not.to.include(other);
        expect(predecessorsOf(other)).not.to.include(status);
      }
    }
  });

  it("tries a failed fetch again", () => {
    expect(predecessorsOf("fetching")).to.have.members(["received", "fetch-failed"]);
  });

  it("knows its words, and no others", () => {
    for (const status of [...statuses, ...incoming]) expect(asMessageStatus(status)).to.equal(status);
    for (const text of ["", "Delivered", "toString", "__proto__"])
      expect(asMessageStatus(text)).to.equal(null);
  });
});
