import type { RequestHandler } from "express";

import { Problem } from "../domain/problems.ts";

/** When to ask again: another replica answers at once, this one once it is up again. */
const RETRY_SECONDS = 5;

/**
 * What requests pass before anything else, so that a node can stop without cutting one off: first it drains, which serves
 * everything but has callers leave their connections, then it is shut, which lets what is in hand end and takes nothing new.
 * Health is told throughout.
 */
export class StopGate {
  #state: "open" | "draining" | "shut" = "open";
  #inHand = 0;
  #onIdle: (() => void) | null = null;

  /** Whether the node has been told to stop. */
  get stopping(): boolean {
    return this.#state !== "open";
  }

  /** Serves on, and closes each connection after its next answer, so that a balancer's go elsewhere. */
  drain(): void {
    if (this.#state === "open") this.#state = "draining";
  }

  /**
   * Takes no more requests: each is answered 503 from here on.
   *
   * @returns once the requests in hand have been answered
   */
  async shut(): Promise<void> {
    this.#state = "shut";
    if (this.#inHand === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle = resolve;
    });
  }

  /** Stands before every route. Throws Problem `unavailable` once it is shut. */
  handler(): RequestHandler {
    return (request, response, next) => {
      if (this.#state !== "open") response.set("Connection", "close");
      if (request.path.startsWith("/health")) {
        next();
        return;
      }
      if (this.#state === "shut") {
        throw new Problem("unavailable", "The node is stopping: send the request again in a moment.", {
          retryAfterSeconds: RETRY_SECONDS,
        });
      }
      this.#inHand += 1;
      response.once("close", () => {
        this.#inHand -= 1;
        if (this.#inHand === 0) this.#onIdle?.();
      });
      next();
    };
  }
}
