import { randomBytes } from "node:crypto";

import { ethers } from "ethers";

/** A request that one participant's node makes to another's. */
interface NodeRequest {
  readonly participant: string;
  readonly audience: string;
  readonly channelId: string;
  readonly method: string;
  /** Path and query as requested. */
  readonly path: string;
}

/**
 * Makes a node's token by the letter of PROTOCOL §6 and with none of the node's own code, as software of another maker
 * would.
 *
 * @param signer an account with the participant's node right
 * @returns the Authorization header of this one request
 */
export function nodeToken(signer: ethers.BaseWallet, request: NodeRequest): string {
  const { participant, audience, channelId, method, path } = request;
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    iss: participant,
    sub: signer.address.toLowerCase(),
    aud: audience,
    channel: channelId,
    method,
    path,
    iat,
    exp: iat + 60,
    jti: randomBytes(16).toString("base64url"),
  };
  const encoded = Buffer.from(JSON.stringify(claims)).toString("base64url");
  const signature = ethers.getBytes(signer.signMessageSync(`ICL ${encoded}`));
  return `ICL ${encoded}.${Buffer.from(signature).toString("base64url")}`;
}
