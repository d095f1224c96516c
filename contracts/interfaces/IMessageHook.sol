// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @title IMessageHook
 * @notice A business rule of a message type, kept outside the channel. The channel calls the hook once for each message
 * of an issuing or acquitting type that is registered with it, after its own state is written. A hook refuses a message
 * by reverting; it is never asked about revocations, so that it can never stand in the way of one.
 */
interface IMessageHook {
    /**
     * @notice Called by the channel for a message that it has accepted.
     * @param id the message's id.
     * @param sender keccak256 of the sending participant's domain.
     * @param receiver keccak256 of the receiving participant's domain.
     * @param predicate keccak256 of the message type's name.
     * @param subject keccak256 of the message's subject.
     * @return the selector `IMessageHook.onMessage.selector`; any other answer refuses the message.
     */
    function onMessage(
        bytes32 id,
        bytes32 sender,
        bytes32 receiver,
        bytes32 predicate,
        bytes32 subject
    ) external returns (bytes4);
}
