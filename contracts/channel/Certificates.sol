// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IChannel} from "../interfaces/IChannel.sol";

/**
 * @title Certificates
 * @notice The life of a certificate that was issued by a message of its own: issued once, acquitted at most once and only by
 * its receiver, revoked only by its issuer, never acquitted once revoked or expired.
 *
 * `npm run prove` proves these sentences for every sequence of calls, on this very code. That is why it stands alone: no
 * library code, guards as `require` with a custom error, storage addressed by its keys and never through a pointer.
 * @dev An `id` must be a collision-resistant hash of the issuing message, receiver and expiry included: 240 bits of it
 * are all that is stored, and they are what makes the resupplied `receiver` and `validUntil` trustworthy.
 */
abstract contract Certificates {
    /// @dev One slot a certificate. A fingerprint of zero means that it was not issued.
    struct Certificate {
        uint240 fingerprint;
        bool acquitted;
        bool revoked;
    }

    mapping(bytes32 issuer => mapping(bytes32 predicate => mapping(bytes32 subject => Certificate)))
        private _certificates;

    /**
     * @dev Creates a certificate.
     *
     * Requirements:
     * - `validUntil` is zero or not past, else {IChannel-CertificateExpired}.
     * - the number (issuer, predicate, subject) was not issued here, else {IChannel-CertificateAlreadyIssued}.
     */
    function _issueCertificate(
        bytes32 issuer,
        bytes32 predicate,
        bytes32 subject,
        uint64 validUntil,
        bytes32 id
    ) internal {
        require(validUntil == 0 || block.timestamp <= validUntil, IChannel.CertificateExpired(validUntil));
        require(
            _certificates[issuer][predicate][subject].fingerprint == 0,
            IChannel.CertificateAlreadyIssued(issuer, predicate, subject)
        );
        _certificates[issuer][predicate][subject].fingerprint = uint240(uint256(id));
    }

    /**
     * @dev Marks a certificate used, for `acquitter`. `receiver`, `validUntil` and `id` are the issuing message's.
     *
     * Requirements:
     * - `acquitter` is the certificate's receiver, else {IChannel-CertificateNotReceiver}.
     * - the number was issued here, by exactly that message, else {IChannel-CertificateUnknown} or
     *   {IChannel-CertificateMismatch}.
     * - it is not revoked, not acquitted, not expired, else {IChannel-CertificateAlreadyRevoked},
     *   {IChannel-CertificateAlreadyAcquitted} or {IChannel-CertificateExpired}.
     */
    function _acquitCertificate(
        bytes32 acquitter,
        bytes32 issuer,
        bytes32 predicate,
        bytes32 subject,
        bytes32 receiver,
        uint64 validUntil,
        bytes32 id
    ) internal {
        require(receiver == acquitter, IChannel.CertificateNotReceiver(receiver, acquitter));
        Certificate memory certificate = _certificates[issuer][predicate][subject];
        _requireIssuedBy(certificate, issuer, predicate, subject, id);
        require(!certificate.revoked, IChannel.CertificateAlreadyRevoked(issuer, predicate, subject));
        require(!certificate.acquitted, IChannel.CertificateAlreadyAcquitted(issuer, predicate, subject));
        require(validUntil == 0 || block.timestamp <= validUntil, IChannel.CertificateExpired(validUntil));
        _certificates[issuer][predicate][subject].acquitted = true;
    }

    /**
     * @dev Marks a certificate invalid, before or after its acquittal. The certificate is found under `issuer`: the caller
     * must be its issuer, or the consortium while that issuer is suspended.
     *
     * Requirements:
     * - the number was issued here, by exactly that message, else {IChannel-CertificateUnknown} or
     *   {IChannel-CertificateMismatch}.
     * - it is not revoked, else {IChannel-CertificateAlreadyRevoked}.
     */
    function _revokeCertificate(bytes32 issuer, bytes32 predicate, bytes32 subject, bytes32 id) internal {
        Certificate memory certificate = _certificates[issuer][predicate][subject];
        _requireIssuedBy(certificate, issuer, predicate, subject, id);
        require(!certificate.revoked, IChannel.CertificateAlreadyRevoked(issuer, predicate, subject));
        _certificates[issuer][predicate][subject].revoked = true;
    }

    /// @dev Whether the number was issued here.
    function _isCertificateIssued(
        bytes32 issuer,
        bytes32 predicate,
        bytes32 subject
    ) internal view returns (bool) {
        return _certificates[issuer][predicate][subject].fingerprint != 0;
    }

    /// @dev What is known of the certificate that exactly the message `id` created: nothing when another one did.
    function _certificateState(
        bytes32 issuer,
        bytes32 predicate,
        bytes32 subject,
        uint64 validUntil,
        bytes32 id
    ) internal view returns (IChannel.CertificateState memory) {
        Certificate memory certificate = _certificates[issuer][predicate][subject];
        bool issued = certificate.fingerprint != 0 && certificate.fingerprint == uint240(uint256(id));
        return
            IChannel.CertificateState({
                issued: issued,
                acquitted: issued && certificate.acquitted,
                revoked: issued && certificate.revoked,
                expired: issued && validUntil != 0 && block.timestamp > validUntil
            });
    }

    /// @dev Refuses unless the certificate was issued, and by the message `id`.
    function _requireIssuedBy(
        Certificate memory certificate,
        bytes32 issuer,
        bytes32 predicate,
        bytes32 subject,
        bytes32 id
    ) private pure {
        require(certificate.fingerprint != 0, IChannel.CertificateUnknown(issuer, predicate, subject));
        require(
            certificate.fingerprint == uint240(uint256(id)),
            IChannel.CertificateMismatch(issuer, predicate, subject)
        );
    }
}
