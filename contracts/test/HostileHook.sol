// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMessageHook} from "../interfaces/IMessageHook.sol";

/**
 * @title HostileHook
 * @notice For tests only: a hook that answers wrongly, refuses, or makes a call of its own (such as back into the channel)
 * while it is asked.
 */
contract HostileHook is IMessageHook {
    /// @notice What the hook answers.
    bytes4 public answer = IMessageHook.onMessage.selector;
    /// @notice Whether the hook refuses.
    bool public refusing;
    /// @notice Whom the hook calls while it is asked; zero for nobody.
    address public victim;
    /// @notice The call it makes.
    bytes public data;
    /// @notice Whether that call succeeded when last made.
    bool public succeeded;
    /// @notice What that call returned or reverted with.
    bytes public returned;
    /// @notice How often the hook was asked.
    uint256 public asked;

    /// @notice The hook refuses, as it was told to.
    error Refused();

    /**
     * @notice Sets what the hook answers.
     * @param answer_ the answer.
     */
    function answerWith(bytes4 answer_) external {
        answer = answer_;
    }

    /**
     * @notice Sets whether the hook refuses.
     * @param refusing_ whether it does.
     */
    function refuse(bool refusing_) external {
        refusing = refusing_;
    }

    /**
     * @notice Sets what the hook does while it is asked.
     * @param victim_ whom it calls; zero for nobody.
     * @param data_ the call it makes.
     */
    function attackWith(address victim_, bytes calldata data_) external {
        victim = victim_;
        data = data_;
    }

    /// @inheritdoc IMessageHook
    function onMessage(bytes32, bytes32, bytes32, bytes32, bytes32) external returns (bytes4) {
        ++asked;
        if (refusing) revert Refused();
        if (victim != address(0)) {
            address called = victim;
            victim = address(0);
            // solhint-disable-next-line avoid-low-level-calls
            (succeeded, returned) = called.call(data);
        }
        return answer;
    }
}
