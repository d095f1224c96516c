// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @title IChannelDirectory
 * @notice The channels of one network: where a node finds them, and which one took over from which. A listing is the
 * directory owner's word that the channel belongs here; a channel's terms and status are read from the channel itself.
 */
interface IChannelDirectory {
    /// @notice A channel was listed; `codeHash` is its code's hash at that moment, for nodes to pin.
    event ChannelListed(address indexed channel, string name, bytes32 codeHash);
    /// @notice A channel was taken off the list, for the stated reason.
    event ChannelDelisted(address indexed channel, string reason);
    /// @notice A listed, deprecated channel's successor was recorded.
    event SuccessionRecorded(address indexed channel, address indexed successor);

    error DirectoryChannelAlreadyListed(address channel);
    error DirectoryChannelNotListed(address channel);
    /// @notice The address does not answer as a channel does.
    error DirectoryChannelInvalid(address channel);
    /// @notice The channel is not deprecated in favour of a listed successor.
    error DirectorySuccessionInvalid(address channel, address successor);
    error DirectoryReasonInvalid(string reason);

    /// @notice Lists a channel. Owner only.
    function list(address channel) external;
    /// @notice Takes a channel off the list. Owner only.
    function delist(address channel, string calldata reason) external;
    /// @notice Records what the channel itself says of its successor. Anyone may call it.
    function recordSuccession(address channel) external;

    /// @notice Number of listed channels.
    function count() external view returns (uint256);
    /// @notice Up to `limit` listed channels from position `offset`, in no promised order.
    function channels(uint256 offset, uint256 limit) external view returns (address[] memory);
    function isListed(address channel) external view returns (bool);
    /// @notice The listed channel at the end of the recorded line of succession that begins at `channel`.
    function latest(address channel) external view returns (address);
}
