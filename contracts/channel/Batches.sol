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
        _batches[header.sender][header.root].fingerprint = MessageHash.fingerprint(id);
    }

    /**
     * @dev Acquits or revokes certificates of an anchored batch: of the bits named, those that are not so already, nor, when
     * acquitting, revoked. Returns the batch's id and what was applied.
     *
     * Requirements:
     * - the header is that of an anchored batch, else {IChannel-BatchUnknown} or {IChannel-BatchMismatch}.
     * - when acquitting, the batch is not expired, else {IChannel-CertificateExpired}.
     * - as many masks as words, and at least one, else {IChannel-SettlementInvalid}.
     * - no bit at or above the batch's count, else {IChannel-BatchIndexOutOfRange}.
     * - at least one bit was applied, else {IChannel-SettlementEmpty}.
     */
    function _settleBits(
        Batch calldata header,
        uint256[] calldata words,
        uint256[] calldata masks,
        bool acquitting
    ) internal returns (bytes32 id, uint256[] memory applied) {
        require(
            words.length == masks.length && words.length != 0,
            SettlementInvalid(words.length, masks.length)
        );
        bool anyRevoked;
        (id, anyRevoked) = _requireAnchored(header);
        if (acquitting) _requireNotExpired(header.validUntil);
        else if (!anyRevoked) _batches[header.sender][header.root].anyRevoked = true;

        BitMaps.BitMap storage settled = acquitting ? _acquitted[id] : _revoked[id];
        BitMaps.BitMap storage revoked = _revoked[id];
        bool excluding = acquitting && anyRevoked;
        uint256 last = uint256(header.count) - 1;
        uint256 any = 0;
        applied = new uint256[](words.length);
        for (uint256 i = 0; i < words.length; ++i) {
            uint256 word = words[i];
            uint256 eligible = masks[i];
            _requireWithin(last, word, eligible);
            uint256 present = settled._data[word];
            eligible &= ~present;
            if (excluding) eligible &= ~revoked._data[word];
            if (eligible == 0) continue;
            settled._data[word] = present | eligible;
            applied[i] = eligible;
            any |= eligible;
        }
        require(any != 0, SettlementEmpty(header.sender, header.root));
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

    /// @dev The id of the batch and whether any of it was revoked, refusing a header that is not an anchored one.
    function _requireAnchored(Batch calldata header) private view returns (bytes32 id, bool anyRevoked) {
        Anchored storage anchored = _batches[header.sender][header.root];
        uint240 fingerprint = anchored.fingerprint;
        anyRevoked = anchored.anyRevoked;
        require(fingerprint != 0, BatchUnknown(header.sender, header.root));
        id = MessageHash.ofBatch(header);
        require(fingerprint == MessageHash.fingerprint(id), BatchMismatch(header.sender, header.root));
    }

    /// @dev Refuses a validity that is past.
    function _requireNotExpired(uint64 end) private view {
        require(end == 0 || block.timestamp <= end, CertificateExpired(end));
    }

    /// @dev Refuses a mask with a bit for a certificate that the batch, whose last index is `last`, does not have.
    function _requireWithin(uint256 last, uint256 word, uint256 mask) private pure {
        uint256 lastWord = last >> 8;
        if (word < lastWord) return;
        if (word == lastWord && (mask >> (last & 0xff)) >> 1 == 0) return;
        revert BatchIndexOutOfRange((word << 8) | Math.log2(mask), uint32(last + 1));
    }
}
