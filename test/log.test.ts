import { expect } from "chai";

import { createLogger, type LogLevel } from "../src/log.ts";

describe("the log", () => {
  let lines: string[];

  beforeEach(() => {
    lines = [];
  });

  function logger(level: LogLevel = "info") {
    return createLogger({ level, write: (line) => lines.push(line), now: () => Date.UTC(2020, 5, 3) });
  }

  function written(): Record<string, unknown> {
    return JSON.parse(lines[0] ?? "null") as Record<string, unknown>;
  }

  it("writes one JSON object a line", () => {
    logger().info("message\nsent", { messageId: "0x12", count: 3, big: 7n });
    expect(lines).to.have.length(1);
    expect(lines[0]).to.match(/^[^\n]*\n$/);
    expect(written()).to.deep.equal({
      time: "2020-06-03T00:00:00.000Z",
      level: "info",
      message: "message\nsent",
      messageId: "0x12",
      count: 3,
      big: "7",
    });
  });

  it("leaves out what is less grave than its level", () => {
    const log = logger("warn");
    log.debug("a");
    log.info("b");
    log.warn("c");
    log.error("d");
    expect(lines.map((line) => (JSON.parse(line) as { level: string }).level)).to.deep.equal([
      "warn",
      "error",
    ]);
  });

  it("hands the fields of a parent down", () => {
    logger().child({ requestId: "r1" }).child({ channel: "c1" }).info("x", { channel: "c2" });
    expect(written()).to.include({ requestId: "r1", channel: "c2" });
  });

  it("writes errors with their cause", () => {
    logger().error("failed", { error: new Error("outer", { cause: new Error("inner") }) });
    expect(written().error).to.deep.include({ name: "Error", message: "outer" });
    expect(lines.join("")).to.contain("inner");
  });

  it("writes no credential, by name or by form, however deep", () => {
    const error = new Error("connect postgres://icl:hunter2@db/icl failed for Bearer eyJhbGciOi.eyJpc3.c2ln");
    logger().error("ICL eyJpc3MiOi.c2lnbmF0dXJl was refused", {
      authorization: "hunter2",
      headers: { Cookie: "x", cookie: "hunter2" },
      nodeKey: "hunter2",
      list: [{ password: "hunter2", privateKey: "hunter2", token: "hunter2" }],
      error,
    });
    expect(lines.join("")).not.to.match(/hunter2|eyJ|c2ln/);
    expect(lines.join("")).to.contain("postgres://icl:[redacted]@db/icl");
  });

  it("survives what refers to itself, and cuts what is endless", () => {
    const circle: Record<string, unknown> = { text: "a".repeat(100_000) };
    circle.self = circle;
    logger().info("x", { circle });
    expect(lines.join("").length).to.be.lessThan(40_000);
  });
});
