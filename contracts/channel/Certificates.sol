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
 * @dev A `fingerprint` must be 240 bits of a collision-resistant hash of the issuing message, receiver and validity included.
 * It is all that is kept of the message, and what makes a resupplied `receiver` and `validUntil` trustworthy.
 */
abstract contract Certificates {
    /// @dev One slot a certificate. A fingerprint of zero means that it was not issued.
    struct Certificate {
        uint240 fingerprint;
        bool acquitted;
        bool revoked;
    }

    mapping(bytes32 key => Certificate) private _certificates;

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
        uint240 fingerprint
    ) internal {
        require(validUntil == 0 || block.timestamp <= validUntil, IChannel.CertificateExpired(validUntil));
        bytes32 key = _keyOf(issuer, predicate, subject);
        require(
            _certificates[key].fingerprint == 0,
            IChannel.CertificateAlreadyIssued(issuer, predicate, subject)
        );
        _certificates[key].fingerprint = fingerprint;
    }

    /**
     * @dev Marks a certificate used, for `acquitter`. `receiver`, `validUntil` and `fingerprint` are the issuing
     * message's.
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
        uint240 fingerprint
    ) internal {
        require(receiver == acquitter, IChannel.CertificateNotReceiver(receiver, acquitter));
        bytes32 key = _keyOf(issuer, predicate, subject);
        Certificate memory certificate = _certificates[key];
        _requireIssuedBy(certificate, issuer, predicate, subject, fingerprint);
        require(!certificate.revoked, IChannel.CertificateAlreadyRevoked(issuer, predicate, subject));
        require(!certificate.acquitted, IChannel.CertificateAlreadyAcquitted(issuer, predicate, subject));
        require(validUntil == 0 || block.timestamp <= validUntil, IChannel.CertificateExpired(validUntil));
        _certificates[key].acquitted = true;
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
    function _revokeCertificate(
        bytes32 issuer,
        bytes32 predicate,
        bytes32 subject,
        uint240 fingerprint
    ) internal {
        bytes32 key = _keyOf(issuer, predicate, subject);
        Certificate memory certificate = _certificates[key];
        _requireIssuedBy(certificate, issuer, predicate, subject, fingerprint);
        require(!certificate.revoked, IChannel.CertificateAlreadyRevoked(issuer, predicate, subject));
        _certificates[key].revoked = true;
    }

    /// @dev Whether the number was issued here.
    function _isCertificateIssued(
        bytes32 issuer,
        bytes32 predicate,
        bytes32 subject
    ) internal view returns (bool) {
        return _certificates[_keyOf(issuer, predicate, subject)].fingerprint != 0;
    }

    /// @dev What is kept of a certificate.
    function _certificateOf(
        bytes32 issuer,
        bytes32 predicate,
        bytes32 subject
    ) internal view returns (uint240 fingerprint, bool acquitted, bool revoked) {
        bytes32 key = _keyOf(issuer, predicate, subject);
        Certificate memory certificate = _certificates[key];
        return (certificate.fingerprint, certificate.acquitted, certificate.revoked);
    }

    /// @dev Where a certificate is kept.
    function _keyOf(bytes32 issuer, bytes32 predicate, bytes32 subject) internal pure returns (bytes32) {
        return keccak256(abi.encode(issuer, predicate, subject));
    }

    /// @dev Refuses unless the certificate was issued, and by the message of this fingerprint.
    function _requireIssuedBy(
        Certificate memory certificate,
        bytes32 issuer,
        bytes32 predicate,
        bytes32 subject,
        uint240 fingerprint
    ) private pure {
        require(certificate.fingerprint != 0, IChannel.CertificateUnknown(issuer, predicate, subject));
        require(
            certificate.fingerprint == fingerprint,
            IChannel.CertificateMismatch(issuer, predicate, subject)
        );
    }
}
