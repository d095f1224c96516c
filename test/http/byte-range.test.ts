import { expect } from "chai";

import { parseByteRange } from "../../src/http/byte-range.ts";

describe("Range header", () => {
  const size = 100;

  it("names one range of bytes, cut to the whole", () => {
    expect(parseByteRange("bytes=0-0", size)).to.deep.equal({ start: 0, end: 0 });
    expect(parseByteRange("bytes=99-", size)).to.deep.equal({ start: 99, end: 99 });
    expect(parseByteRange("bytes=50-999", size)).to.deep.equal({ start: 50, end: 99 });
    expect(parseByteRange("bytes=-1", size)).to.deep.equal({ start: 99, end: 99 });
    expect(parseByteRange(" bytes=-999 ", size)).to.deep.equal({ start: 0, end: 99 });
  });

  it("is unsatisfiable outside the whole", () => {
    for (const header of ["bytes=100-", "bytes=100-200", "bytes=-0"]) {
      expect(parseByteRange(header, size), header).to.equal("unsatisfiable");
    }
  });

  it("is ignored where it is absent, malformed or names several", () => {
    const others = [
      "",
      "bytes=",
      "bytes=-",
      "bytes=2-1",
      "bytes=a-b",
      "items=0-1",
      "bytes=0-1,3-4",
      "bytes=1e3-",
    ];
    for (const header of [undefined, ...others, `bytes=${"9".repeat(400)}-`]) {
      expect(parseByteRange(header, size), header).to.equal(null);
    }
  });
});
