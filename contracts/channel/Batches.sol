// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

import {IChannel} from "../interfaces/IChannel.sol";
import {MessageHash} from "./MessageHash.sol";

/**
 * @title Batches
 * @notice The life of certificates that were issued thousands at a time: one slot an anchored batch, and one bit a certificate
 * for "acquitted" and one for "revoked", 256 to a slot.
 */
abstract contract Batches is IChannel {
    /// @dev One slot a batch. A fingerprint of zero means that it was not anchored.
    struct Anchored {
        uint240 fingerprint;
        bool anyRevoked;
    }

    /// @inheritdoc IChannel
    uint32 public constant MAX_BATCH = 65_536;

    mapping(bytes32 sender => mapping(bytes32 root => Anchored)) private _batches;
    mapping(bytes32 id => BitMaps.BitMap) private _acquitted;
    mapping(bytes32 id => BitMaps.BitMap) private _revoked;

    /// @inheritdoc IChannel
    function batch(
        bytes32 sender,
        bytes32 root
    ) external view returns (uint240 fingerprint, bool anyRevoked) {
        Anchored memory anchored = _batches[sender][root];
        return (anchored.fingerprint, anchored.anyRevoked);
    }

    /// @dev Anchors a batch, refusing a count out of range and a root that the sender anchored before. Returns its id.
    function _anchorBatch(Batch calldata header) internal returns (bytes32 id) {
        require(header.count != 0 && header.count <= MAX_BATCH, BatchCountInvalid(header.count));
        require(
            _batches[header.sender][header.root].fingerprint == 0,
            BatchAlreadyAnchored(header.sender, header.root)
        );
        id = MessageHash.ofBatch(header);
        _batches[header.sender][header.root].fingerprint = uint240(uint256(id));
    }

    /**
     * @dev Acquits certificates of an anchored batch: of the bits named, those that are neither acquitted nor revoked.
     * Returns the batch's id and what was applied.
     *
     * Requirements: as {_settle}, and the batch is not expired, else {IChannel-CertificateExpired}.
     */
    function _acquitBits(
        Batch calldata header,
        uint256[] calldata words,
        uint256[] calldata masks
    ) internal returns (bytes32 id, uint256[] memory applied) {
        bool anyRevoked;
        (id, anyRevoked) = _requireAnchored(header);
        require(
            header.validUntil == 0 || block.timestamp <= header.validUntil,
            CertificateExpired(header.validUntil)
        );
        BitMaps.BitMap storage revoked = _revoked[id];
        applied = _settle(header, words, masks, _acquitted[id], revoked, anyRevoked);
    }

    /**
     * @dev Revokes certificates of an anchored batch: of the bits named, those that are not revoked. Returns the batch's id
     * and what was applied.
     *
     * Requirements: as {_settle}.
     */
    function _revokeBits(
        Batch calldata header,
        uint256[] calldata words,
        uint256[] calldata masks
    ) internal returns (bytes32 id, uint256[] memory applied) {
        bool anyRevoked;
        (id, anyRevoked) = _requireAnchored(header);
        BitMaps.BitMap storage revoked = _revoked[id];
        applied = _settle(header, words, masks, revoked, revoked, false);
        if (!anyRevoked) _batches[header.sender][header.root].anyRevoked = true;
    }

    /// @dev What is known of the certificate at `index` of an anchored batch.
    function _bitState(Batch calldata header, uint256 index) internal view returns (CertificateState memory) {
        (bytes32 id, bool anyRevoked) = _requireAnchored(header);
        require(index < header.count, BatchIndexOutOfRange(index, header.count));
        return
            CertificateState({
                issued: true,
                acquitted: BitMaps.get(_acquitted[id], index),
                revoked: anyRevoked && BitMaps.get(_revoked[id], index),
                expired: header.validUntil != 0 && block.timestamp > header.validUntil
            });
    }

    /**
     * @dev Sets bits in `settled`: of each mask those not set there yet, nor, when `excluding`, in `excluded`.
     *
     * Requirements:
     * - as many masks as words, and at least one, else {IChannel-SettlementInvalid}.
     * - no bit at or above the batch's count, else {IChannel-BatchIndexOutOfRange}.
     * - at least one bit was applied, else {IChannel-SettlementEmpty}.
     */
    function _settle(
        Batch calldata header,
        uint256[] calldata words,
        uint256[] calldata masks,
        BitMaps.BitMap storage settled,
        BitMaps.BitMap storage excluded,
        bool excluding
    ) private returns (uint256[] memory applied) {
        require(
            words.length == masks.length && words.length != 0,
            SettlementInvalid(words.length, masks.length)
        );
        applied = new uint256[](words.length);
        uint256 any = 0;
        for (uint256 i = 0; i < words.length; ++i) {
            uint256 word = words[i];
            uint256 eligible = masks[i];
            _requireWithin(header.count, word, eligible);
            uint256 present = settled._data[word];
            eligible &= ~present;
            if (excluding) eligible &= ~excluded._data[word];
            if (eligible == 0) continue;
            settled._data[word] = present | eligible;
            applied[i] = eligible;
            any |= eligible;
        }
        require(any != 0, SettlementEmpty(header.sender, header.root));
    }

    /// @dev The id of the batch and whether any of it was revoked, refusing a header that is not an anchored one.
    function _requireAnchored(Batch calldata header) private view returns (bytes32 id, bool anyRevoked) {
        Anchored memory anchored = _batches[header.sender][header.root];
        require(anchored.fingerprint != 0, BatchUnknown(header.sender, header.root));
        id = MessageHash.ofBatch(header);
        require(anchored.fingerprint == uint240(uint256(id)), BatchMismatch(header.sender, header.root));
        return (id, anchored.anyRevoked);
    }

    /// @dev Refuses a mask with a bit for a certificate that the batch does not have.
    function _requireWithin(uint32 count, uint256 word, uint256 mask) private pure {
        uint256 last = (uint256(count) - 1) >> 8;
        if (word < last) return;
        uint256 beyond = word == last ? mask >> (((uint256(count) - 1) & 0xff) + 1) : type(uint256).max;
        require(beyond == 0, BatchIndexOutOfRange((word << 8) | Math.log2(mask), count));
    }
}
