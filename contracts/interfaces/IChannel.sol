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
     * @param validUntil end of a certificate's validity, seconds since 1970; 0 for none. 0 for types that do not issue.
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
     */
    struct Issuance {
        bytes32 receiver;
        bytes32 predicate;
        bytes32 obj;
        uint64 validUntil;
    }

    /**
     * @notice The header of a batch of messages of one sender, receiver, type and validity.
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
     */
    struct Settlement {
        bytes32 predicate;
        bytes32 obj;
        uint256[] words;
        uint256[] masks;
    }

    /**
     * @notice An operator's signature over a message, which anyone may relay (EIP-712; ERC-1271 for contract wallets).
     * The signed type is `Authorisation(Message message,uint256 nonce,uint64 deadline)`.
     * @param nonce any number this signer has not used before; nonces are unordered.
     * @param deadline last second at which the authorisation may be used.
     */
    struct Authorisation {
        address signer;
        uint256 nonce;
        uint64 deadline;
        bytes signature;
    }

    /// @notice What the ledger knows of a certificate. A certificate may be both acquitted and revoked.
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

    /// @notice A participant's record; `jurisdiction` is an ISO 3166-1 alpha-2 code.
    struct Participant {
        address admin;
        ParticipantStatus status;
        bytes2 jurisdiction;
    }

    /// @notice A message type's data; `target` is the issuing type that an acquitting or revoking type acts on.
    struct MessageType {
        Effect effect;
        bool batchable;
        bool closed;
        IMessageHook hook;
        bytes32 target;
    }

    // ------------------------------------------------------------------------------------------------ events

    /// @notice A message was accepted; its type's effect has been applied. `operator` is the account whose right was used.
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

    /// @notice A batch was anchored; `id` is the EIP-712 struct hash of its header.
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

    /// @notice Certificates of a batch were acquitted or revoked: exactly the bits of `applied`.
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

    /// @notice The consortium invalidated a certificate of a suspended issuer. `id` is the issuing message's id.
    event CertificateInvalidated(bytes32 indexed id, bytes32 indexed sender, bytes32 indexed predicate);

    /// @notice The consortium invalidated certificates of a suspended issuer's batch: exactly the bits of `applied`.
    event BatchInvalidated(
        bytes32 indexed id,
        bytes32 indexed sender,
        bytes32 indexed predicate,
        uint256[] words,
        uint256[] applied
    );

    /// @notice The channel was created with these unchangeable terms.
    event ChannelCreated(
        string name,
        bool test,
        bool opaqueSubjects,
        uint64 validFrom,
        uint64 validUntil,
        uint48 recoveryDelay,
        address predecessor
    );
    /// @notice No more informing, issuing or anchoring here; `successor` takes over (zero when none is named).
    event ChannelDeprecated(address indexed successor);
    /// @notice Nothing is accepted here any more.
    event ChannelRetired();

    event ParticipantInvited(
        bytes32 indexed participant,
        string domain,
        bytes2 jurisdiction,
        address indexed admin
    );
    event InvitationWithdrawn(bytes32 indexed participant);
    event ParticipantAccepted(bytes32 indexed participant);
    event ParticipantSuspended(bytes32 indexed participant);
    event ParticipantReinstated(bytes32 indexed participant);
    event EndpointChanged(bytes32 indexed participant, string endpoint);
    event AdminTransferStarted(bytes32 indexed participant, address indexed newAdmin);
    event AdminTransferred(
        bytes32 indexed participant,
        address indexed previousAdmin,
        address indexed newAdmin
    );
    event RecoveryAnnounced(bytes32 indexed participant, address indexed newAdmin, uint48 notBefore);
    event RecoveryCancelled(bytes32 indexed participant);

    event OperatorAppointed(bytes32 indexed participant, bytes32 indexed predicate, address indexed account);
    event OperatorDismissed(bytes32 indexed participant, bytes32 indexed predicate, address indexed account);
    event NodeKeyAppointed(bytes32 indexed participant, address indexed account);
    event NodeKeyDismissed(bytes32 indexed participant, address indexed account);

    event MessageTypeRegistered(
        bytes32 indexed predicate,
        string name,
        Effect effect,
        bool batchable,
        bytes32 target,
        address hook
    );
    event MessageTypeClosed(bytes32 indexed predicate);

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

    error ParticipantDomainInvalid(string domain);
    error ParticipantJurisdictionInvalid(bytes2 jurisdiction);
    error ParticipantAlreadyInvited(bytes32 participant);
    error ParticipantStatusMismatch(bytes32 participant, ParticipantStatus status);
    /// @notice The sender or receiver of the message is not an active participant.
    error ParticipantNotActive(bytes32 participant, ParticipantStatus status);
    error ParticipantAdminUnauthorized(bytes32 participant, address account);
    error ParticipantAdminInvalid(address admin);
    error ParticipantEndpointInvalid(string endpoint);
    error RecoveryNotAnnounced(bytes32 participant);
    error RecoveryTooEarly(bytes32 participant, uint48 notBefore);

    /// @notice `account` may not send `predicate` for `participant`.
    error OperatorUnauthorized(address account, bytes32 participant, bytes32 predicate);
    error OperatorInvalid(address account);

    error MessageTypeUnknown(bytes32 predicate);
    error MessageTypeAlreadyRegistered(bytes32 predicate);
    error MessageTypeAlreadyClosed(bytes32 predicate);
    error MessageTypeClosedToMessages(bytes32 predicate);
    error MessageTypeInvalid(bytes32 predicate);
    /// @notice The function called is not the one for this type's effect.
    error MessageEffectMismatch(bytes32 predicate, Effect effect);
    error MessageSubjectInvalid(string subject);
    /// @notice This channel demands subjects that begin with `urn:uuid:` or `urn:hmac-sha256:`.
    error MessageSubjectNotOpaque(string subject);
    error MessageReceiverIsSender(bytes32 participant);
    /// @notice Only issuing types carry an expiry.
    error MessageExpiryNotAllowed(bytes32 predicate);

    /// @notice The type's hook did not answer with its selector. A hook may as well refuse with an error of its own.
    error MessageHookRefused(address hook, bytes4 answer);

    error CertificateAlreadyIssued(bytes32 sender, bytes32 predicate, bytes32 subject);
    error CertificateUnknown(bytes32 sender, bytes32 predicate, bytes32 subject);
    /// @notice The resupplied issuing message is not the one that issued this certificate.
    error CertificateMismatch(bytes32 sender, bytes32 predicate, bytes32 subject);
    error CertificateAlreadyAcquitted(bytes32 sender, bytes32 predicate, bytes32 subject);
    error CertificateAlreadyRevoked(bytes32 sender, bytes32 predicate, bytes32 subject);
    error CertificateExpired(uint64 validUntil);
    /// @notice The acquitting message's sender is not the certificate's receiver.
    error CertificateNotReceiver(bytes32 receiver, bytes32 sender);
    /// @notice The revocation names another receiver than the certificate's.
    error CertificateReceiverMismatch(bytes32 receiver, bytes32 named);
    /// @notice The acting type's target is another issuing type.
    error CertificateTypeMismatch(bytes32 predicate, bytes32 target);
    /// @notice Invalidating is for certificates of a suspended issuer.
    error CertificateIssuerNotSuspended(bytes32 sender);

    error BatchAlreadyAnchored(bytes32 sender, bytes32 root);
    error BatchUnknown(bytes32 sender, bytes32 root);
    /// @notice The resupplied header is not the anchored one.
    error BatchMismatch(bytes32 sender, bytes32 root);
    error BatchNotBatchable(bytes32 predicate);
    error BatchCountInvalid(uint32 count);
    error BatchIndexOutOfRange(uint256 index, uint32 count);
    error BatchNotIssuing(bytes32 predicate);
    error BatchProofInvalid(bytes32 sender, bytes32 root, uint256 index);
    error SettlementInvalid(uint256 words, uint256 masks);
    /// @notice No bit of the settlement was eligible: everything it names was settled before.
    error SettlementEmpty(bytes32 sender, bytes32 root);

    error AuthorisationExpired(uint64 deadline);
    error AuthorisationNonceUsed(address signer, uint256 nonce);
    error AuthorisationSignatureInvalid(address signer);

    // ------------------------------------------------------------------------------------------------ messages

    /// @notice Sends a message of an informing or issuing type. Returns its id.
    function send(Message calldata message) external returns (bytes32 id);

    /// @notice Sends a message of an acquitting or revoking type about the certificate that `issuance` created.
    function sendAbout(Message calldata message, Issuance calldata issuance) external returns (bytes32 id);

    /// @notice Sends a message that an operator has signed; anyone may relay it. `issuance` is ignored for types that
    /// inform or issue.
    function sendBySig(
        Message calldata message,
        Issuance calldata issuance,
        Authorisation calldata authorisation
    ) external returns (bytes32 id);

    /// @notice Makes one of the caller's own nonces unusable.
    function cancelNonce(uint256 nonce) external;

    /// @notice Announces a batch of messages of a batchable type. Returns the EIP-712 struct hash of the header.
    function anchor(Batch calldata batch) external returns (bytes32 id);

    /// @notice Acquits or revokes certificates of a batch; applies what is eligible and returns what it applied.
    function settle(
        Batch calldata batch,
        Settlement calldata settlement
    ) external returns (uint256[] memory applied);

    /// @notice The consortium invalidates a certificate whose issuer is suspended; `message` is the issuing message.
    function invalidate(Message calldata message) external;

    /// @notice The consortium invalidates certificates of a batch whose issuer is suspended.
    function invalidateBatch(
        Batch calldata batch,
        uint256[] calldata words,
        uint256[] calldata masks
    ) external returns (uint256[] memory applied);

    // ------------------------------------------------------------------------------------------------ consortium

    function admit(
        string calldata domain,
        bytes2 jurisdiction,
        address admin
    ) external returns (bytes32 participant);
    /// @notice Takes back an invitation that was not accepted yet; the domain can then be admitted again.
    function withdrawInvitation(bytes32 participant) external;
    function suspend(bytes32 participant) external;
    function reinstate(bytes32 participant) external;
    function announceRecovery(bytes32 participant, address newAdmin) external;
    function registerMessageType(
        string calldata name,
        Effect effect,
        bool batchable,
        bytes32 target,
        IMessageHook hook
    ) external returns (bytes32 predicate);
    function closeMessageType(bytes32 predicate) external;
    function deprecate(address successor) external;
    function retire() external;

    // ------------------------------------------------------------------------------------------------ participants

    /// @notice The invited participant's admin takes the seat and announces the node's URL (https, no trailing slash).
    function accept(bytes32 participant, string calldata endpoint) external;
    function setEndpoint(bytes32 participant, string calldata endpoint) external;
    function appointOperator(bytes32 participant, bytes32 predicate, address account) external;
    function dismissOperator(bytes32 participant, bytes32 predicate, address account) external;
    /// @notice Gives `account` the right to speak for the participant's node (a separate right from sending types).
    function appointNodeKey(bytes32 participant, address account) external;
    function dismissNodeKey(bytes32 participant, address account) external;
    function transferAdmin(bytes32 participant, address newAdmin) external;
    function acceptAdmin(bytes32 participant) external;
    /// @notice The participant's admin, or the consortium, stops an announced recovery.
    function cancelRecovery(bytes32 participant) external;
    /// @notice After the announced delay the new admin takes over.
    function completeRecovery(bytes32 participant) external;

    // ------------------------------------------------------------------------------------------------ views

    function MAX_BATCH() external view returns (uint32);
    function MIN_RECOVERY_DELAY() external view returns (uint48);
    function name() external view returns (string memory);
    function isTest() external view returns (bool);
    function opaqueSubjects() external view returns (bool);
    function status() external view returns (ChannelStatus);
    function validFrom() external view returns (uint64);
    function validUntil() external view returns (uint64);
    function predecessor() external view returns (address);
    function successor() external view returns (address);
    function recoveryDelay() external view returns (uint48);

    function participant(bytes32 participant) external view returns (Participant memory);
    function messageType(bytes32 predicate) external view returns (MessageType memory);
    function isOperator(bytes32 participant, bytes32 predicate, address account) external view returns (bool);
    /// @notice Whether `account` may speak for the node of `participant`, which must be active.
    function isNodeKey(bytes32 participant, address account) external view returns (bool);
    function isNonceUsed(address signer, uint256 nonce) external view returns (bool);

    /// @notice The id of a message: its EIP-712 struct hash.
    function messageId(Message calldata message) external pure returns (bytes32);
    /// @notice The id of a batch: the EIP-712 struct hash of its header.
    function batchId(Batch calldata batch) external pure returns (bytes32);
    /// @notice What the ledger knows of the certificate that exactly this issuing message created.
    function stateOf(Message calldata message) external view returns (CertificateState memory);
    /// @notice Whether this number was issued directly on this channel or on a predecessor.
    function isIssued(bytes32 sender, bytes32 predicate, bytes32 subject) external view returns (bool);
    /// @notice The batch slot: a fingerprint of the header's id (zero when not anchored) and whether any leaf was revoked.
    function batch(bytes32 sender, bytes32 root) external view returns (uint240 fingerprint, bool anyRevoked);
    /// @notice What the ledger knows of the certificate at `index` of an anchored batch.
    function leafState(Batch calldata batch, uint256 index) external view returns (CertificateState memory);
    /// @notice The same, after checking that `message` is the batch's message at `index`.
    function verify(
        Message calldata message,
        Batch calldata batch,
        uint256 index,
        bytes32[] calldata proof
    ) external view returns (CertificateState memory);
}
