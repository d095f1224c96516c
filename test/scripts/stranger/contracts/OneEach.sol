// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IChannel} from "inter-customs-ledger/contracts/interfaces/IChannel.sol";
import {IMessageHook} from "inter-customs-ledger/contracts/interfaces/IMessageHook.sol";

/// A business rule of somebody who has nothing but the package: one message for each sender.
contract OneEach is IMessageHook {
    IChannel public immutable channel;
    mapping(bytes32 sender => uint256) public counted;

    error NotTheChannel(address caller);
    error Enough(bytes32 sender);

    constructor(IChannel channel_) {
        channel = channel_;
    }

    function onMessage(bytes32, bytes32 sender, bytes32, bytes32, bytes32) external returns (bytes4) {
        require(msg.sender == address(channel), NotTheChannel(msg.sender));
        require(counted[sender] == 0, Enough(sender));
        counted[sender] += 1;
        return IMessageHook.onMessage.selector;
    }
}
