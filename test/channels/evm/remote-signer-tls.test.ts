import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TLSSocket } from "node:tls";

import { expect } from "chai";
import { verifyMessage, Wallet } from "ethers";

import type { RemoteKey } from "../../../src/channels/evm/evm-key.ts";
import { RemoteSigner } from "../../../src/channels/evm/remote-signer.ts";
import { rejection } from "../../rejection.ts";

const payload = new TextEncoder().encode("ICL a token's claims");

/** A signer that asks its callers for a certificate, with an authority of its own for both. */
describe("a remote signer over TLS", function () {
  this.timeout(60_000);
  const wallet = Wallet.createRandom();
  let folder: string;
  let server: Server;
  let callers: string[];

  const openssl = (...args: readonly string[]) =>
    execFileSync("openssl", [...args], { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const text = (name: string) => readFileSync(join(folder, name), "utf8");

  function authority(name: string): void {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${name}.key`];
    openssl("req", "-x509", ...key, "-out", `${name}.pem`, "-days", "2", "-subj", `/CN=${name}`);
  }

  function issue(name: string, by: string, names: string, days = "2"): void {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", `${name}.key`];
    openssl("req", ...key, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
    writeFileSync(join(folder, `${name}.ext`), `subjectAltName=${names}\n`);
    const signed = ["-CA", `${by}.pem`, "-CAkey", `${by}.key`, "-CAcreateserial", "-extfile", `${name}.ext`];
    openssl("x509", "-req", "-in", `${name}.csr`, ...signed, "-out", `${name}.pem`, "-days", days);
  }

  before(function () {
    folder = mkdtempSync(join(tmpdir(), "icl-signer-tls-"));
    try {
      openssl("version");
    } catch {
      process.stdout.write(
        "a remote signer over TLS: skipped, openssl makes its certificates and is not here\n",
      );
      this.skip();
    }
    authority("ours");
    authority("other");
    issue("signer", "ours", "IP:127.0.0.1");
    issue("elsewhere", "ours", "DNS:signer.example");
    issue("stranger", "other", "IP:127.0.0.1");
    issue("expired", "ours", "IP:127.0.0.1", "-1");
    issue("node", "ours", "DNS:node.example");
    issue("thief", "other", "DNS:node.example");
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Starts a signer that shows a certificate. */
  async function serve(name: string): Promise<string> {
    callers = [];
    const tls = { key: text(`${name}.key`), cert: text(`${name}.pem`), ca: text("ours.pem") };
    server = createServer({ ...tls, requestCert: true, rejectUnauthorized: true }, (request, response) => {
      void (async () => {
        const chunks: Buffer[] = [];
        for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
        const { id } = JSON.parse(Buffer.concat(chunks).toString("utf8")) as { id: number };
        const { socket } = request;
        callers.push(socket instanceof TLSSocket ? String(socket.getPeerCertificate().subject.CN) : "nobody");
        response.end(JSON.stringify({ jsonrpc: "2.0", id, result: await wallet.signMessage(payload) }));
      })();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  const signer = (url: string, more: Partial<RemoteKey["remote"]> = {}) =>
    new RemoteSigner({ remote: { url, address: wallet.address, ...more } }, { whose: "node's" });
  const as = (name: string) => ({
    ca: text("ours.pem"),
    certificate: text(`${name}.pem`),
    privateKey: text(`${name}.key`),
  });

  it("is believed by the authority named, and believes the node by its certificate", async () => {
    const remote = signer(await serve("signer"), as("node"));
    const signature = await remote.signPayload(payload);
    expect(verifyMessage(payload, `0x${Buffer.from(signature).toString("hex")}`)).to.equal(wallet.address);
    expect(callers).to.deep.equal(["node"]);
    remote.close();
  });

  const refused: Readonly<Record<string, readonly [server: string, caller: string | null]>> = {
    "whose certificate is for another name": ["elsewhere", "node"],
    "whose certificate another authority made": ["stranger", "node"],
    "whose certificate has ended": ["expired", "node"],
    "that the node shows no certificate": ["signer", null],
    "that the node shows another authority's certificate": ["signer", "thief"],
  };
  for (const [what, [shown, caller]] of Object.entries(refused)) {
    it(`is asked nothing ${what}`, async () => {
      const url = await serve(shown);
      const remote = signer(url, caller === null ? { ca: text("ours.pem") } : as(caller));
      const failure = await rejection(remote.signPayload(payload));
      expect(failure).to.include({ action: "retry", code: "signer-unreachable" });
      expect(callers).to.deep.equal([]);
      remote.close();
    });
  }

  it("is asked nothing where no authority is named and the platform knows none for it", async () => {
    const { certificate, privateKey } = as("node");
    const remote = signer(await serve("signer"), { certificate, privateKey });
    expect(await rejection(remote.signPayload(payload))).to.include({ code: "signer-unreachable" });
    expect(callers).to.deep.equal([]);
    remote.close();
  });
});
