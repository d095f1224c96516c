// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Certificates} from "../../contracts/channel/Certificates.sol";

/**
 * @title CertificatesProof
 * @notice What `npm run prove` has solc's model checker prove of the certificates' code, which `Channel` inherits just as this
 * contract does: whoever calls whatever, in any order, with any arguments, at any time, no assertion is ever violated.
 *
 * Beside what the code keeps of a certificate stands a witness: what really happened, written down without the code's help.
 *
 * The one assumption is that hashes do not collide (`_keyOfOne`, `_assumeSameMessage`): a key stands for one number, no
 * message's fingerprint is zero, and a fingerprint stands for one message, with its receiver and its validity.
 */
contract CertificatesProof is Certificates {
    struct Witness {
        bytes32 receiver;
        uint64 validUntil;
        uint240 fingerprint;
        bool issued;
        bool acquitted;
        bool revoked;
    }

    mapping(bytes32 key => Witness) private _witness;

    /// A message of an issuing type from `issuer`.
    function issue(
        bytes32 issuer,
        bytes32 predicate,
        bytes32 subject,
        bytes32 receiver,
        uint64 validUntil,
        uint240 fingerprint
    ) external {
        bytes32 key = _keyOf(issuer, predicate, subject);
        require(fingerprint != 0);
        _issueCertificate(issuer, predicate, subject, validUntil, fingerprint);
        assert(!_witness[key].issued); // property: a number is issued at most once
        assert(validUntil == 0 || block.timestamp <= validUntil); // property: nothing is issued that is expired already
        _witness[key].receiver = receiver;
        _witness[key].validUntil = validUntil;
        _witness[key].fingerprint = fingerprint;
        _witness[key].issued = true;
    }

    /// A message of an acquitting type from `acquitter`, who resupplies the issuing message.
    function acquit(
        bytes32 acquitter,
        bytes32 issuer,
        bytes32 predicate,
        bytes32 subject,
        bytes32 receiver,
        uint64 validUntil,
        uint240 fingerprint
    ) external {
        bytes32 key = _keyOf(issuer, predicate, subject);
        _assumeSameMessage(key, receiver, validUntil, fingerprint);
        _acquitCertificate(acquitter, issuer, predicate, subject, receiver, validUntil, fingerprint);
        uint64 end = _witness[key].validUntil;
        assert(_witness[key].issued); // property: only what was issued is acquitted
        assert(!_witness[key].acquitted); // property: a certificate is acquitted at most once
        assert(!_witness[key].revoked); // property: a revoked certificate is not acquitted
        assert(end == 0 || block.timestamp <= end); // property: an expired certificate is not acquitted
        assert(acquitter == _witness[key].receiver); // property: a certificate is acquitted only by its receiver
        _witness[key].acquitted = true;
    }

    /// A message of a revoking type from `revoker`.
    function revoke(bytes32 revoker, bytes32 predicate, bytes32 subject, uint240 fingerprint) external {
        bytes32 key = _keyOf(revoker, predicate, subject);
        _revokeCertificate(revoker, predicate, subject, fingerprint);
        assert(_witness[key].issued); // property: only what was issued is revoked
        assert(!_witness[key].revoked); // property: a certificate is revoked at most once
        _witness[key].revoked = true;
    }

    /// What is kept of any certificate, at any time, is what happened to it.
    function check(bytes32 issuer, bytes32 predicate, bytes32 subject) external view {
        bytes32 key = _keyOf(issuer, predicate, subject);
        (uint240 fingerprint, bool acquitted, bool revoked) = _certificateOf(issuer, predicate, subject);
        assert((fingerprint != 0) == _witness[key].issued); // property: an issue is kept for ever
        assert(acquitted == _witness[key].acquitted); // property: an acquittal is kept for ever
        assert(revoked == _witness[key].revoked); // property: a revocation is kept for ever
    }

    /// Whoever presents the fingerprint of a certificate's issuing message is assumed to present that message.
    function _assumeSameMessage(
        bytes32 key,
        bytes32 receiver,
        uint64 validUntil,
        uint240 fingerprint
    ) private view {
        require(
            fingerprint != _witness[key].fingerprint ||
                (receiver == _witness[key].receiver && validUntil == _witness[key].validUntil)
        );
    }
}

/**
 * @title RevokerProof
 * @notice Whoever revokes changes none but its own certificates. `watched` is any number of any participant whatever.
 */
contract RevokerProof is Certificates {
    function issue(
        bytes32 issuer,
        bytes32 predicate,
        bytes32 subject,
        uint64 validUntil,
        uint240 fingerprint
    ) external {
        _issueCertificate(issuer, predicate, subject, validUntil, fingerprint);
    }

    function revoke(
        bytes32 revoker,
        bytes32 predicate,
        bytes32 subject,
        uint240 fingerprint,
        bytes32 issuer,
        bytes32 watchedPredicate,
        bytes32 watched
    ) external {
        require(
            issuer == revoker ||
                keccak256(abi.encode(revoker, predicate, subject)) !=
                    keccak256(abi.encode(issuer, watchedPredicate, watched))
        );
        (, , bool before) = _certificateOf(issuer, watchedPredicate, watched);
        _revokeCertificate(revoker, predicate, subject, fingerprint);
        (, , bool revoked) = _certificateOf(issuer, watchedPredicate, watched);
        assert(revoked == before || revoker == issuer); // property: a certificate is revoked only by its issuer
    }
}
