import { expect } from "chai";

import { isMediaType, parseMediaType, UNKNOWN_MEDIA_TYPE } from "../../src/documents/media-type.ts";
import { Problem } from "../../src/domain/problems.ts";

describe("media type", () => {
  it("is kept as sent, parameters and all", () => {
    for (const text of [
      "application/json",
      "application/vnd.un.cefact.coo+json; version=1",
      'text/plain; charset="utf-8"; x=y',
      "image/svg+xml",
      "application/x-www-form-urlencoded",
    ]) {
      expect(parseMediaType(` ${text} `)).to.equal(text);
    }
  });

  it("is application/octet-stream where nobody said it", () => {
    expect(parseMediaType(undefined)).to.equal(UNKNOWN_MEDIA_TYPE);
    expect(parseMediaType("")).to.equal(UNKNOWN_MEDIA_TYPE);
  });

  it("is refused when malformed, too long, or a form around the document", () => {
    for (const text of [
      "pdf",
      "application/",
      "application/pdf; x",
      "a/b\r\nX-Evil: 1",
      'a/b; x="\u0000"',
      `a/${"b".repeat(199)}`,
      "multipart/form-data; boundary=x",
      "a/b, c/d",
    ]) {
      expect(() => parseMediaType(text), text)
        .to.throw(Problem)
        .with.property("code", "media-type-unsupported");
    }
  });

  it("is judged in no time, however it is written", () => {
    const started = performance.now();
    expect(isMediaType(`a/b${";a=a".repeat(49)};`)).to.equal(false);
    expect(isMediaType(`a/b;a="${"\\ ".repeat(95)}`)).to.equal(false);
    expect(performance.now() - started).to.be.lessThan(2_000);
  });
});
