import { createHash, timingSafeEqual } from "node:crypto";

import express, { Router, type NextFunction, type Request, type Response } from "express";

import { ChannelFailure, type Channel } from "../channels/channel.ts";
import { readWire, type ChannelWire } from "../channels/remote/channel-wire.ts";

const LARGEST_REQUEST = "4mb";

/**
 * Serves a channel to nodes over HTTP (`channel-api.yaml`), for a channel that runs in a process of its own.
 *
 * @param channel stays the caller's to close
 * @param token at least 32 characters, agreed on with whoever runs the nodes
 */
export function channelServer(channel: Channel, token: string): Router {
  if (token.length < 32) throw new RangeError("The token of a channel's server has at least 32 characters.");
  const router = Router();
  router.use(demand(token), express.json({ limit: LARGEST_REQUEST, inflate: false, strict: true }));
  router.get("/description", (_request, response) => {
    response.json(channel.description);
  });

  const serve = <In extends keyof ChannelWire, Out extends keyof ChannelWire>(
    path: string,
    input: In,
    answer: (value: ChannelWire[In]) => Promise<ChannelWire[Out]>,
  ) => {
    router.post(path, async (request: Request, response: Response) => {
      const value = readWire(input, request.body as unknown);
      if (value === null) {
        fail(
          response,
          400,
          new ChannelFailure("stop", "request-invalid", `This is no ${input} of the interface.`),
        );
        return;
      }
      response.json(await answer(value));
    });
  };
  serve<"ReadRequest", "Page">("/read", "ReadRequest", ({ cursor }) => channel.read(cursor));
  serve<"Submission", "Judgement">("/judge", "Submission", (submission) => channel.judge(submission));
  serve<"Submission", "Taken">("/submit", "Submission", async (submission) => {
    await channel.submit(submission);
    return {};
  });
  serve<"ProgressRequest", "Progress">("/progress", "ProgressRequest", ({ key }) => channel.progress(key));
  serve<"Message", "CertificateState">("/certificate-state", "Message", (issuance) =>
    channel.certificateState(issuance),
  );
  serve<"BatchedCertificate", "CertificateState">(
    "/batched-certificate-state",
    "BatchedCertificate",
    ({ header, index }) => channel.batchedCertificateState(header, index),
  );
  serve<"EvidencePlace", "Evidence">("/evidence", "EvidencePlace", (place) => channel.evidence(place));
  serve<"SignRequest", "Signature">("/sign-as-node", "SignRequest", async ({ payload }) => {
    const { account, signature } = await channel.signAsNode(Buffer.from(payload, "base64"));
    return { account, signature: Buffer.from(signature).toString("base64") };
  });
  serve<"SignatureCheck", "SignatureVerdict">("/is-node-signature", "SignatureCheck", async (check) => {
    const signed = { account: check.account, signature: Buffer.from(check.signature, "base64") };
    const payload = Buffer.from(check.payload, "base64");
    return { valid: await channel.isNodeSignature(check.participant, payload, signed) };
  });

  serve<"NodeKeyCheck", "NodeKeyVerdict">(
    "/is-node-key",
    "NodeKeyCheck",
    async ({ participant, account }) => ({ valid: await channel.isNodeKey(participant, account) }),
  );

  router.get("/rights", async (_request, response) => {
    const answer: ChannelWire["Rights"] = { rights: await channel.rights() };
    response.json(answer);
  });
  router.get("/signing-accounts", async (_request, response) => {
    const answer: ChannelWire["SigningAccounts"] = { accounts: await channel.signingAccounts() };
    response.json(answer);
  });

  router.use((error: unknown, _request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) next(error);
    else if (error instanceof ChannelFailure) fail(response, 503, error);
    else if (isClientError(error)) {
      fail(
        response,
        error.status,
        new ChannelFailure("stop", "request-invalid", "The request's body is not as it must be."),
      );
    } else
      fail(response, 500, new ChannelFailure("retry", "channel-internal", "The channel made a mistake."));
  });
  return router;
}

function demand(token: string): (request: Request, response: Response, next: NextFunction) => void {
  const expected = createHash("sha256").update(`Bearer ${token}`).digest();
  return (request, response, next) => {
    const given = createHash("sha256")
      .update(request.get("authorization") ?? "")
      .digest();
    if (timingSafeEqual(given, expected)) next();
    else
      fail(response, 401, new ChannelFailure("stop", "token-invalid", "The token is not the one agreed on."));
  };
}

function isClientError(error: unknown): error is Error & { readonly status: number } {
  const status: unknown = error instanceof Error && "status" in error ? error.status : undefined;
  return typeof status === "number" && status >= 400 && status < 500;
}

function fail(response: Response, status: number, { action, code, message }: ChannelFailure): void {
  response
    .status(status)
    .type("application/problem+json")
    .send(JSON.stringify({ status, title: "The channel failed", code, detail: message, action }));
}
