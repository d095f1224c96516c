// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMessageHook} from "./IMessageHook.sol";

/**
 * @title IChannel
 * @notice One agreed way for participants to exchange messages: who may say what, that a certificate is used once,
 * and that it can be revoked.
 *
 * Names are hashes: a participant is `keccak256(bytes(domain))`, a predicate is `keccak256(bytes(predicate))`. Because
 * EIP-712 encodes a string member as its keccak-256 hash, a message's id is computed from those hashes, and the strings
 * travel only where they are announced: a domain when the participant is admitted, a predicate when its type is registered.
 */
interface IChannel {
    // ------------------------------------------------------------------------------------------------ types

    /// @notice What the ledger does with a message of a type.
    enum Effect {
        None,
        Inform,
        Issue,
        Acquit,
        Revoke
    }

    /// @notice Life of a channel; it only goes forward.
    enum ChannelStatus {
        Active,
        Deprecated,
        Retired
    }

    /// @notice Life of a participant on this channel.
    enum ParticipantStatus {
        Unknown,
        Invited,
        Active,
        Suspended
    }

    /**
     * @notice A subject-predicate-object triple with sender and receiver.
     * @param sender keccak256 of the sending participant's domain.
     * @param receiver keccak256 of the receiving participant's domain.
     * @param subject 1 to 200 characters of printable ASCII without spaces.
     * @param predicate keccak256 of the message type's name.
     * @param obj sha2-256 digest of the document the message speaks of.
     * @param validUntil last second of a certificate's validity, seconds since 1970; 0 for none. 0 for types that do not
     * issue.
     */
    struct Message {
        bytes32 sender;
        bytes32 receiver;
        string subject;
        bytes32 predicate;
        bytes32 obj;
        uint64 validUntil;
    }

    /**
     * @notice The rest of the message that issued a certificate, resupplied by whoever acquits or revokes it. Its subject
     * is that of the acting message; its sender is the acting message's receiver (acquit) or sender (revoke).
     * @param receiver the issuing message's receiver.
     * @param predicate the issuing message's type.
     * @param obj the issuing message's document digest.
     * @param validUntil the issuing message's end of validity; 0 for none.
     */
    struct Issuance {
        bytes32 receiver;
        bytes32 predicate;
        bytes32 obj;
        uint64 validUntil;
    }

    /**
     * @notice The header of a batch of messages of one sender, receiver, type and validity.
     * @param sender keccak256 of the sending participant's domain.
     * @param receiver keccak256 of the receiving participant's domain.
     * @param predicate keccak256 of the name of a batchable type.
     * @param validUntil last second of the certificates' validity, seconds since 1970; 0 for none.
     * @param root Merkle root over (uint256 index, bytes32 message id) leaves in StandardMerkleTree form.
     * @param count number of messages, 1 to `MAX_BATCH`.
     * @param body sha2-256 digest of the batch's body: the ordered messages as NDJSON.
     */
    struct Batch {
        bytes32 sender;
        bytes32 receiver;
        bytes32 predicate;
        uint64 validUntil;
        bytes32 root;
        uint32 count;
        bytes32 body;
    }

    /**
     * @notice An acquittal or revocation of many certificates of a batch: each set bit stands for one message of type
     * `predicate` with evidence `obj`. Bit `b` of `masks[i]` is the certificate at index `256 * words[i] + b`.
     * @param predicate keccak256 of the acquitting or revoking type's name.
     * @param obj sha2-256 digest of the evidence.
     * @param words which words of 256 certificates are meant; a word may be named more than once.
     * @param masks which certificates of each word.
     */
    struct Settlement {
        bytes32 predicate;
        bytes32 obj;
        uint256[] words;
        uint256[] masks;
    }

    /**
     * @notice An operator's signature over a message, which anyone may relay (EIP-712; ERC-1271 for contract wallets).
     * The signed type is `Authorisation(Message message,uint256 nonce,uint64 deadline)`, under the domain of name
     * "Inter Customs Ledger", version "1", this chain and this contract.
     * @param signer the account whose right is used.
     * @param nonce any number this signer has not used before; nonces are unordered.
     * @param deadline last second at which the authorisation may be used.
     * @param signature the signature, in the signer's own form.
     */
    struct Authorisation {
        address signer;
        uint256 nonce;
        uint64 deadline;
        bytes signature;
    }

    /**
     * @notice What the ledger knows of a certificate. A certificate may be both acquitted and revoked.
     * @param issued whether it was issued, by exactly the message asked about.
     * @param acquitted whether its receiver has marked it used.
     * @param revoked whether its issuer has revoked it, or the consortium has invalidated it.
     * @param expired whether its validity is past, by the time of the block asked at.
     */
    struct CertificateState {
        bool issued;
        bool acquitted;
        bool revoked;
        bool expired;
    }

    /**
     * @notice What a channel is created with; none of it ever changes, but for who the consortium is.
     * @param name what people call the channel, 1 to 200 characters of printable text.
     * @param consortium first holder of `DEFAULT_ADMIN_ROLE`, expected to be a multi-signature wallet or a governor.
     * @param adminDelay seconds that a hand-over of the consortium's role must wait.
     * @param recoveryDelay seconds between announcing a participant's new admin and its taking over; at least
     * `MIN_RECOVERY_DELAY` on a production channel.
     * @param validFrom first second of the channel's validity.
     * @param validUntil last second of the channel's validity; 0 for no end.
     * @param test whether this is a test channel, whose certificates mean nothing.
     * @param opaqueSubjects whether subjects must begin with `urn:uuid:` or `urn:hmac-sha256:`.
     * @param predecessor the channel that this one takes over from; zero for none.
     */
    struct Terms {
        string name;
        address consortium;
        uint48 adminDelay;
        uint48 recoveryDelay;
        uint64 validFrom;
        uint64 validUntil;
        bool test;
        bool opaqueSubjects;
        address predecessor;
    }

    /**
     * @notice A participant's record.
     * @param admin the account that appoints whoever acts for it.
     * @param status where it stands on this channel.
     * @param jurisdiction its ISO 3166-1 alpha-2 code.
     */
    struct Participant {
        address admin;
        ParticipantStatus status;
        bytes2 jurisdiction;
    }

    /**
     * @notice A message type's data; none of it ever changes, but that it can be closed.
     * @param effect what the ledger does with its messages.
     * @param batchable whether its messages may be anchored in batches; only for types that inform or issue.
     * @param closed whether it takes no more messages.
     * @param hook a business rule asked about each message; zero for none. Only for types that issue or acquit, and that are
     * not batchable.
     * @param target the issuing type that an acquitting or revoking type acts on; zero for the others.
     */
    struct MessageType {
        Effect effect;
        bool batchable;
        bool closed;
        IMessageHook hook;
        bytes32 target;
    }

    // ------------------------------------------------------------------------------------------------ events

    /**
     * @notice A message was accepted; its type's effect has been applied. `operator` is the account whose right was used.
     * @param id the message's id.
     * @param sender keccak256 of the sending participant's domain.
     * @param receiver keccak256 of the receiving participant's domain.
     * @param predicate keccak256 of the message type's name.
     * @param obj sha2-256 digest of the document the message speaks of.
     * @param validUntil last second of the validity, seconds since 1970; 0 for none.
     * @param operator the account whose right was used.
     * @param subject the message's subject.
     */
    event MessageSent(
        bytes32 indexed id,
        bytes32 indexed sender,
        bytes32 indexed receiver,
        bytes32 predicate,
        bytes32 obj,
        uint64 validUntil,
        address operator,
        string subject
    );

    /**
     * @notice A batch was anchored; `id` is the EIP-712 struct hash of its header.
     * @param id the batch's id.
     * @param sender keccak256 of the sending participant's domain.
     * @param receiver keccak256 of the receiving participant's domain.
     * @param predicate keccak256 of the message type's name.
     * @param validUntil last second of the validity, seconds since 1970; 0 for none.
     * @param root the batch's Merkle root.
     * @param count number of messages in the batch.
     * @param body sha2-256 digest of the batch's body.
     * @param operator the account whose right was used.
     */
    event BatchAnchored(
        bytes32 indexed id,
        bytes32 indexed sender,
        bytes32 indexed receiver,
        bytes32 predicate,
        uint64 validUntil,
        bytes32 root,
        uint32 count,
        bytes32 body,
        address operator
    );

    /**
     * @notice Certificates of a batch were acquitted or revoked: exactly the bits of `applied`.
     * @param id the batch's id.
     * @param sender keccak256 of the sending participant's domain.
     * @param receiver keccak256 of the receiving participant's domain.
     * @param predicate keccak256 of the message type's name.
     * @param obj sha2-256 digest of the evidence.
     * @param operator the account whose right was used.
     * @param words which words of 256 certificates.
     * @param applied the bits that were applied, for each word.
     */
    event BatchSettled(
        bytes32 indexed id,
        bytes32 indexed sender,
        bytes32 indexed receiver,
        bytes32 predicate,
        bytes32 obj,
        address operator,
        uint256[] words,
        uint256[] applied
    );

    /**
     * @notice The consortium invalidated a certificate of a suspended issuer. `id` is the issuing message's id.
     * @param id the issuing message's id.
     * @param sender keccak256 of the sending participant's domain.
     * @param predicate keccak256 of the message type's name.
     */
    event CertificateInvalidated(bytes32 indexed id, bytes32 indexed sender, bytes32 indexed predicate);

    /**
     * @notice The consortium invalidated certificates of a suspended issuer's batch: exactly the bits of `applied`.
     * @param id the batch's id.
     * @param sender keccak256 of the sending participant's domain.
     * @param predicate keccak256 of the message type's name.
     * @param words which words of 256 certificates.
     * @param applied the bits that were applied, for each word.
     */
    event BatchInvalidated(
        bytes32 indexed id,
        bytes32 indexed sender,
        bytes32 indexed predicate,
        uint256[] words,
        uint256[] applied
    );

    /**
     * @notice The channel was created with these unchangeable terms.
     * @param name the name in full.
     * @param test whether this is a test channel.
     * @param opaqueSubjects whether subjects must be opaque.
     * @param validFrom first second of the validity, seconds since 1970.
     * @param validUntil last second of the validity, seconds since 1970; 0 for none.
     * @param recoveryDelay seconds that an announced recovery must wait.
     * @param predecessor the channel this one takes over from; zero for none.
     */
    event ChannelCreated(
        string name,
        bool test,
        bool opaqueSubjects,
        uint64 validFrom,
        uint64 validUntil,
        uint48 recoveryDelay,
        address predecessor
    );

    /**
     * @notice No more informing, issuing or anchoring here; `successor` takes over (zero when none is named).
     * @param successor the channel that takes over; zero for none.
     */
    event ChannelDeprecated(address indexed successor);
    /// @notice Nothing is accepted here any more.
    event ChannelRetired();

    /**
     * @notice The consortium offered a seat; `admin` may take it.
     * @param participant keccak256 of the participant's domain.
     * @param domain the participant's DNS domain.
     * @param jurisdiction its ISO 3166-1 alpha-2 code.
     * @param admin the account that may accept the seat.
     */
    event ParticipantInvited(
        bytes32 indexed participant,
        string domain,
        bytes2 jurisdiction,
        address indexed admin
    );

    /**
     * @notice An invitation that was not accepted was taken back.
     * @param participant keccak256 of the participant's domain.
     */
    event InvitationWithdrawn(bytes32 indexed participant);

    /**
     * @notice An invited participant took its seat.
     * @param participant keccak256 of the participant's domain.
     */
    event ParticipantAccepted(bytes32 indexed participant);

    /**
     * @notice The consortium suspended a participant: it changes nothing any more until it is reinstated.
     * @param participant keccak256 of the participant's domain.
     */
    event ParticipantSuspended(bytes32 indexed participant);

    /**
     * @notice The consortium gave a suspended participant its rights back.
     * @param participant keccak256 of the participant's domain.
     */
    event ParticipantReinstated(bytes32 indexed participant);

    /**
     * @notice A participant announced its node's URL; the URL is kept in this event only.
     * @param participant keccak256 of the participant's domain.
     * @param endpoint base URL of the participant's node.
     */
    event EndpointChanged(bytes32 indexed participant, string endpoint);

    /**
     * @notice A participant's admin named who is to follow it; zero when it withdrew that.
     * @param participant keccak256 of the participant's domain.
     * @param newAdmin who follows as its admin.
     */
    event AdminTransferStarted(bytes32 indexed participant, address indexed newAdmin);

    /**
     * @notice A participant has a new admin.
     * @param participant keccak256 of the participant's domain.
     * @param previousAdmin who was its admin.
     * @param newAdmin who follows as its admin.
     */
    event AdminTransferred(
        bytes32 indexed participant,
        address indexed previousAdmin,
        address indexed newAdmin
    );

    /**
     * @notice The consortium announced a new admin for a participant, who may take over from `notBefore` on (seconds since 1970).
     * @param participant keccak256 of the participant's domain.
     * @param newAdmin who follows as its admin.
     * @param notBefore when the new admin may take over, seconds since 1970.
     */
    event RecoveryAnnounced(bytes32 indexed participant, address indexed newAdmin, uint48 notBefore);

    /**
     * @notice An announced recovery was stopped.
     * @param participant keccak256 of the participant's domain.
     */
    event RecoveryCancelled(bytes32 indexed participant);

    /**
     * @notice A participant's admin gave `account` the right to send `predicate` for it.
     * @param participant keccak256 of the participant's domain.
     * @param predicate keccak256 of the message type's name.
     * @param account the account that has or had the right.
     */
    event OperatorAppointed(bytes32 indexed participant, bytes32 indexed predicate, address indexed account);

    /**
     * @notice A participant's admin took that right away. A right that its holder renounces is told by `RoleRevoked` alone.
     * @param participant keccak256 of the participant's domain.
     * @param predicate keccak256 of the message type's name.
     * @param account the account that has or had the right.
     */
    event OperatorDismissed(bytes32 indexed participant, bytes32 indexed predicate, address indexed account);

    /**
     * @notice A participant's admin gave `account` the right to speak for its node.
     * @param participant keccak256 of the participant's domain.
     * @param account the account that has or had the right.
     */
    event NodeKeyAppointed(bytes32 indexed participant, address indexed account);

    /**
     * @notice A participant's admin took that right away. A right that its holder renounces is told by `RoleRevoked` alone.
     * @param participant keccak256 of the participant's domain.
     * @param account the account that has or had the right.
     */
    event NodeKeyDismissed(bytes32 indexed participant, address indexed account);

    /**
     * @notice The consortium registered a message type.
     * @param predicate keccak256 of the message type's name.
     * @param name the name in full.
     * @param effect what the ledger does with the type's messages.
     * @param batchable whether they may be anchored in batches.
     * @param target the issuing type it acts on; zero for none.
     * @param hook the business rule asked about each message; zero for none.
     */
    event MessageTypeRegistered(
        bytes32 indexed predicate,
        string name,
        Effect effect,
        bool batchable,
        bytes32 target,
        address hook
    );

    /**
     * @notice The consortium closed a message type: it takes no more messages.
     * @param predicate keccak256 of the message type's name.
     */
    event MessageTypeClosed(bytes32 indexed predicate);

    /**
     * @notice An account made one of its own nonces unusable.
     * @param signer the account.
     * @param nonce the nonce.
     */
    event NonceCancelled(address indexed signer, uint256 nonce);

    // ------------------------------------------------------------------------------------------------ errors

    /// @notice The channel takes no message of this effect in its present status (see the states table).
    error ChannelNotActive(ChannelStatus status);
    /// @notice The channel's life only goes forward: this step does not follow from `status`.
    error ChannelStatusMismatch(ChannelStatus status);
    /// @notice The channel's validity does not cover this moment.
    error ChannelOutsideValidity(uint64 validFrom, uint64 validUntil);
    /// @notice The successor address is not a channel that names this one as its predecessor.
    error ChannelSuccessorInvalid(address successor);
    /// @notice The predecessor still issues: deprecate it in favour of this channel first.
    error ChannelPredecessorActive(address predecessor);
    /// @notice A constructor argument is not acceptable; `argument` is its name.
    error ChannelArgumentInvalid(bytes32 argument);

    /// @notice Not a DNS domain of two labels or more in lower-case A-label form.
    error ParticipantDomainInvalid(string domain);
    /// @notice Not two upper-case letters.
    error ParticipantJurisdictionInvalid(bytes2 jurisdiction);
    /// @notice The domain was invited before.
    error ParticipantAlreadyInvited(bytes32 participant);
    /// @notice This step does not follow from the participant's status.
    error ParticipantStatusMismatch(bytes32 participant, ParticipantStatus status);
    /// @notice The sender or receiver of the message is not an active participant.
    error ParticipantNotActive(bytes32 participant, ParticipantStatus status);
    /// @notice The caller is not the admin that this takes: the participant's, or the one named to follow it.
    error ParticipantAdminUnauthorized(bytes32 participant, address account);
    /// @notice The zero address, or the present admin, cannot be a new admin.
    error ParticipantAdminInvalid(address admin);
    /// @notice Not an https URL (or http, on a test channel) of at most 200 characters without a slash at the end.
    error ParticipantEndpointInvalid(string endpoint);
    /// @notice No recovery is under way.
    error RecoveryNotAnnounced(bytes32 participant);
    /// @notice The announced delay has not passed.
    error RecoveryTooEarly(bytes32 participant, uint48 notBefore);

    /// @notice `account` may not send `predicate` for `participant`.
    error OperatorUnauthorized(address account, bytes32 participant, bytes32 predicate);
    /// @notice The zero address cannot act for anybody.
    error OperatorInvalid(address account);

    /// @notice No such message type is registered.
    error MessageTypeUnknown(bytes32 predicate);
    /// @notice A registered type cannot be registered again.
    error MessageTypeAlreadyRegistered(bytes32 predicate);
    /// @notice The type is closed already.
    error MessageTypeAlreadyClosed(bytes32 predicate);
    /// @notice The type was closed: it takes no more messages.
    error MessageTypeClosedToMessages(bytes32 predicate);
    /// @notice The type's name, effect, target, batchability and hook do not go together.
    error MessageTypeInvalid(bytes32 predicate);
    /// @notice The function called is not the one for this type's effect.
    error MessageEffectMismatch(bytes32 predicate, Effect effect);
    /// @notice Not 1 to 200 characters of printable ASCII without spaces.
    error MessageSubjectInvalid(string subject);
    /// @notice This channel demands subjects that begin with `urn:uuid:` or `urn:hmac-sha256:`.
    error MessageSubjectNotOpaque(string subject);
    /// @notice A participant does not send to itself.
    error MessageReceiverIsSender(bytes32 participant);
    /// @notice Only issuing types carry an expiry.
    error MessageExpiryNotAllowed(bytes32 predicate);

    /// @notice The type's hook did not answer with its selector. A hook may as well refuse with an error of its own.
    error MessageHookRefused(address hook, bytes4 answer);

    /// @notice The number was issued before, here or on a predecessor.
    error CertificateAlreadyIssued(bytes32 sender, bytes32 predicate, bytes32 subject);
    /// @notice The number was not issued here, not by a message of its own at any rate.
    error CertificateUnknown(bytes32 sender, bytes32 predicate, bytes32 subject);
    /// @notice The resupplied issuing message is not the one that issued this certificate.
    error CertificateMismatch(bytes32 sender, bytes32 predicate, bytes32 subject);
    /// @notice The certificate was used before.
    error CertificateAlreadyAcquitted(bytes32 sender, bytes32 predicate, bytes32 subject);
    /// @notice The certificate was revoked before.
    error CertificateAlreadyRevoked(bytes32 sender, bytes32 predicate, bytes32 subject);
    /// @notice The validity is past.
    error CertificateExpired(uint64 validUntil);
    /// @notice The acquitting message's sender is not the certificate's receiver.
    error CertificateNotReceiver(bytes32 receiver, bytes32 sender);
    /// @notice The revocation names another receiver than the certificate's.
    error CertificateReceiverMismatch(bytes32 receiver, bytes32 named);
    /// @notice The acting type's target is another issuing type.
    error CertificateTypeMismatch(bytes32 predicate, bytes32 target);
    /// @notice Invalidating is for certificates of a suspended issuer.
    error CertificateIssuerNotSuspended(bytes32 sender);

    /// @notice The sender anchored this root before.
    error BatchAlreadyAnchored(bytes32 sender, bytes32 root);
    /// @notice The sender has not anchored this root.
    error BatchUnknown(bytes32 sender, bytes32 root);
    /// @notice The resupplied header is not the anchored one.
    error BatchMismatch(bytes32 sender, bytes32 root);
    /// @notice The type's messages go one by one: it is not batchable, or has a hook.
    error BatchNotBatchable(bytes32 predicate);
    /// @notice A batch has 1 to `MAX_BATCH` messages.
    error BatchCountInvalid(uint32 count);
    /// @notice The batch has no message at this index.
    error BatchIndexOutOfRange(uint256 index, uint32 count);
    /// @notice The batch's type does not issue: it has no certificates.
    error BatchNotIssuing(bytes32 predicate);
    /// @notice The message is not the batch's message at this index.
    error BatchProofInvalid(bytes32 sender, bytes32 root, uint256 index);
    /// @notice There are not as many masks as words, or none.
    error SettlementInvalid(uint256 words, uint256 masks);
    /// @notice No bit of the settlement was eligible: everything it names was settled before.
    error SettlementEmpty(bytes32 sender, bytes32 root);

    /// @notice The authorisation's deadline is past.
    error AuthorisationExpired(uint64 deadline);
    /// @notice The signer has used or cancelled this nonce.
    error AuthorisationNonceUsed(address signer, uint256 nonce);
    /// @notice The signature is not the signer's over this message, nonce and deadline, on this chain and contract.
    error AuthorisationSignatureInvalid(address signer);

    // ------------------------------------------------------------------------------------------------ messages

    /**
     * @notice Sends a message of an informing or issuing type, for the participant `message.sender`.
     *
     * Requirements:
     * - the type is registered, open, and informs or issues: {MessageTypeUnknown}, {MessageTypeClosedToMessages},
     *   {MessageEffectMismatch}.
     * - the channel is active and within its validity: {ChannelNotActive}, {ChannelOutsideValidity}.
     * - the caller is the sender's operator for the type, and the sender is active: {OperatorUnauthorized},
     *   {ParticipantNotActive}.
     * - the receiver is another, active participant: {MessageReceiverIsSender}, {ParticipantNotActive}.
     * - the subject is well formed, and opaque where the channel demands it: {MessageSubjectInvalid},
     *   {MessageSubjectNotOpaque}.
     * - informing: no `validUntil`: {MessageExpiryNotAllowed}.
     * - issuing: `validUntil` is not past; the number was not issued before, here or on a predecessor; the predecessor, if
     *   any, is deprecated in favour of this channel: {CertificateExpired}, {CertificateAlreadyIssued},
     *   {ChannelPredecessorActive}.
     * - the type's hook, if any, lets it pass: {MessageHookRefused}, or the hook's own error.
     *
     * Emits {MessageSent}.
     * @param message the message.
     * @return id the message's id.
     */
    function send(Message calldata message) external returns (bytes32 id);

    /**
     * @notice Sends a message of an acquitting or revoking type about the certificate that `issuance` created. Who acquits
     * sends to the issuer; who revokes sends to the certificate's receiver.
     *
     * Requirements:
     * - the type is registered, open, acquits or revokes, and acts on certificates of the issuing type named:
     *   {MessageTypeUnknown}, {MessageTypeClosedToMessages}, {MessageEffectMismatch}, {CertificateTypeMismatch}.
     * - the channel is not retired, and its validity has begun: {ChannelNotActive}, {ChannelOutsideValidity}.
     * - the caller is the sender's operator for the type, and the sender is active: {OperatorUnauthorized},
     *   {ParticipantNotActive}. The other side may be suspended.
     * - the message is not to its sender and has no `validUntil`: {MessageReceiverIsSender}, {MessageExpiryNotAllowed}.
     * - acquitting: the sender is the certificate's receiver, and it is neither acquitted, revoked nor expired:
     *   {CertificateNotReceiver}, {CertificateAlreadyAcquitted}, {CertificateAlreadyRevoked}, {CertificateExpired}.
     * - revoking: the receiver is the certificate's, and it is not revoked: {CertificateReceiverMismatch},
     *   {CertificateAlreadyRevoked}.
     * - the certificate was issued here, by exactly this issuing message: {CertificateUnknown}, {CertificateMismatch}.
     * - acquitting: the type's hook, if any, lets it pass: {MessageHookRefused}, or the hook's own error.
     *
     * Emits {MessageSent}.
     * @param message the acquitting or revoking message; `obj` is its evidence.
     * @param issuance the rest of the issuing message.
     * @return id the message's id.
     */
    function sendAbout(Message calldata message, Issuance calldata issuance) external returns (bytes32 id);

    /**
     * @notice Sends a message that an operator has signed; anyone may relay it. The signature covers the message, which
     * leaves no choice of `issuance`: a number is issued once.
     *
     * Requirements: as for {send} or {sendAbout}, with the signer in the caller's place, and besides
     * - the deadline is not past: {AuthorisationExpired}.
     * - the signer has not used or cancelled the nonce: {AuthorisationNonceUsed}.
     * - the signature is the signer's, by ECDSA or ERC-1271: {AuthorisationSignatureInvalid}.
     *
     * Emits {MessageSent}.
     * @param message the message.
     * @param issuance the rest of the issuing message; ignored for types that inform or issue.
     * @param authorisation the operator's authorisation.
     * @return id the message's id.
     */
    function sendBySig(
        Message calldata message,
        Issuance calldata issuance,
        Authorisation calldata authorisation
    ) external returns (bytes32 id);

    /**
     * @notice Makes one of the caller's own nonces unusable.
     *
     * Requirements: the nonce was not used before: {AuthorisationNonceUsed}.
     *
     * Emits {NonceCancelled}.
     * @param nonce the nonce.
     */
    function cancelNonce(uint256 nonce) external;

    /**
     * @notice Announces a batch of messages of a batchable type. The contract sees its header alone: that the body holds what
     * the root commits to is for the receiver's node to check.
     *
     * Requirements: as for {send}, but for the subject and the number, and besides
     * - the type is batchable: {BatchNotBatchable}.
     * - the count is 1 to `MAX_BATCH`: {BatchCountInvalid}.
     * - the sender has not anchored the root before: {BatchAlreadyAnchored}.
     *
     * Emits {BatchAnchored}.
     * @param header the batch's header.
     * @return id the EIP-712 struct hash of the header.
     */
    function anchor(Batch calldata header) external returns (bytes32 id);

    /**
     * @notice Acquits or revokes certificates of a batch. Of the bits named those are applied that are not so already and, when
     * acquitting, not revoked: two who settle at the same time do not undo each other's work.
     *
     * Requirements:
     * - as for {sendAbout}, for the type, the channel, and the acting participant: the batch's receiver acquits, its sender
     *   revokes.
     * - the acting type has no hook: {BatchNotBatchable}.
     * - as many masks as words, and at least one: {SettlementInvalid}.
     * - the header is that of an anchored batch: {BatchUnknown}, {BatchMismatch}.
     * - acquitting: the batch is not expired: {CertificateExpired}.
     * - no bit at or above the batch's count: {BatchIndexOutOfRange}.
     * - at least one bit was eligible: {SettlementEmpty}.
     *
     * Emits {BatchSettled}.
     * @param header the batch's header.
     * @param settlement what to do to which certificates.
     * @return applied the bits that were applied, for each of the settlement's words.
     */
    function settle(
        Batch calldata header,
        Settlement calldata settlement
    ) external returns (uint256[] memory applied);

    /**
     * @notice The consortium invalidates a certificate whose issuer is suspended: it is revoked from then on.
     *
     * Requirements:
     * - the caller is the consortium: `AccessControlUnauthorizedAccount`.
     * - the channel is not retired, and its validity has begun: {ChannelNotActive}, {ChannelOutsideValidity}.
     * - the issuer is suspended: {CertificateIssuerNotSuspended}.
     * - the certificate was issued here by exactly this message, and is not revoked: {CertificateUnknown},
     *   {CertificateMismatch}, {CertificateAlreadyRevoked}.
     *
     * Emits {CertificateInvalidated}.
     * @param message the issuing message.
     */
    function invalidate(Message calldata message) external;

    /**
     * @notice The consortium invalidates certificates of a batch whose issuer is suspended: they are revoked from then on.
     *
     * Requirements: as for {invalidate} of caller, channel and issuer; of the bits as for a revocation by {settle}; and the
     * batch's type issues: {BatchNotIssuing}.
     *
     * Emits {BatchInvalidated}.
     * @param header the batch's header.
     * @param words which words of 256 certificates are meant.
     * @param masks which certificates of each word.
     * @return applied the bits that were applied, for each word.
     */
    function invalidateBatch(
        Batch calldata header,
        uint256[] calldata words,
        uint256[] calldata masks
    ) external returns (uint256[] memory applied);

    // ------------------------------------------------------------------------------------------------ consortium
    // Each of these requires that the caller is the consortium, else `AccessControlUnauthorizedAccount`.

    /**
     * @notice Offers a domain a seat on the channel; its admin has to {accept}.
     *
     * Requirements:
     * - domain, jurisdiction and admin are well formed: {ParticipantDomainInvalid}, {ParticipantJurisdictionInvalid},
     *   {ParticipantAdminInvalid}.
     * - the domain has no seat and no invitation: {ParticipantAlreadyInvited}.
     *
     * Emits {ParticipantInvited}.
     * @param domain the participant's DNS domain, lower-case A-labels.
     * @param jurisdiction its ISO 3166-1 alpha-2 code.
     * @param admin the account that may accept, and that appoints whoever acts for it.
     * @return id keccak256 of the domain.
     */
    function admit(string calldata domain, bytes2 jurisdiction, address admin) external returns (bytes32 id);

    /**
     * @notice Takes back an invitation that was not accepted yet; the domain can then be admitted again.
     *
     * Requirements: the participant is invited: {ParticipantStatusMismatch}.
     *
     * Emits {InvitationWithdrawn}.
     * @param id keccak256 of the participant's domain.
     */
    function withdrawInvitation(bytes32 id) external;

    /**
     * @notice Suspends a participant: no message of its own is taken, nothing is sent to it that informs or issues, and its
     * admin can do no more than take rights away and defend its seat ({dismissOperator}, {dismissNodeKey}, {cancelRecovery}).
     *
     * Requirements: the participant is active: {ParticipantStatusMismatch}.
     *
     * Emits {ParticipantSuspended}.
     * @param id keccak256 of the participant's domain.
     */
    function suspend(bytes32 id) external;

    /**
     * @notice Gives a suspended participant its rights back.
     *
     * Requirements: the participant is suspended: {ParticipantStatusMismatch}.
     *
     * Emits {ParticipantReinstated}.
     * @param id keccak256 of the participant's domain.
     */
    function reinstate(bytes32 id) external;

    /**
     * @notice Announces a new admin for a participant whose admin is lost. It takes over by {completeRecovery} after the
     * channel's recovery delay, unless that is cancelled before. Announcing anew replaces the announcement and begins the delay
     * again. The participant may be suspended meanwhile.
     *
     * Requirements:
     * - the participant has accepted its seat: {ParticipantStatusMismatch}.
     * - the new admin is neither zero nor the present one: {ParticipantAdminInvalid}.
     *
     * Emits {RecoveryAnnounced}.
     * @param id keccak256 of the participant's domain.
     * @param newAdmin the account that may take over.
     */
    function announceRecovery(bytes32 id, address newAdmin) external;

    /**
     * @notice Registers a message type.
     *
     * Requirements:
     * - it was not registered before: {MessageTypeAlreadyRegistered}.
     * - {MessageTypeInvalid} unless all of these hold: the name is 1 to 200 characters of printable ASCII without spaces; the
     *   effect is not `None`; the target is an issuing type when it acquits or revokes, and zero otherwise; it is batchable only
     *   when it informs or issues, and has no hook; a hook is a contract, and the type issues or acquits.
     *
     * Emits {MessageTypeRegistered}.
     * @param typeName the type's name, such as `UN.CEFACT.Regulatory.CertificateOfOrigin.created`.
     * @param effect what the ledger does with its messages.
     * @param batchable whether its messages may be anchored in batches.
     * @param target the issuing type it acts on; zero for none.
     * @param hook a business rule asked about each message; zero for none.
     * @return predicate keccak256 of the name.
     */
    function registerMessageType(
        string calldata typeName,
        Effect effect,
        bool batchable,
        bytes32 target,
        IMessageHook hook
    ) external returns (bytes32 predicate);

    /**
     * @notice Closes a message type for good: it takes no more messages. What was issued under it stays, and can be acquitted
     * and revoked by the types that act on it.
     *
     * Requirements: the type is registered and open: {MessageTypeUnknown}, {MessageTypeAlreadyClosed}.
     *
     * Emits {MessageTypeClosed}.
     * @param predicate keccak256 of the type's name.
     */
    function closeMessageType(bytes32 predicate) external;

    /**
     * @notice Ends informing, issuing and anchoring here. A successor that was not named can be named later, once.
     *
     * Requirements:
     * - the channel is active, or deprecated with no successor named: {ChannelStatusMismatch}.
     * - the successor is zero, or a channel that names this one as its predecessor: {ChannelSuccessorInvalid}.
     *
     * Emits {ChannelDeprecated}.
     * @param newSuccessor the channel that takes over; zero for none.
     */
    function deprecate(address newSuccessor) external;

    /**
     * @notice Ends everything here: certificates can be neither acquitted nor revoked any more.
     *
     * Requirements: the channel is deprecated: {ChannelStatusMismatch}.
     *
     * Emits {ChannelRetired}.
     */
    function retire() external;

    // ------------------------------------------------------------------------------------------------ participants
    // Each of these but the last four requires that the caller is the participant's admin, else {ParticipantAdminUnauthorized}.

    /**
     * @notice The invited participant's admin takes the seat and announces the node's URL.
     *
     * Requirements:
     * - the participant is invited: {ParticipantStatusMismatch}.
     * - the endpoint is well formed: {ParticipantEndpointInvalid}.
     *
     * Emits {ParticipantAccepted} and {EndpointChanged}.
     * @param id keccak256 of the participant's domain.
     * @param endpoint base URL of the node: https (or http, on a test channel), no trailing slash, at most 200 characters.
     */
    function accept(bytes32 id, string calldata endpoint) external;

    /**
     * @notice Announces another URL of the participant's node.
     *
     * Requirements:
     * - the participant is active: {ParticipantStatusMismatch}.
     * - the endpoint is well formed: {ParticipantEndpointInvalid}.
     *
     * Emits {EndpointChanged}.
     * @param id keccak256 of the participant's domain.
     * @param endpoint base URL of the node, as for {accept}.
     */
    function setEndpoint(bytes32 id, string calldata endpoint) external;

    /**
     * @notice Gives `account` the right to send `predicate` for the participant. Says nothing when it has it already.
     *
     * Requirements:
     * - the participant is active: {ParticipantStatusMismatch}.
     * - the account is not zero: {OperatorInvalid}.
     * - the type is registered: {MessageTypeUnknown}.
     *
     * Emits {OperatorAppointed}.
     * @param id keccak256 of the participant's domain.
     * @param predicate keccak256 of the type's name.
     * @param account the operator: a key, or a contract wallet.
     */
    function appointOperator(bytes32 id, bytes32 predicate, address account) external;

    /**
     * @notice Takes that right away, from a suspended participant's operator too. Says nothing when the account has no such
     * right.
     *
     * Emits {OperatorDismissed}.
     * @param id keccak256 of the participant's domain.
     * @param predicate keccak256 of the type's name.
     * @param account the operator.
     */
    function dismissOperator(bytes32 id, bytes32 predicate, address account) external;

    /**
     * @notice Gives `account` the right to speak for the participant's node (a separate right from sending types). Says nothing
     * when it has it already.
     *
     * Requirements:
     * - the participant is active: {ParticipantStatusMismatch}.
     * - the account is not zero: {OperatorInvalid}.
     *
     * Emits {NodeKeyAppointed}.
     * @param id keccak256 of the participant's domain.
     * @param account the node's key.
     */
    function appointNodeKey(bytes32 id, address account) external;

    /**
     * @notice Takes that right away, from a suspended participant's node too. Says nothing when the account has no such right.
     *
     * Emits {NodeKeyDismissed}.
     * @param id keccak256 of the participant's domain.
     * @param account the node's key.
     */
    function dismissNodeKey(bytes32 id, address account) external;

    /**
     * @notice Names who is to follow as the participant's admin, and has to {acceptAdmin}. Naming anew replaces who was named;
     * zero withdraws it.
     *
     * Requirements: the participant is active: {ParticipantStatusMismatch}.
     *
     * Emits {AdminTransferStarted}.
     * @param id keccak256 of the participant's domain.
     * @param newAdmin who is to follow; zero for nobody.
     */
    function transferAdmin(bytes32 id, address newAdmin) external;

    /**
     * @notice Whom the participant's admin has named takes over from it. An announced recovery ends with that: the seat has an
     * admin that can act.
     *
     * Requirements:
     * - the caller is whom the admin has named: {ParticipantAdminUnauthorized}.
     * - the participant is active: {ParticipantStatusMismatch}.
     *
     * Emits {AdminTransferred}, after {RecoveryCancelled} where a recovery was announced.
     * @param id keccak256 of the participant's domain.
     */
    function acceptAdmin(bytes32 id) external;

    /**
     * @notice The participant's admin, though it be suspended, or the consortium stops an announced recovery.
     *
     * Requirements:
     * - the caller is one of them: {ParticipantAdminUnauthorized}.
     * - a recovery is announced: {RecoveryNotAnnounced}.
     *
     * Emits {RecoveryCancelled}.
     * @param id keccak256 of the participant's domain.
     */
    function cancelRecovery(bytes32 id) external;

    /**
     * @notice After the announced delay the new admin takes over. Whom the former admin had named to follow it is forgotten;
     * the operators and node keys it appointed stay, until they are dismissed.
     *
     * Requirements:
     * - a recovery is announced: {RecoveryNotAnnounced}.
     * - the caller is the announced new admin: {ParticipantAdminUnauthorized}.
     * - the delay has passed: {RecoveryTooEarly}.
     *
     * Emits {AdminTransferred}.
     * @param id keccak256 of the participant's domain.
     */
    function completeRecovery(bytes32 id) external;

    // ------------------------------------------------------------------------------------------------ views

    /// @notice Most messages that a batch may have.
    /// @return the number.
    function MAX_BATCH() external view returns (uint32);

    /// @notice Shortest recovery delay of a production channel, in seconds.
    /// @return the delay.
    function MIN_RECOVERY_DELAY() external view returns (uint48);

    /// @notice What people call the channel.
    /// @return its name.
    function name() external view returns (string memory);

    /// @notice Whether this is a test channel, whose certificates mean nothing.
    /// @return whether it is.
    function isTest() external view returns (bool);

    /// @notice Whether subjects must begin with `urn:uuid:` or `urn:hmac-sha256:`.
    /// @return whether they must.
    function opaqueSubjects() external view returns (bool);

    /// @notice Where the channel stands in its life. Its validity is another matter.
    /// @return its status.
    function status() external view returns (ChannelStatus);

    /// @notice First second of the channel's validity.
    /// @return seconds since 1970.
    function validFrom() external view returns (uint64);

    /// @notice Last second of the channel's validity.
    /// @return seconds since 1970; 0 for no end.
    function validUntil() external view returns (uint64);

    /// @notice The channel that this one takes over from.
    /// @return its address; zero for none.
    function predecessor() external view returns (address);

    /// @notice The channel that takes over from this one.
    /// @return its address; zero while none is named.
    function successor() external view returns (address);

    /// @notice How long an announced recovery must wait.
    /// @return seconds.
    function recoveryDelay() external view returns (uint48);

    /**
     * @notice A participant's record.
     * @param id keccak256 of the participant's domain.
     * @return its record; of status `Unknown` where the domain was never invited.
     */
    function participant(bytes32 id) external view returns (Participant memory);

    /**
     * @notice A message type's data.
     * @param predicate keccak256 of the type's name.
     * @return its data; of effect `None` where it is not registered.
     */
    function messageType(bytes32 predicate) external view returns (MessageType memory);

    /**
     * @notice Whether `account` holds the right to send `predicate` for a participant. Whether it can be used now depends on
     * the participant, the type and the channel besides.
     * @param id keccak256 of the participant's domain.
     * @param predicate keccak256 of the type's name.
     * @param account the account.
     * @return whether it holds it.
     */
    function isOperator(bytes32 id, bytes32 predicate, address account) external view returns (bool);

    /**
     * @notice Whether `account` may speak for the node of a participant, which must be active.
     * @param id keccak256 of the participant's domain.
     * @param account the account.
     * @return whether it may.
     */
    function isNodeKey(bytes32 id, address account) external view returns (bool);

    /**
     * @notice Whether a signer has used or cancelled a nonce.
     * @param signer the account.
     * @param nonce the nonce.
     * @return whether it has.
     */
    function isNonceUsed(address signer, uint256 nonce) external view returns (bool);

    /**
     * @notice The id of a message: its EIP-712 struct hash.
     * @param message the message, well formed or not.
     * @return the id.
     */
    function messageId(Message calldata message) external pure returns (bytes32);

    /**
     * @notice The id of a batch: the EIP-712 struct hash of its header.
     * @param header the header, well formed or not.
     * @return the id.
     */
    function batchId(Batch calldata header) external pure returns (bytes32);

    /**
     * @notice What the ledger knows of the certificate that exactly this issuing message created.
     * @param message the issuing message.
     * @return state the certificate's state; nothing issued where the number is unknown, or another message issued it.
     */
    function stateOf(Message calldata message) external view returns (CertificateState memory state);

    /**
     * @notice Whether this number was issued by a message of its own, on this channel or on a predecessor.
     * @param sender keccak256 of the issuing participant's domain.
     * @param predicate keccak256 of the issuing type's name.
     * @param subject keccak256 of the subject.
     * @return whether it was.
     */
    function isIssued(bytes32 sender, bytes32 predicate, bytes32 subject) external view returns (bool);

    /**
     * @notice What is kept of a batch.
     * @param sender keccak256 of the sending participant's domain.
     * @param root the batch's Merkle root.
     * @return fingerprint the last 240 bits of the header's id; zero when the root was not anchored.
     * @return anyRevoked whether any certificate of the batch was revoked.
     */
    function batch(bytes32 sender, bytes32 root) external view returns (uint240 fingerprint, bool anyRevoked);

    /**
     * @notice What the ledger knows of the certificate at `index` of an anchored batch.
     *
     * Requirements: the batch's type issues, its header is the anchored one, and it has such an index: {BatchNotIssuing},
     * {BatchUnknown}, {BatchMismatch}, {BatchIndexOutOfRange}.
     * @param header the batch's header.
     * @param index the certificate's place in the batch, from 0.
     * @return the certificate's state.
     */
    function leafState(Batch calldata header, uint256 index) external view returns (CertificateState memory);

    /**
     * @notice The same, after checking that `message` is the batch's message at `index`.
     *
     * Requirements: as for {leafState}, and the message and its proof lead to the batch's root: {BatchProofInvalid}.
     * @param message the issuing message.
     * @param header the batch's header.
     * @param index the message's place in the batch, from 0.
     * @param proof the siblings on the way from the leaf to the root, in StandardMerkleTree form.
     * @return the certificate's state.
     */
    function verify(
        Message calldata message,
        Batch calldata header,
        uint256 index,
        bytes32[] calldata proof
    ) external view returns (CertificateState memory);
}
