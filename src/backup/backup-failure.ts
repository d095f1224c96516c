/** Why a backup is not made, or not restored. */
export type BackupFailureCode =
  | "backup-absent"
  | "backup-damaged"
  | "backup-newer"
  | "backup-foreign"
  | "channel-stopped"
  | "database-absent"
  | "database-not-empty";

/** A backup cannot be made or restored; nothing was changed, and the message says what to do. */
export class BackupFailure extends Error {
  readonly code: BackupFailureCode;

  constructor(code: BackupFailureCode, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = "BackupFailure";
    this.code = code;
  }
}
