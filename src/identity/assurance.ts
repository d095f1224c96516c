import { Problem } from "../domain/problems.ts";
import type { UserCaller } from "./caller.ts";
import type { IssuerConfig } from "./issuer-config.ts";

/** How surely a person must have been authenticated to send messages of some types. */
export interface AssuranceDemand {
  /** A message type, or with `*` at the end all that begin so. */
  readonly type: string;
  /** One of the levels, or one above it. */
  readonly level: string;
  /** Seconds that may have passed since; null for any time. */
  readonly maxAgeSeconds: number | null;
}

/** What a node demands of how its users were authenticated. */
export interface AssuranceConfig {
  /** Names of the levels, the lowest first. */
  readonly levels: readonly string[];
  /** All that name a type must be met. */
  readonly demands: readonly AssuranceDemand[];
}

/** Clocks may differ by this much, as where a token's times are checked. */
const TOLERANCE_SECONDS = 30;

function isOfType(predicate: string, type: string): boolean {
  return type.endsWith("*") ? predicate.startsWith(type.slice(0, -1)) : predicate === type;
}

/** Judges whether a user was authenticated surely enough for what they would do (RFC 9470). */
export class Assurance {
  readonly #config: AssuranceConfig;
  readonly #issuers: ReadonlyMap<string, IssuerConfig>;
  readonly #now: () => number;

  /**
   * @param issuers say what their users' `acr` stand for
   * @param now milliseconds since 1970
   */
  constructor(config: AssuranceConfig, issuers: readonly IssuerConfig[], now: () => number = Date.now) {
    this.#config = config;
    this.#issuers = new Map(issuers.map((issuer) => [issuer.issuer, issuer]));
    this.#now = now;
  }

  /**
   * Demands that a user may send, or take back, messages of a type by how they were authenticated. A program was not: it has
   * the level that its issuer's programs are given, and no age.
   *
   * @throws Problem `assurance-too-low`, which names the `acr` that would do, and the age
   */
  demand(user: UserCaller, predicate: string): void {
    const demands = this.#config.demands.filter(({ type }) => isOfType(predicate, type));
    if (demands.length === 0) return;
    const level = Math.max(...demands.map((demand) => this.#rank(demand.level)));
    const ages = demands.flatMap(({ maxAgeSeconds }) => maxAgeSeconds ?? []);
    const maxAge = ages.length === 0 ? null : Math.min(...ages);
    if (this.#rankOf(user) >= level && this.#isRecent(user, maxAge)) return;
    throw new Problem(
      "assurance-too-low",
      `A message of this type needs a stronger or more recent authentication: log in again with ${this.#config.levels[level] ?? "more"}.`,
      {
        members: {
          acrValues: this.#acrFrom(user.issuer, level),
          ...(maxAge === null ? {} : { maxAge }),
        },
      },
    );
  }

  #rank(level: string | undefined): number {
    return level === undefined ? -1 : this.#config.levels.indexOf(level);
  }

  #rankOf(user: UserCaller): number {
    const issuer = this.#issuers.get(user.issuer);
    if (user.via === "system") return this.#rank(issuer?.systemLevel);
    const { acr } = user;
    if (acr === undefined) return -1;
    const { levels } = issuer ?? {};
    if (levels === undefined) return this.#rank(acr);
    return this.#rank(Object.hasOwn(levels, acr) ? levels[acr] : undefined);
  }

  #isRecent({ via, authenticatedAt }: UserCaller, maxAge: number | null): boolean {
    if (maxAge === null || via === "system") return true;
    return (
      authenticatedAt !== undefined && this.#now() - authenticatedAt <= (maxAge + TOLERANCE_SECONDS) * 1000
    );
  }

  /** What an issuer calls a level and those above it, the lowest first. */
  #acrFrom(issuer: string, rank: number): readonly string[] {
    const levels = this.#issuers.get(issuer)?.levels;
    const named =
      levels === undefined
        ? this.#config.levels.map((name) => [name, name] as const)
        : Object.entries(levels);
    return named
      .filter(([, level]) => this.#rank(level) >= rank)
      .sort(([, one], [, other]) => this.#rank(one) - this.#rank(other))
      .map(([acr]) => acr);
  }
}
