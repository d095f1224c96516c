// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IChannel} from "../interfaces/IChannel.sol";

/**
 * @title ChannelProbe
 * @notice Asks an address whether it is a channel, without reverting when it is not. Only what every version of a channel
 * will answer is asked: an ERC-165 id over the whole of {IChannel} would shut out later versions.
 */
library ChannelProbe {
    /**
     * @notice Whether `account` answers what a channel is asked by its successor and by a directory.
     * @param account the address to ask.
     * @return ok whether every answer came, and in its form.
     */
    function isChannel(address account) internal view returns (bool ok) {
        return
            _answers(
                account,
                abi.encodeCall(IChannel.status, ()),
                uint256(type(IChannel.ChannelStatus).max)
            ) &&
            _answers(account, abi.encodeCall(IChannel.predecessor, ()), type(uint160).max) &&
            _answers(account, abi.encodeCall(IChannel.successor, ()), type(uint160).max) &&
            _answers(account, abi.encodeCall(IChannel.isIssued, (0, 0, 0)), 1);
    }

    /**
     * @notice Whether `account` is a channel that names `predecessor` as the one it takes over from.
     * @param account the address to ask.
     * @param predecessor the channel it should name.
     * @return ok whether it does.
     */
    function namesPredecessor(address account, address predecessor) internal view returns (bool ok) {
        return isChannel(account) && IChannel(account).predecessor() == predecessor;
    }

    /// @dev Whether the call is answered by one word that is not above `max`.
    function _answers(address account, bytes memory data, uint256 max) private view returns (bool) {
        (bool success, bytes memory answer) = account.staticcall(data);
        return success && answer.length == 32 && abi.decode(answer, (uint256)) <= max;
    }
}
