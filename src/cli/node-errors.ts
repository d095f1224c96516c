/** The node took the request for what it is, and refused it (4xx). */
export class NodeRefusal extends Error {
  readonly status: number;
  /** The problem document; null where the answer had none. */
  readonly problem: unknown;

  constructor(status: number, said: string, problem: unknown) {
    super(`the node refused: ${said}`);
    this.name = "NodeRefusal";
    this.status = status;
    this.problem = problem;
  }
}

/** Nothing answers there, or what answers cannot serve at present: trying again may help. */
export class NodeUnreachable extends Error {
  override readonly name = "NodeUnreachable";
}

/** The node answered as it never should. */
export class NodeFailure extends Error {
  override readonly name = "NodeFailure";
}
