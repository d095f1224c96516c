/** The database cannot be used at the moment: it is out of reach, full, locked or does not answer. It may be soon. */
export class StoreUnavailable extends Error {
  /** @param cause what the database, or the connection to it, said */
  constructor(cause: unknown) {
    super("The database cannot be used now.", { cause });
    this.name = "StoreUnavailable";
  }
}
