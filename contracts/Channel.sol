// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {IChannel} from "./interfaces/IChannel.sol";
import {Authorisations} from "./channel/Authorisations.sol";
import {Batches} from "./channel/Batches.sol";
import {Certificates} from "./channel/Certificates.sol";
import {Kind} from "./channel/Kind.sol";
import {Lifecycle} from "./channel/Lifecycle.sol";
import {MessageHash} from "./channel/MessageHash.sol";
import {MessageTypes} from "./channel/MessageTypes.sol";
import {Participants} from "./channel/Participants.sol";

/**
 * @title Channel
 * @notice The one contract that participants of a channel talk to. It cannot be changed: change is a new channel, which
 * takes over as this one's successor.
 * @dev Every message goes the same way: its type, the channel's status, the operator's right and its participant's status,
 * the message itself; then its effect is written, it is announced, and last of all the type's hook is asked. The hook is the
 * only one called that could call back, and by then nothing is left to check or write.
 */
contract Channel is MessageTypes, Authorisations, Certificates, Batches {
    /**
     * @notice Creates a channel with unchangeable terms.
     * @param terms the channel's terms, see {IChannel-Terms}.
     */
    constructor(
        Terms memory terms
    )
        AccessControlDefaultAdminRules(terms.adminDelay, terms.consortium)
        Participants(terms)
        Lifecycle(terms)
    {}

    // ------------------------------------------------------------------------------------------------ messages

    /// @inheritdoc IChannel
    function send(Message calldata message) external returns (bytes32 id) {
        Kind kind = _openKind(message.predicate);
        require(kind.creates(), MessageEffectMismatch(message.predicate, kind.effect()));
        bytes32 subject = keccak256(bytes(message.subject));
        id = MessageHash.ofMessage(message, subject);
        _create(message, kind, subject, id, msg.sender);
    }

    /// @inheritdoc IChannel
    function sendAbout(Message calldata message, Issuance calldata issuance) external returns (bytes32 id) {
        Kind kind = _openKind(message.predicate);
        require(!kind.creates(), MessageEffectMismatch(message.predicate, kind.effect()));
        bytes32 subject = keccak256(bytes(message.subject));
        id = MessageHash.ofMessage(message, subject);
        _act(message, issuance, kind, subject, id, msg.sender);
    }

    /// @inheritdoc IChannel
    function sendBySig(
        Message calldata message,
        Issuance calldata issuance,
        Authorisation calldata authorisation
    ) external returns (bytes32 id) {
        Kind kind = _openKind(message.predicate);
        bytes32 subject = keccak256(bytes(message.subject));
        id = MessageHash.ofMessage(message, subject);
        _useAuthorisation(id, authorisation);
        if (kind.creates()) _create(message, kind, subject, id, authorisation.signer);
        else _act(message, issuance, kind, subject, id, authorisation.signer);
    }

    /// @inheritdoc IChannel
    function anchor(Batch calldata header) external returns (bytes32 id) {
        _requireOpen(header.sender, header.predicate, msg.sender);
        Kind kind = _openKind(header.predicate);
        require(kind.isBatchable(), BatchNotBatchable(header.predicate));
        require(header.sender != header.receiver, MessageReceiverIsSender(header.sender));
        _requireActive(header.receiver);
        if (kind.effect() == Effect.Issue) {
            require(
                header.validUntil == 0 || block.timestamp <= header.validUntil,
                CertificateExpired(header.validUntil)
            );
            _requireSucceeded();
        } else {
            require(header.validUntil == 0, MessageExpiryNotAllowed(header.predicate));
        }
        id = _anchorBatch(header);
        emit BatchAnchored(
            id,
            header.sender,
            header.receiver,
            header.predicate,
            header.validUntil,
            header.root,
            header.count,
            header.body,
            msg.sender
        );
    }

    /// @inheritdoc IChannel
    function settle(
        Batch calldata header,
        Settlement calldata settlement
    ) external returns (uint256[] memory applied) {
        Kind kind = _openKind(settlement.predicate);
        require(!kind.creates(), MessageEffectMismatch(settlement.predicate, kind.effect()));
        _requireTarget(kind, settlement.predicate, header.predicate);
        bool acquitting = kind.effect() == Effect.Acquit;
        // A hook is asked about each acquittal by itself, or it would be no rule at all.
        require(!kind.isHooked(), BatchNotBatchable(settlement.predicate));
        (bytes32 sender, bytes32 receiver) = acquitting
            ? (header.receiver, header.sender)
            : (header.sender, header.receiver);
        _requireSettlingBy(sender, settlement.predicate, msg.sender);
        uint256[] calldata words = settlement.words;
        bytes32 id;
        (id, applied) = _settleBits(header, words, settlement.masks, acquitting);
        emit BatchSettled(
            id,
            sender,
            receiver,
            settlement.predicate,
            settlement.obj,
            msg.sender,
            words,
            applied
        );
    }

    /// @inheritdoc IChannel
    function invalidate(Message calldata message) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireSettling();
        _requireSuspended(message.sender);
        bytes32 subject = keccak256(bytes(message.subject));
        bytes32 id = MessageHash.ofMessage(message, subject);
        _revokeCertificate(message.sender, message.predicate, subject, MessageHash.fingerprint(id));
        emit CertificateInvalidated(id, message.sender, message.predicate);
    }

    /// @inheritdoc IChannel
    function invalidateBatch(
        Batch calldata header,
        uint256[] calldata words,
        uint256[] calldata masks
    ) external onlyRole(DEFAULT_ADMIN_ROLE) returns (uint256[] memory applied) {
        _requireSettling();
        _requireSuspended(header.sender);
        _requireIssuing(header.predicate);
        bytes32 id;
        (id, applied) = _settleBits(header, words, masks, false);
        emit BatchInvalidated(id, header.sender, header.predicate, words, applied);
    }

    // ------------------------------------------------------------------------------------------------ views

    /// @inheritdoc IChannel
    function messageId(Message calldata message) external pure returns (bytes32) {
        return MessageHash.ofMessage(message, keccak256(bytes(message.subject)));
    }

    /// @inheritdoc IChannel
    function batchId(Batch calldata header) external pure returns (bytes32) {
        return MessageHash.ofBatch(header);
    }

    /// @inheritdoc IChannel
    function stateOf(Message calldata message) external view returns (CertificateState memory state) {
        bytes32 subject = keccak256(bytes(message.subject));
        bytes32 id = MessageHash.ofMessage(message, subject);
        (uint240 fingerprint, bool acquitted, bool revoked) = _certificateOf(
            message.sender,
            message.predicate,
            subject
        );
        // Nothing is known of this message when it was another one that issued the number.
        if (fingerprint != MessageHash.fingerprint(id)) return state;
        uint64 end = message.validUntil;
        return CertificateState(true, acquitted, revoked, end != 0 && block.timestamp > end);
    }

    /// @inheritdoc IChannel
    function isIssued(bytes32 sender, bytes32 predicate, bytes32 subject) external view returns (bool) {
        return
            _isCertificateIssued(sender, predicate, subject) || _isIssuedBefore(sender, predicate, subject);
    }

    /// @inheritdoc IChannel
    function leafState(Batch calldata header, uint256 index) external view returns (CertificateState memory) {
        _requireIssuing(header.predicate);
        return _bitState(header, index);
    }

    /// @inheritdoc IChannel
    function verify(
        Message calldata message,
        Batch calldata header,
        uint256 index,
        bytes32[] calldata proof
    ) external view returns (CertificateState memory state) {
        _requireIssuing(header.predicate);
        state = _bitState(header, index);
        bytes32 id = MessageHash.ofMessage(message, keccak256(bytes(message.subject)));
        require(
            message.sender == header.sender &&
                message.receiver == header.receiver &&
                message.predicate == header.predicate &&
                message.validUntil == header.validUntil &&
                MerkleProof.verifyCalldata(proof, header.root, MessageHash.ofLeaf(index, id)),
            BatchProofInvalid(header.sender, header.root, index)
        );
    }

    // ------------------------------------------------------------------------------------------------ private

    /// @dev Takes a message that informs or issues.
    function _create(
        Message calldata message,
        Kind kind,
        bytes32 subject,
        bytes32 id,
        address operator
    ) private {
        _requireOpen(message.sender, message.predicate, operator);
        require(message.sender != message.receiver, MessageReceiverIsSender(message.sender));
        _requireActive(message.receiver);
        _requireSubject(message.subject);
        if (kind.effect() == Effect.Issue) {
            _requireSucceeded();
            require(
                !_isIssuedBefore(message.sender, message.predicate, subject),
                CertificateAlreadyIssued(message.sender, message.predicate, subject)
            );
            _issueCertificate(
                message.sender,
                message.predicate,
                subject,
                message.validUntil,
                MessageHash.fingerprint(id)
            );
        } else {
            require(message.validUntil == 0, MessageExpiryNotAllowed(message.predicate));
        }
        _announce(message, id, operator);
        _callHook(kind, id, message.sender, message.receiver, message.predicate, subject);
    }

    /// @dev Takes a message that acquits or revokes. Its subject needs no check: one like it was issued.
    function _act(
        Message calldata message,
        Issuance calldata issuance,
        Kind kind,
        bytes32 subject,
        bytes32 id,
        address operator
    ) private {
        _requireSettlingBy(message.sender, message.predicate, operator);
        _requireTarget(kind, message.predicate, issuance.predicate);
        require(message.sender != message.receiver, MessageReceiverIsSender(message.sender));
        require(message.validUntil == 0, MessageExpiryNotAllowed(message.predicate));
        if (kind.effect() == Effect.Acquit) {
            _acquitCertificate(
                message.sender,
                message.receiver,
                issuance.predicate,
                subject,
                issuance.receiver,
                issuance.validUntil,
                MessageHash.fingerprint(MessageHash.ofIssuance(message.receiver, subject, issuance))
            );
        } else {
            require(
                message.receiver == issuance.receiver,
                CertificateReceiverMismatch(issuance.receiver, message.receiver)
            );
            _revokeCertificate(
                message.sender,
                issuance.predicate,
                subject,
                MessageHash.fingerprint(MessageHash.ofIssuance(message.sender, subject, issuance))
            );
        }
        _announce(message, id, operator);
        _callHook(kind, id, message.sender, message.receiver, message.predicate, subject);
    }

    /// @dev Announces a message that was taken.
    function _announce(Message calldata message, bytes32 id, address operator) private {
        emit MessageSent(
            id,
            message.sender,
            message.receiver,
            message.predicate,
            message.obj,
            message.validUntil,
            operator,
            message.subject
        );
    }

    /// @dev Refuses unless the type issues.
    function _requireIssuing(bytes32 predicate) private view {
        require(_effectOf(predicate) == Effect.Issue, BatchNotIssuing(predicate));
    }
}
