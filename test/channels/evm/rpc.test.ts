import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { expect } from "chai";

import { EvmRpc, RpcError } from "../../../src/channels/evm/rpc.ts";
import { rejection } from "../../rejection.ts";

describe("JSON-RPC to an Ethereum client", () => {
  let server: Server | undefined;
  let rpc: EvmRpc | undefined;

  afterEach(async () => {
    rpc?.destroy();
    server?.closeAllConnections();
    if (server?.listening === true) {
      server.close();
      await once(server, "close");
    }
  });

  async function ask(answer: RequestListener): Promise<Error> {
    server = createServer(answer).listen(0, "127.0.0.1");
    await once(server, "listening");
    rpc = new EvmRpc(`http://127.0.0.1:${(server.address() as AddressInfo).port}/secret-path`, 1);
    return rejection(rpc.send("eth_blockNumber", []));
  }

  it("refuses an answer beyond its bounds, without reading all of it", async () => {
    let sent = 0;
    const chunk = Buffer.alloc(1024 * 1024, 0x20);
    const failure = await ask((_request, response) => {
      const more = () => {
        while (sent < 200 && response.writable) {
          sent += 1;
          if (!response.write(chunk)) {
            response.once("drain", more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    expect(failure).to.include({ action: "retry", code: "ledger-overloaded" });
    expect(sent).to.be.lessThan(100);
  });

  it("refuses an answer that is not JSON, and does not repeat it", async () => {
    const failure = await ask((_request, response) => response.end("<html>private</html>"));
    expect(failure).to.include({ action: "retry", code: "ledger-overloaded" });
    expect(failure.message).not.to.include("private");
  });

  it("refuses an answer to something else than it asked", async () => {
    for (const body of ["null", "[null]", "{}", '{"jsonrpc":"2.0","id":77,"result":"0x1"}']) {
      const failure = await ask((_request, response) => response.end(body));
      expect(failure, body).to.include({ action: "retry", code: "ledger-overloaded" });
      rpc?.destroy();
      server?.closeAllConnections();
      server?.close();
    }
  });

  it("says so when it is closed over an open question", async () => {
    const failure = await ask(() => {
      rpc?.destroy();
      server?.closeAllConnections();
    });
    expect(failure).to.include({ action: "retry" });
    const late = await rejection(rpc?.send("eth_blockNumber", []) ?? Promise.resolve());
    expect(late).to.include({ action: "retry", code: "channel-closed" });
  });

  it("does not follow a redirect", async () => {
    const asked: (string | undefined)[] = [];
    const failure = await ask((request, response) => {
      asked.push(request.url);
      response.writeHead(307, { location: "/elsewhere" }).end();
    });
    expect(failure).to.include({ action: "retry", code: "ledger-unreachable" });
    expect(asked).to.deep.equal(["/secret-path"]);
  });

  it("says what HTTP status it met", async () => {
    const failure = await ask((_request, response) => response.writeHead(503).end("busy"));
    expect(failure).to.include({ action: "retry", code: "ledger-overloaded" });
    expect(failure.message).to.include("503");
  });

  it("tells the client's own errors apart, however deep their data lies", async () => {
    for (const data of ["0xAB12", { data: "0xAB12" }, { data: { data: "0xAB12" } }]) {
      const failure = await ask((_request, response) => {
        const error = { code: 3, message: "execution reverted", data };
        response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, error }));
      });
      expect(failure).to.be.instanceOf(RpcError);
      expect(failure).to.include({ errorCode: 3, data: "0xAB12" });
      rpc?.destroy();
      server?.closeAllConnections();
      server?.close();
    }
  });

  it("never names the address it asks", async () => {
    const closed = createServer().listen(0, "127.0.0.1");
    await once(closed, "listening");
    const { port } = closed.address() as AddressInfo;
    closed.close();
    await once(closed, "close");
    rpc = new EvmRpc(`http://127.0.0.1:${port}/secret-path`, 1);
    const failure = await rejection(rpc.send("eth_blockNumber", []));
    expect(failure).to.include({ action: "retry", code: "ledger-unreachable" });
    expect(failure.message).to.include("ECONNREFUSED");
    expect(`${failure.message}${failure.stack ?? ""}${String(failure.cause)}`).not.to.include("secret-path");
  });
});
