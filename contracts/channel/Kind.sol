// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IChannel} from "../interfaces/IChannel.sol";

/**
 * @notice What a send needs to know of a message type, in the one word it is stored in: from the left 28 bytes of the
 * target's hash (as good as all 32 to compare with), then a byte each for hooked, closed, batchable, and the effect.
 */
type Kind is uint256;

using KindLibrary for Kind global;

/**
 * @title KindLibrary
 * @notice Reads and makes a {Kind}. A type that is not registered is zero, and has no effect.
 */
library KindLibrary {
    uint256 private constant _BATCHABLE = 1 << 8;
    uint256 private constant _CLOSED = 1 << 16;
    uint256 private constant _HOOKED = 1 << 24;

    /**
     * @notice Makes the word of a type that is open.
     * @param effect_ what the type does.
     * @param batchable whether its messages may be anchored.
     * @param hooked whether it has a hook.
     * @param target hash of the type it acts on; zero for none.
     * @return kind the word.
     */
    function make(
        IChannel.Effect effect_,
        bool batchable,
        bool hooked,
        bytes32 target
    ) internal pure returns (Kind kind) {
        uint256 word = uint256(bytes32(bytes28(target))) | uint256(effect_);
        if (batchable) word |= _BATCHABLE;
        if (hooked) word |= _HOOKED;
        return Kind.wrap(word);
    }

    /**
     * @notice The same type, closed.
     * @param kind the word.
     * @return closed the word of the closed type.
     */
    function close(Kind kind) internal pure returns (Kind closed) {
        return Kind.wrap(Kind.unwrap(kind) | _CLOSED);
    }

    /**
     * @notice What the type does.
     * @param kind the word.
     * @return the effect; `None` for a type that is not registered.
     */
    function effect(Kind kind) internal pure returns (IChannel.Effect) {
        return IChannel.Effect(uint8(Kind.unwrap(kind)));
    }

    /**
     * @notice Whether the type makes something new (informs or issues), rather than acting on a certificate.
     * @param kind the word.
     * @return whether it does.
     */
    function creates(Kind kind) internal pure returns (bool) {
        IChannel.Effect what = kind.effect();
        return what == IChannel.Effect.Inform || what == IChannel.Effect.Issue;
    }

    /**
     * @notice Whether the type's messages may be anchored.
     * @param kind the word.
     * @return whether they may.
     */
    function isBatchable(Kind kind) internal pure returns (bool) {
        return Kind.unwrap(kind) & _BATCHABLE != 0;
    }

    /**
     * @notice Whether the type takes no more messages.
     * @param kind the word.
     * @return whether it is closed.
     */
    function isClosed(Kind kind) internal pure returns (bool) {
        return Kind.unwrap(kind) & _CLOSED != 0;
    }

    /**
     * @notice Whether the type has a hook.
     * @param kind the word.
     * @return whether it has.
     */
    function isHooked(Kind kind) internal pure returns (bool) {
        return Kind.unwrap(kind) & _HOOKED != 0;
    }

    /**
     * @notice The first 28 bytes of the hash of the type that this one acts on.
     * @param kind the word.
     * @return those bytes; zero for none.
     */
    function target28(Kind kind) internal pure returns (bytes28) {
        return bytes28(bytes32(Kind.unwrap(kind)));
    }
}
