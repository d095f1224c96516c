// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {IChannel} from "./interfaces/IChannel.sol";
import {IChannelDirectory} from "./interfaces/IChannelDirectory.sol";
import {ChannelProbe} from "./channel/ChannelProbe.sol";
import {Syntax} from "./channel/Syntax.sol";

/**
 * @title ChannelDirectory
 * @notice The channels of one network: where a node finds them, and which one took over from which.
 */
contract ChannelDirectory is IChannelDirectory, Ownable2Step {
    address[] private _channels;
    /// @dev A listed channel's place in `_channels`, counted from 1.
    mapping(address channel => uint256) private _places;
    mapping(address channel => address) private _successors;

    /**
     * @notice Creates an empty directory.
     * @param owner_ who lists and delists channels.
     */
    constructor(address owner_) Ownable(owner_) {}

    /// @inheritdoc IChannelDirectory
    function list(address channel) external onlyOwner {
        require(ChannelProbe.isChannel(channel), DirectoryChannelInvalid(channel));
        require(!isListed(channel), DirectoryChannelAlreadyListed(channel));
        _channels.push(channel);
        _places[channel] = _channels.length;
        try IChannel(channel).name() returns (string memory name) {
            emit ChannelListed(channel, name, channel.codehash);
        } catch {
            revert DirectoryChannelInvalid(channel);
        }
    }

    /// @inheritdoc IChannelDirectory
    function delist(address channel, string calldata reason) external onlyOwner {
        uint256 length = bytes(reason).length;
        require(length != 0 && length <= Syntax.MAX_TEXT, DirectoryReasonInvalid(reason));
        _requireListed(channel);
        // The last channel takes the place that becomes free.
        address last = _channels[_channels.length - 1];
        _channels[_places[channel] - 1] = last;
        _places[last] = _places[channel];
        _channels.pop();
        delete _places[channel];
        delete _successors[channel];
        emit ChannelDelisted(channel, reason);
    }

    /// @inheritdoc IChannelDirectory
    function recordSuccession(address channel) external {
        _requireListed(channel);
        address successor = IChannel(channel).successor();
        require(
            isListed(successor) &&
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
        return _channels.length;
    }

    /// @inheritdoc IChannelDirectory
    function channels(uint256 offset, uint256 limit) external view returns (address[] memory page) {
        uint256 length = _channels.length;
        uint256 start = offset < length ? offset : length;
        uint256 size = limit < length - start ? limit : length - start;
        page = new address[](size);
        for (uint256 i = 0; i < size; ++i) page[i] = _channels[start + i];
    }

    /// @inheritdoc IChannelDirectory
    function isListed(address channel) public view returns (bool) {
        return _places[channel] != 0;
    }

    /// @inheritdoc IChannelDirectory
    function latest(address channel) external view returns (address) {
        _requireListed(channel);
        // A line without a loop has fewer steps than there are channels; a loop, which only a false channel could make, ends here.
        for (uint256 left = _channels.length; left != 0; --left) {
            address successor = _successors[channel];
            if (!isListed(successor)) return channel;
            channel = successor;
        }
        revert DirectorySuccessionInvalid(channel, _successors[channel]);
    }

    /// @dev Refuses a channel that is not listed.
    function _requireListed(address channel) private view {
        require(isListed(channel), DirectoryChannelNotListed(channel));
    }
}
