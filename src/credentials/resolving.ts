import { DidFailure, type DidDocument, type ResolveDid } from "../identity/did-document.ts";
import { CredentialFault } from "./credential-fault.ts";

/**
 * Resolves the DID of whoever signed something.
 *
 * @throws CredentialFault `issuer-unresolvable`, or of the kind `unreachable` `issuer-unreachable`
 */
export async function resolving(resolve: ResolveDid, did: string): Promise<DidDocument> {
  try {
    return await resolve(did);
  } catch (cause) {
    if (!(cause instanceof DidFailure)) throw cause;
    if (cause.kind === "unreachable") {
      throw new CredentialFault(
        "issuer-unreachable",
        "The issuer's DID document is out of reach at present.",
        {
          kind: "unreachable",
          cause,
        },
      );
    }
    throw new CredentialFault("issuer-unresolvable", "The issuer's DID leads to no usable document.", {
      cause,
    });
  }
}
