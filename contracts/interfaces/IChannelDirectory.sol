// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @title IChannelDirectory
 * @notice The channels of one network: where a node finds them, and which one took over from which. A listing is the
 * directory owner's word that the channel belongs here; a channel's terms and status are read from the channel itself.
 */
interface IChannelDirectory {
    /**
     * @notice A channel was listed; `codeHash` is its code's hash at that moment, for nodes to pin.
     * @param channel the channel's address.
     * @param name the name in full.
     * @param codeHash the hash of its code.
     */
    event ChannelListed(address indexed channel, string name, bytes32 codeHash);

    /**
     * @notice A channel was taken off the list, for the stated reason.
     * @param channel the channel's address.
     * @param reason why, for people to read.
     */
    event ChannelDelisted(address indexed channel, string reason);

    /**
     * @notice A listed, deprecated channel's successor was recorded.
     * @param channel the channel's address.
     * @param successor the channel that takes over; zero for none.
     */
    event SuccessionRecorded(address indexed channel, address indexed successor);

    /// @notice The channel is listed already.
    error DirectoryChannelAlreadyListed(address channel);
    /// @notice The channel is not listed.
    error DirectoryChannelNotListed(address channel);
    /// @notice The address does not answer as a channel does.
    error DirectoryChannelInvalid(address channel);
    /// @notice The channel is not deprecated in favour of a listed successor.
    error DirectorySuccessionInvalid(address channel, address successor);
    /// @notice A reason has 1 to 200 bytes.
    error DirectoryReasonInvalid(string reason);

    /**
     * @notice Lists a channel.
     *
     * Requirements:
     * - the caller is the owner.
     * - the address answers as a channel does: {DirectoryChannelInvalid}.
     * - it is not listed: {DirectoryChannelAlreadyListed}.
     *
     * Emits {ChannelListed}.
     * @param channel the channel's address.
     */
    function list(address channel) external;

    /**
     * @notice Takes a channel off the list, and forgets its recorded succession.
     *
     * Requirements:
     * - the caller is the owner.
     * - the channel is listed: {DirectoryChannelNotListed}.
     * - the reason has 1 to 200 bytes: {DirectoryReasonInvalid}.
     *
     * Emits {ChannelDelisted}.
     * @param channel the channel's address.
     * @param reason why, for people to read.
     */
    function delist(address channel, string calldata reason) external;

    /**
     * @notice Records what the channel itself says of its successor. Anyone may call it; saying it again changes nothing.
     *
     * Requirements:
     * - the channel is listed: {DirectoryChannelNotListed}.
     * - the channel is deprecated, its successor is listed, and names it as its predecessor: {DirectorySuccessionInvalid}.
     *
     * Emits {SuccessionRecorded}.
     * @param channel the channel that was succeeded.
     */
    function recordSuccession(address channel) external;

    /// @notice How many channels are listed.
    /// @return the number.
    function count() external view returns (uint256);

    /**
     * @notice A page of the listed channels, in no promised order.
     * @param offset how many to pass over.
     * @param limit how many to return at most.
     * @return page the channels' addresses.
     */
    function channels(uint256 offset, uint256 limit) external view returns (address[] memory page);

    /**
     * @notice Whether a channel is listed.
     * @param channel the channel's address.
     * @return whether it is.
     */
    function isListed(address channel) external view returns (bool);

    /**
     * @notice The listed channel at the end of the recorded line of succession that begins at `channel`.
     *
     * Requirements:
     * - the channel is listed: {DirectoryChannelNotListed}.
     * - the line ends, as every line of true channels does: {DirectorySuccessionInvalid}.
     * @param channel where the line begins.
     * @return its end; the channel itself where no succession is recorded, or the successor is not listed any more.
     */
    function latest(address channel) external view returns (address);
}
