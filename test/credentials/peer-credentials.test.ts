import { expect } from "chai";

import { CredentialFault } from "../../src/credentials/credential-fault.ts";
import { PeerCredentials } from "../../src/credentials/peer-credentials.ts";
import { AddressGuard } from "../../src/identity/address-guard.ts";
import { startPeer, type Peer } from "../documents/peer.ts";
import { au } from "../identity/fixtures.ts";

const did = "did:web:chamber.com.au:branch";

describe("what other agencies' nodes publish of their issuers", () => {
  let peer: Peer;
  let elsewhere: Peer;
  let answer: (path: string) => {
    readonly status?: number;
    readonly body?: string;
    readonly location?: string;
  };
  let now: number;

  beforeEach(async () => {
    now = Date.now();
    answer = () => ({ body: JSON.stringify({ items: ["e30.e30.AA"] }) });
    peer = await startPeer((request, response) => {
      const { status = 200, body = "", location } = answer(request.url ?? "");
      response.writeHead(status, location === undefined ? {} : { location });
      response.end(body);
    });
    elsewhere = await startPeer((_request, response) => {
      response.end("secret");
    });
  });

  afterEach(async () => {
    await peer.close();
    await elsewhere.close();
  });

  const credentials = (
    otherwise: {
      readonly statusLists?: readonly string[];
      readonly endpoint?: string | null;
      readonly isPublicOnly?: boolean;
    } = {},
  ) => {
    const open = otherwise.isPublicOnly !== true;
    return new PeerCredentials({
      guard: new AddressGuard({ allowPrivateAddresses: open, allowHttp: true }),
      endpointOf: () =>
        Promise.resolve(otherwise.endpoint === undefined ? `${peer.url}/icl` : otherwise.endpoint),
      statusLists: otherwise.statusLists ?? [],
      now: () => now,
    });
  };
  const faultOf = async (work: Promise<unknown>) => {
    const error: unknown = await work.catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(CredentialFault);
    const { kind, code } = error as CredentialFault;
    return `${kind} ${code}`;
  };

  it("are anchors, asked for by the DID at the node that the ledger names, without a token", async () => {
    expect(await credentials().findAnchors("c")(au, did)).to.deep.equal(["e30.e30.AA"]);
    expect(peer.asked).to.deep.equal([`/icl/credentials/anchors/${encodeURIComponent(did)}`]);
  });

  it("are asked for once in half a minute, however many certificates there are", async () => {
    const peers = credentials();
    await Promise.all(Array.from({ length: 50 }, () => peers.findAnchors("c")(au, did)));
    expect(peer.asked).to.have.length(1);
    now += 31_000;
    await peers.findAnchors("c")(au, did);
    expect(peer.asked).to.have.length(2);
  });

  it("are out of reach, and no reason to refuse, where the node errs, lies about its form, or has no address", async () => {
    answer = () => ({ status: 503 });
    expect(await faultOf(credentials().findAnchors("c")(au, did))).to.equal("unreachable anchor-unreachable");
    for (const body of ["", "[]", '{"items":[1]}', "<html>"]) {
      answer = () => ({ body });
      expect(await faultOf(credentials().findAnchors("c")(au, did)), body).to.equal(
        "unreachable anchor-unreachable",
      );
    }
    expect(await faultOf(credentials({ endpoint: null }).findAnchors("c")(au, did))).to.equal(
      "unreachable anchor-unreachable",
    );
  });

  it("are not followed where the node points elsewhere", async () => {
    answer = () => ({ status: 302, location: elsewhere.url });
    expect(
      await faultOf(credentials().fetchStatusList("c")(au, `${peer.url}/icl/credentials/status/1`)),
    ).to.equal("unreachable status-list-unreachable");
    expect(elsewhere.asked).to.deep.equal([]);
  });

  it("are not read beyond what is ever needed", async () => {
    answer = () => ({ body: "x".repeat(4 * 1024 * 1024) });
    expect(
      await faultOf(credentials().fetchStatusList("c")(au, `${peer.url}/icl/credentials/status/1`)),
    ).to.equal("unreachable status-list-unreachable");
  });

  it("are not asked for at an address inside this node's network, unless that is agreed on", async () => {
    const closed = credentials({ isPublicOnly: true });
    expect(await faultOf(closed.findAnchors("c")(au, did))).to.equal("unreachable anchor-unreachable");
    expect(peer.asked).to.deep.equal([]);
  });

  it("are status lists of the sender's own node, or of where the operator agreed, and of no other address", async () => {
    answer = () => ({ body: "list" });
    const peers = credentials();
    expect(await peers.fetchStatusList("c")(au, `${peer.url}/icl/credentials/status/1`)).to.equal("list");
    for (const url of [
      `${elsewhere.url}/icl/credentials/status/1`,
      `${peer.url}/icl/credentials/statusx/1`,
      `${peer.url}/icl/credentials/status/../../admin`,
      `${peer.url}/icl/credentials/status/1?to=${elsewhere.url}`,
      `${peer.url.replace("127.0.0.1", "user@127.0.0.1")}/icl/credentials/status/1`,
      `${peer.url}@${elsewhere.url.slice(7)}/icl/credentials/status/1`,
      `http://${au}/lists/1`,
      "file:///etc/passwd",
      "no url",
    ]) {
      expect(await faultOf(peers.fetchStatusList("c")(au, url)), url).to.equal("invalid status-list-refused");
    }
    expect(elsewhere.asked).to.deep.equal([]);
    expect(peer.asked).to.deep.equal(["/icl/credentials/status/1"]);
    const agreed = credentials({ statusLists: [`${elsewhere.url}/lists/`] });
    expect(await agreed.fetchStatusList("c")(au, `${elsewhere.url}/lists/7`)).to.equal("secret");
    expect(await faultOf(agreed.fetchStatusList("c")(au, `${elsewhere.url}/list`))).to.equal(
      "invalid status-list-refused",
    );
  });
});
