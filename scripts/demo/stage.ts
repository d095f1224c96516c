import type { DevelopmentNetwork } from "../dev/development-network.ts";
import type { NetworkFile } from "../dev/state-directory.ts";
import type { Stage } from "./exchange.ts";
import { LedgerView } from "./ledger-view.ts";
import type { Narrator } from "./narrator.ts";
import { NodeClient } from "./node-client.ts";
import { nodeToken } from "./node-token.ts";
import { Subscriber } from "./subscriber.ts";

function nodeOf(network: NetworkFile, participant: string): NetworkFile["nodes"][number] {
  const node = network.nodes.find((each) => each.participant === participant);
  if (node === undefined) throw new Error(`${participant} runs no node here.`);
  return node;
}

/** Brings the parts of a development network together for the exchange. */
export function setStage(network: DevelopmentNetwork, narrator: Narrator): Stage {
  const australia = nodeOf(network.description, "homeaffairs.gov.au");
  const china = nodeOf(network.description, "customs.gov.cn");
  const { participant, seat } = network.third;
  const askAustralia = (authorization: string, multihash: string): Promise<number> =>
    new NodeClient(australia.url, authorization).readStatus(multihash);
  const singaporeToken = (multihash: string): string =>
    nodeToken(seat.nodeKey.signer, {
      participant,
      audience: australia.participant,
      channelId: network.description.channels[0]?.id ?? "",
      method: "GET",
      path: `/documents/${multihash}`,
    });
  const officer = new NodeClient(china.url, `Bearer ${china.tokens.user}`);
  return {
    narrator,
    australia: new NodeClient(australia.url, `Bearer ${australia.tokens.user}`),
    china: officer,
    system: new Subscriber(officer, `/topics/jurisdictions/${australia.jurisdiction}`),
    outsiders: [
      {
        who: "Singapore Customs' node, which is on the channel but was not sent the certificate,",
        expected: 404,
        ask: (multihash) => askAustralia(singaporeToken(multihash), multihash),
      },
      {
        who: "an officer of China Customs who goes to Australia's node with a token for China's",
        expected: 401,
        ask: (multihash) => askAustralia(`Bearer ${china.tokens.user}`, multihash),
      },
      {
        who: "somebody with a token of his own making",
        expected: 401,
        ask: (multihash) => askAustralia("Bearer made.by.myself", multihash),
      },
    ],
    ledger: new LedgerView(network.consortium.channel.connect(seat.operator.signer), participant),
  };
}
