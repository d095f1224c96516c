import { expect } from "chai";

import type { HttpServer } from "../../src/http/server.ts";
import { subjectsRouter } from "../../src/http/subjects-router.ts";
import { loadDocumentTypes } from "../../src/semantics/document-types.ts";
import { keyedSubject } from "../../src/semantics/private-subject.ts";
import { Subjects } from "../../src/semantics/subjects.ts";
import { problemOf, serve } from "./test-app.ts";
import { authenticateAs, node, user } from "./test-callers.ts";

const secret = "a secret of more than 32 characters";
const COO = "preferential-certificate-of-origin";

describe("POST /subjects/private", () => {
  let server: HttpServer;

  beforeEach(async () => {
    const subjects = new Subjects(loadDocumentTypes(), {}, secret);
    const callers = {
      clerk: user("clerk", "messages:write"),
      reader: user("reader", "messages:read"),
      cn: node("customs.gov.cn"),
    };
    server = await serve(authenticateAs(callers), [subjectsRouter(subjects)]);
  });

  afterEach(() => server.close(0));

  const ask = (caller: string, body: unknown) =>
    fetch(`${server.url}/subjects/private`, {
      method: "POST",
      headers: { authorization: `Bearer ${caller}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  const refusal = async (caller: string, body: unknown) => (await problemOf(await ask(caller, body))).code;

  it("gives a keyed subject, the same each time, or a random one where the type's rule says so", async () => {
    const asked = { type: COO, number: "WBC208897" };
    const answer = await ask("clerk", asked);
    expect(answer.status).to.equal(200);
    const body = await answer.json();
    expect(body).to.deep.equal({ subject: keyedSubject(secret, COO, "WBC208897"), rule: "hmac" });
    expect(await (await ask("clerk", asked)).json()).to.deep.equal(body);
    const random = await (await ask("clerk", { type: "non-manipulation-certificate", number: "1" })).json();
    expect(random).to.include({ rule: "uuid" });
  });

  it("is for those who send: neither for readers nor for other nodes", async () => {
    const asked = { type: COO, number: "WBC208897" };
    expect(await refusal("reader", asked)).to.equal("not-allowed");
    expect(await refusal("cn", asked)).to.equal("not-allowed");
    expect(await refusal("nobody", asked)).to.equal("token-missing");
  });

  it("refuses what is not as documented", async () => {
    for (const body of [
      {},
      { type: COO },
      { type: COO, number: 1 },
      { type: COO, number: "1", sender: "x" },
    ]) {
      expect(await refusal("clerk", body), JSON.stringify(body)).to.equal("malformed-request");
    }
    expect(await refusal("clerk", { type: COO, number: "1".repeat(71) })).to.equal("malformed-request");
    expect(await refusal("clerk", { type: COO, number: " 1" })).to.equal("malformed-request");
    expect(await refusal("clerk", { type: "certificate", number: "1" })).to.equal("document-type-unknown");
  });
});
