// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ChannelHandler} from "./ChannelHandler.sol";

/**
 * @notice The channel's rules under any sequence of acts by anybody: a number issued once, a certificate acquitted once, by its
 * receiver, neither revoked nor expired; revoked by its issuer, or by the consortium while that issuer is suspended; a
 * suspended participant changes nothing; no bit beyond a batch's count; nobody acts for a participant but its operators.
 */
contract ChannelInvariantsTest {
    ChannelHandler private handler;

    function setUp() public {
        handler = new ChannelHandler();
    }

    /// @notice The fuzzer acts through the handler only.
    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(handler);
    }

    /// @dev One invariant, since the fuzzer begins anew for each.
    function invariant_channelTakesWhatTheRulesAllowAndSaysWhatHappened() public view {
        string memory violation = handler.violation();
        require(bytes(violation).length == 0, violation);
        require(handler.agrees(), "a certificate's state is not what happened to it");
        require(handler.agreesInBulk(block.timestamp), "a state in a batch is not what happened to it");
    }
}
