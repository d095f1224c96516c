import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { expect } from "chai";

import { openField, type Field } from "../../scripts/bench/field.ts";
import { soak } from "../../scripts/soak/soak.ts";

/** The ten minutes of `npm run soak` in short: warming up is a large part of it, so the bound is wide. */
describe("a node at the highest rate that it accepts", () => {
  let field: Field;
  let directory: string;

  before(async function () {
    this.timeout(120_000);
    directory = await mkdtemp(join(tmpdir(), "icl-soak-"));
    field = await openField(() => ({ technology: "sqlite", file: join(directory, "node.db") }), {
      limits: { waitingMessages: 300 },
      mute: true,
    });
  });

  after(async function () {
    this.timeout(60_000);
    await field.close();
    await rm(directory, { recursive: true, force: true });
  });

  it("pushes back, needs no more memory in the end than midway, and loses nothing", async function () {
    this.timeout(600_000);
    const lines: string[] = [];
    const { accepted, pushedBack, lost, rss, heap } = await soak(field, {
      ...{ seconds: 30, everySeconds: 1, bound: 0.5 },
      say: (line) => lines.push(line),
    });
    const log = lines.join("\n");
    expect(accepted, log).to.be.greaterThan(100);
    expect(pushedBack, log).to.be.greaterThan(0);
    expect(lost, log).to.deep.equal([]);
    expect(rss.growth, log).to.be.at.most(0.5);
    expect(heap.growth, log).to.be.at.most(0.5);
  });
});
