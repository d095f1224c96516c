import type { NextFunction, Request, RequestHandler, Response, Router } from "express";

import { Problem } from "../domain/problems.ts";

/** When to ask again: another replica answers at once, this one once it is up again. */
const RETRY_SECONDS = 5;

type Handle = (request: Request, response: Response, next: NextFunction) => unknown;

/**
 * What requests pass before anything else, so that a node can stop without cutting one off: first it drains, which serves
 * everything but has callers leave their connections, then it is shut, which lets what is in hand end and takes nothing new.
 * Health is told throughout.
 */
export class StopGate {
  readonly #onIdle: (() => void)[] = [];
  #state: "open" | "draining" | "shut" = "open";
  #inHand = 0;

  /** Whether the node has been told to stop. */
  get stopping(): boolean {
    return this.#state !== "open";
  }

  /** Serves on, and closes each connection after its next answer, so that a balancer's go elsewhere. */
  drain(): void {
    if (this.#state === "open") this.#state = "draining";
  }

  /**
   * Takes no more requests: each is answered 503 from here on. Safe to call twice.
   *
   * @returns once the requests in hand have been answered, or their callers have left, and nothing works on them any more
   */
  async shut(): Promise<void> {
    this.#state = "shut";
    if (this.#inHand === 0) return;
    await new Promise<void>((resolve) => {
      this.#onIdle.push(resolve);
    });
  }

  /**
   * Has what a router does for a request count as in hand until it has ended: who stores many lines still writes when their
   * sender has left, and nothing that it uses may be closed then.
   *
   * @param router with all its routes; it is changed
   * @returns the same router
   */
  watch(router: Router): Router {
    for (const { route } of router.stack) {
      for (const layer of route?.stack ?? []) layer.handle = this.watched(layer.handle);
    }
    return router;
  }

  /** The same for one handler, which does not begin any more where the caller has left a node that is shut. */
  watched(handle: Handle): Handle {
    return (request, response, next) => {
      if (this.#state === "shut" && response.closed) return undefined;
      const work: unknown = handle(request, response, next);
      if (!(work instanceof Promise)) return work;
      this.#inHand += 1;
      return work.finally(() => {
        this.#letGo();
      });
    };
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
        this.#letGo();
      });
      next();
    };
  }

  #letGo(): void {
    this.#inHand -= 1;
    if (this.#inHand > 0) return;
    for (const resolve of this.#onIdle.splice(0)) resolve();
  }
}
