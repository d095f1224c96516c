import { Router } from "express";

import type { Domain } from "../domain/participant.ts";

/** One thing a node needs in order to work. `detail` is shown to strangers: it names no secret and no address. */
export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly detail?: string;
}

/** How far the node has followed a channel. */
export interface ChannelHealth {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  /** Newest height of the ledger, and the last final one whose effects are in place here. */
  readonly head: number;
  readonly final: number;
  /** Heights the node has yet to read. */
  readonly lag: number;
  /**
   * Seconds since the ledger last brought anything new, be it an empty block: a client that is away, or stands still, has no
   * lag to show.
   */
  readonly quiet: number;
  /** Code of why following was stopped; null while it runs. */
  readonly stopped: string | null;
}

/** What the health routes report about. */
export interface Health {
  readonly participant: Domain;
  /** Fails for what makes the node useless: its database, its document store, all its channels. */
  ready(): Promise<readonly HealthCheck[]>;
  channels(): Promise<readonly ChannelHealth[]>;
}

/**
 * `/health/live`, `/health/ready` and `/health`: open to everybody, so that they say nothing that is not already on the
 * ledger.
 */
export function healthRouter(health: Health): Router {
  const router = Router();
  router.get("/health/live", (_request, response) => {
    response.json({ status: "ok" });
  });
  router.get("/health/ready", async (_request, response) => {
    const checks = await health.ready();
    const ok = checks.every((check) => check.ok);
    response.status(ok ? 200 : 503).json({ status: ok ? "ok" : "failing", checks });
  });
  router.get("/health", async (_request, response) => {
    const [checks, channels] = await Promise.all([health.ready(), health.channels()]);
    const well = checks.every((check) => check.ok) && channels.every((channel) => channel.stopped === null);
    response.json({ status: well ? "ok" : "failing", participant: health.participant, channels });
  });
  return router;
}
