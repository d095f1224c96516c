import { expect } from "chai";

import {
  AddressGuard,
  AddressRefused,
  lookupOf,
  type VettedAddress,
} from "../../src/identity/address-guard.ts";
import { rejection } from "../rejection.ts";

const production = { allowPrivateAddresses: false, allowHttp: false };
const closedNetwork = { allowPrivateAddresses: true, allowHttp: true };
const four = (address: string): VettedAddress => ({ address, family: 4 });
const guardOf = (rules: typeof production, ...addresses: readonly VettedAddress[]) =>
  new AddressGuard(rules, () => Promise.resolve(addresses));

describe("address guard", () => {
  it("lets a public address pass, and answers exactly that address", async () => {
    const guard = guardOf(production, four("8.8.8.8"), { address: "2606:4700::1", family: 6 });
    expect(await guard.vet(new URL("https://node.customs.gov.cn/base"))).to.deep.equal(four("8.8.8.8"));
    expect(await guard.vet(new URL("https://[2606:4700::1]:8443/"))).to.deep.equal({
      address: "2606:4700::1",
      family: 6,
    });
  });

  const neverAllowed = [
    "169.254.169.254", // a cloud's metadata
    "168.63.129.16", // another cloud's
    "0.0.0.0",
    "255.255.255.255",
    "224.0.0.1",
    "192.0.0.192",
    "198.18.0.1",
    "203.0.113.7",
    "240.0.0.1",
    "fe80::1",
    "ff02::1",
    "::",
    "64:ff9b::7f00:1", // IPv4 inside IPv6, in its many forms
    "2002:7f00:1::",
    "2001:0:1::1",
    "::7f00:1",
    "::ffff:0:7f00:1",
    "::ffff:169.254.169.254",
    "100::1",
    "2001:db8::1",
  ];
  const privateOnes = [
    "127.0.0.1",
    "127.255.0.9",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "100.100.100.200",
    "::1",
    "::ffff:127.0.0.1",
    "fd00:ec2::254",
  ];
  const urlOf = (address: string) => new URL(`https://${address.includes(":") ? `[${address}]` : address}/`);

  it("refuses every address that is not public, written out or behind a name", async () => {
    for (const address of [...neverAllowed, ...privateOnes]) {
      const guard = guardOf(production, four(address));
      expect(await rejection(guard.vet(urlOf(address))), address).to.be.instanceOf(AddressRefused);
      const named = await rejection(guard.vet(new URL("https://innocent.example/")));
      expect(named, address).to.be.instanceOf(AddressRefused);
      expect(named.message, "tells nothing of what is behind the name").not.to.contain(address);
    }
  });

  it("lets private ones pass in a closed network, and still no metadata, multicast or reserved ones", async () => {
    for (const address of privateOnes) {
      expect((await guardOf(closedNetwork).vet(urlOf(address))).address, address).to.be.a("string");
    }
    for (const address of neverAllowed) {
      expect(await rejection(guardOf(closedNetwork).vet(urlOf(address))), address).to.be.instanceOf(
        AddressRefused,
      );
    }
  });

  it("sees through other spellings of an address", async () => {
    for (const url of ["https://2130706433/", "https://0x7f.1/", "https://127.1/", "https://①②⑦.0.0.1/"]) {
      expect(await rejection(guardOf(production).vet(new URL(url))), url).to.be.instanceOf(AddressRefused);
    }
  });

  it("refuses a name that stands for one good and one bad address, or for none", async () => {
    const url = new URL("https://rebinding.example/");
    const mixed = guardOf(production, four("8.8.8.8"), four("127.0.0.1"));
    expect(await rejection(mixed.vet(url))).to.be.instanceOf(AddressRefused);
    expect(await rejection(guardOf(production).vet(url))).to.be.instanceOf(AddressRefused);
  });

  it("demands https outside a closed network, and never takes other schemes or credentials", async () => {
    const guard = guardOf(production, four("8.8.8.8"));
    expect(await rejection(guard.vet(new URL("http://node.example/")))).to.be.instanceOf(AddressRefused);
    const open = guardOf(closedNetwork, four("8.8.8.8"));
    expect(await open.vet(new URL("http://node.example/"))).to.deep.equal(four("8.8.8.8"));
    for (const url of ["ftp://node.example/", "file:///etc/passwd", "https://user:pass@node.example/"]) {
      expect(await rejection(open.vet(new URL(url))), url).to.be.instanceOf(AddressRefused);
    }
  });

  it("asks the system's resolver where it is given none", async () => {
    const refused = await rejection(new AddressGuard(production).vet(new URL("https://localhost/")));
    expect(refused).to.be.instanceOf(AddressRefused);
    const { address } = await new AddressGuard(closedNetwork).vet(new URL("http://localhost/"));
    expect(["127.0.0.1", "::1"]).to.include(address);
  });

  it("gives sockets a lookup that knows nothing but the vetted address", () => {
    const answers: unknown[] = [];
    const lookup = lookupOf(four("8.8.8.8"));
    const note = (...answer: unknown[]) => void answers.push(answer);
    lookup("other.example", { all: true }, note);
    lookup("other.example", {}, note);
    expect(answers).to.deep.equal([
      [null, [four("8.8.8.8")]],
      [null, "8.8.8.8", 4],
    ]);
  });
});
