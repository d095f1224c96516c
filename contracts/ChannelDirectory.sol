// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";

import {IChannel} from "./interfaces/IChannel.sol";
import {IChannelDirectory} from "./interfaces/IChannelDirectory.sol";
import {ChannelProbe} from "./channel/ChannelProbe.sol";
import {Syntax} from "./channel/Syntax.sol";

/**
 * @title ChannelDirectory
 * @notice The channels of one network: where a node finds them, and which one took over from which.
 */
contract ChannelDirectory is IChannelDirectory, Ownable2Step {
    using EnumerableSet for EnumerableSet.AddressSet;

    EnumerableSet.AddressSet private _channels;
    mapping(address channel => address) private _successors;

    /**
     * @notice Creates an empty directory.
     * @param owner_ who lists and delists channels.
     */
    constructor(address owner_) Ownable(owner_) {}

    /// @inheritdoc IChannelDirectory
    function list(address channel) external onlyOwner {
        require(ChannelProbe.isChannel(channel), DirectoryChannelInvalid(channel));
        require(_channels.add(channel), DirectoryChannelAlreadyListed(channel));
        emit ChannelListed(channel, IChannel(channel).name(), channel.codehash);
    }

    /// @inheritdoc IChannelDirectory
    function delist(address channel, string calldata reason) external onlyOwner {
        uint256 length = bytes(reason).length;
        require(length != 0 && length <= Syntax.MAX_TEXT, DirectoryReasonInvalid(reason));
        require(_channels.remove(channel), DirectoryChannelNotListed(channel));
        delete _successors[channel];
        emit ChannelDelisted(channel, reason);
    }

    /// @inheritdoc IChannelDirectory
    function recordSuccession(address channel) external {
        _requireListed(channel);
        address successor = IChannel(channel).successor();
        require(
            _channels.contains(successor) &&
                IChannel(channel).status() != IChannel.ChannelStatus.Active &&
                IChannel(successor).predecessor() == channel,
            DirectorySuccessionInvalid(channel, successor)
        );
        if (_successors[channel] == successor) return;
        _successors[channel] = successor;
        emit SuccessionRecorded(channel, successor);
    }

    /// @inheritdoc IChannelDirectory
    function count() external view returns (uint256) {
        return _channels.length();
    }

    /// @inheritdoc IChannelDirectory
    function channels(uint256 offset, uint256 limit) external view returns (address[] memory) {
        uint256 length = _channels.length();
        uint256 start = offset < length ? offset : length;
        return _channels.values(start, start + (limit < length - start ? limit : length - start));
    }

    /// @inheritdoc IChannelDirectory
    function isListed(address channel) external view returns (bool) {
        return _channels.contains(channel);
    }

    /// @inheritdoc IChannelDirectory
    function latest(address channel) external view returns (address) {
        _requireListed(channel);
        // A line without a loop has fewer steps than there are channels; a loop, which only a false channel could make, ends here.
        for (uint256 left = _channels.length(); left != 0; --left) {
            address successor = _successors[channel];
            if (!_channels.contains(successor)) return channel;
            channel = successor;
        }
        revert DirectorySuccessionInvalid(channel, _successors[channel]);
    }

    /// @dev Refuses a channel that is not listed.
    function _requireListed(address channel) private view {
        require(_channels.contains(channel), DirectoryChannelNotListed(channel));
    }
}
