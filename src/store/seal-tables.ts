/** A document whose paper can be checked, and the key that its code carries. */
export interface DocumentSealTable {
  digest: string;
  /** The message that it was first sealed for. */
  message_id: string;
  /** 32 bytes in base64url: whoever has it can read the document. Never in a log or an answer to anybody else. */
  access_key: string;
  created_at: number;
  /** Issuer and subject of the caller's token. */
  created_by: string;
}
