// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IChannel} from "../interfaces/IChannel.sol";

/**
 * @title MessageHash
 * @notice Ids of messages and batches: EIP-712 struct hashes, the same on every ledger. A string member counts as its
 * keccak-256 hash, which is how sender, receiver and predicate arrive.
 * @dev The members of a struct in calldata are hashed as they stand there. High bits that a member of fewer than 32 bytes
 * should not have give an id that no message has; whoever reads such a member reverts.
 */
library MessageHash {
    bytes32 internal constant MESSAGE_TYPEHASH = keccak256(
        "Message(string sender,string receiver,string subject,string predicate,bytes32 obj,uint64 validUntil)"
    );

    bytes32 internal constant BATCH_TYPEHASH = keccak256(
        "Batch(string sender,string receiver,string predicate,uint64 validUntil,bytes32 root,uint32 count,bytes32 body)"
    );

    bytes32 internal constant AUTHORISATION_TYPEHASH = keccak256(
        "Authorisation(Message message,uint256 nonce,uint64 deadline)"
        "Message(string sender,string receiver,string subject,string predicate,bytes32 obj,uint64 validUntil)"
    );

    /**
     * @notice The id of a message.
     * @param message the message.
     * @param subject keccak256 of its subject.
     * @return id its EIP-712 struct hash.
     */
    function ofMessage(
        IChannel.Message calldata message,
        bytes32 subject
    ) internal pure returns (bytes32 id) {
        bytes32 typeHash = MESSAGE_TYPEHASH;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore(start, typeHash)
            calldatacopy(add(start, 0x20), message, 0xc0)
            mstore(add(start, 0x60), subject) // over the subject's offset
            id := keccak256(start, 0xe0)
        }
    }

    /**
     * @notice The id of the message that issued a certificate, out of what is resupplied of it.
     * @param issuer keccak256 of the issuing participant's domain.
     * @param subject keccak256 of the subject.
     * @param issuance the rest of the issuing message.
     * @return id its EIP-712 struct hash.
     */
    function ofIssuance(
        bytes32 issuer,
        bytes32 subject,
        IChannel.Issuance calldata issuance
    ) internal pure returns (bytes32 id) {
        return
            keccak256(
                abi.encode(
                    MESSAGE_TYPEHASH,
                    issuer,
                    issuance.receiver,
                    subject,
                    issuance.predicate,
                    issuance.obj,
                    issuance.validUntil
                )
            );
    }

    /**
     * @notice The id of a batch.
     * @param header the batch's header.
     * @return id its EIP-712 struct hash.
     */
    function ofBatch(IChannel.Batch calldata header) internal pure returns (bytes32 id) {
        bytes32 typeHash = BATCH_TYPEHASH;
        // solhint-disable-next-line no-inline-assembly
        assembly ("memory-safe") {
            let start := mload(0x40)
            mstore(start, typeHash)
            calldatacopy(add(start, 0x20), header, 0xe0)
            id := keccak256(start, 0x100)
        }
    }

    /**
     * @notice The EIP-712 struct hash of an operator's authorisation.
     * @param message the id of the message it authorises.
     * @param nonce the signer's nonce.
     * @param deadline last second at which it may be used.
     * @return hash the struct hash, still to be bound to chain and contract by the EIP-712 domain.
     */
    function ofAuthorisation(
        bytes32 message,
        uint256 nonce,
        uint64 deadline
    ) internal pure returns (bytes32 hash) {
        return keccak256(abi.encode(AUTHORISATION_TYPEHASH, message, nonce, deadline));
    }

    /**
     * @notice A leaf of a batch's Merkle tree, in OpenZeppelin's StandardMerkleTree form.
     * @param index the message's place in the batch, from 0.
     * @param id the message's id.
     * @return leaf the leaf's hash.
     */
    function ofLeaf(uint256 index, bytes32 id) internal pure returns (bytes32 leaf) {
        return keccak256(bytes.concat(keccak256(abi.encode(index, id))));
    }

    /**
     * @notice What the chain keeps of an id: its last 240 bits.
     * @param id a message's or a batch's id.
     * @return bits its fingerprint.
     */
    function fingerprint(bytes32 id) internal pure returns (uint240 bits) {
        return uint240(uint256(id));
    }
}
