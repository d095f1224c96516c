import type { Refusal } from "./channel.ts";

type Nature = Refusal["nature"];

/**
 * Every reason for which a ledger refuses a message, under the names of the custom errors in `IChannel` (without
 * arguments). All plug-ins speak these codes, so that a caller need not know which ledger refused. `permanent` is what no
 * later state of the ledger can mend; `dependent` is what the consortium, a participant or another message can.
 */
const catalogue = {
  ChannelNotActive: {
    nature: "permanent", // a channel's status only goes forward
    detail: "The channel no longer takes messages of this kind: send it on the channel's successor.",
  },
  ChannelOutsideValidity: {
    nature: "permanent", // `dependent` while the validity has not begun: see `refusal`
    detail: "The channel's period of validity does not cover this moment.",
  },
  ParticipantNotActive: {
    nature: "dependent", // an invited participant may accept, a suspended one may be reinstated
    detail: "The sender or the receiver is not an active participant of the channel at present.",
  },
  OperatorUnauthorized: {
    nature: "dependent", // the participant's admin may be appointing the operator just now
    detail:
      "This node's ledger account may not send this message type for the sender: the sender's admin has to appoint it as an operator.",
  },
  MessageTypeUnknown: {
    nature: "dependent", // the consortium may register it
    detail: "The channel has no such message type: the consortium has to register it first.",
  },
  MessageTypeClosedToMessages: {
    nature: "permanent", // a closed type is never opened again
    detail: "The message type is closed on this channel.",
  },
  MessageEffectMismatch: {
    nature: "permanent", // a type's effect never changes
    detail: "The message type has another effect on this channel than the message was sent for.",
  },
  MessageSubjectInvalid: {
    nature: "permanent",
    detail: "The subject is not 1 to 200 characters of printable ASCII without spaces.",
  },
  MessageSubjectNotOpaque: {
    nature: "permanent", // a term of the channel
    detail: "The channel takes only subjects that begin with urn:uuid: or urn:hmac-sha256:.",
  },
  MessageReceiverIsSender: {
    nature: "permanent",
    detail: "Sender and receiver are the same participant.",
  },
  MessageExpiryNotAllowed: {
    nature: "permanent", // only issuing types carry one, and effects never change
    detail: "Messages of this type carry no expiry.",
  },
  CertificateAlreadyIssued: {
    nature: "permanent",
    detail:
      "A certificate with this number has been issued before: a number is used once on a channel and its successors.",
  },
  CertificateUnknown: {
    nature: "dependent", // its issuing message may still be on its way
    detail: "The channel knows no such certificate: its issuing message has not been taken by the ledger.",
  },
  CertificateMismatch: {
    nature: "permanent", // the number is taken by another message for good
    detail: "The certificate of this number was issued by another message than the one spoken of.",
  },
  CertificateAlreadyAcquitted: {
    nature: "permanent",
    detail: "The certificate has been acquitted before: it can be used once only.",
  },
  CertificateAlreadyRevoked: {
    nature: "permanent",
    detail: "The certificate has been revoked.",
  },
  CertificateExpired: {
    nature: "permanent",
    detail: "The certificate's validity has ended, or the expiry of the message lies in the past.",
  },
  CertificateNotReceiver: {
    nature: "permanent", // the receiver is part of the issuing message
    detail: "Only the receiver of the certificate may acquit it.",
  },
  CertificateReceiverMismatch: {
    nature: "permanent",
    detail: "A revocation is addressed to the receiver of the certificate, and this one names another.",
  },
  CertificateTypeMismatch: {
    nature: "permanent", // a type's target never changes
    detail: "The message type acts on certificates of another type.",
  },
  BatchAlreadyAnchored: {
    nature: "permanent",
    detail: "The sender has anchored a batch with this Merkle root before.",
  },
  BatchUnknown: {
    nature: "dependent", // its anchor may still be on its way
    detail: "The channel knows no such batch: its anchor has not been taken by the ledger.",
  },
  BatchMismatch: {
    nature: "permanent", // the root is taken by another header for good
    detail: "The sender anchored this Merkle root under another header than the one spoken of.",
  },
  BatchNotBatchable: {
    nature: "permanent", // whether a type is batchable, and its hook, never change
    detail:
      "Messages of this type are sent one by one: the type is not batchable, or a business rule is asked about each.",
  },
  BatchCountInvalid: {
    nature: "permanent",
    detail: "The batch has no message, or more than the channel takes in one batch.",
  },
  BatchIndexOutOfRange: {
    nature: "permanent", // a batch's count never changes
    detail: "The batch has no certificate at one of the places named.",
  },
  BatchNotIssuing: {
    nature: "permanent", // a type's effect never changes
    detail: "The batch's messages issue no certificates, so none can be asked about.",
  },
  SettlementInvalid: {
    nature: "permanent",
    detail: "The settlement names no certificates, or not a mask for every word.",
  },
  SettlementEmpty: {
    nature: "permanent", // what is acquitted or revoked stays so
    detail: "Every certificate named in the settlement was settled before, or is revoked.",
  },
  ChannelPredecessorActive: {
    nature: "dependent", // it is about to be deprecated in favour of this channel
    detail:
      "The channel's predecessor still issues: the consortium has to deprecate it in favour of this channel.",
  },
  MessageHookRefused: {
    nature: "dependent", // the state of a business rule, such as a quota, is not ours to know
    detail: "A business rule attached to the message type refused the message.",
  },
  TransactionReverted: {
    nature: "dependent", // nothing in the ledger's state explains it, as when a transaction ran out of gas
    detail: "The ledger refused the transaction without giving a reason.",
  },
} as const satisfies Record<string, { readonly nature: Nature; readonly detail: string }>;

/** A reason of the catalogue. */
export type RefusalCode = keyof typeof catalogue;

/** Whether `name` is a reason of the catalogue. */
export function isRefusalCode(name: string): name is RefusalCode {
  return Object.hasOwn(catalogue, name);
}

/**
 * The refusal for a reason of the catalogue.
 *
 * @param code the contract's error without its arguments
 * @param particulars `nature` where it follows from the error's arguments (a channel whose validity has yet to begin);
 *   `remark` is a sentence added to the detail
 */
export function refusal(
  code: RefusalCode,
  particulars: { readonly nature?: Nature; readonly remark?: string } = {},
): Refusal {
  const { nature, detail } = catalogue[code];
  return {
    code,
    detail: particulars.remark === undefined ? detail : `${detail} ${particulars.remark}`,
    nature: particulars.nature ?? nature,
  };
}
