// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IChannel} from "../interfaces/IChannel.sol";
import {Participants} from "./Participants.sol";
import {ChannelProbe} from "./ChannelProbe.sol";
import {Syntax} from "./Syntax.sol";

/**
 * @title Lifecycle
 * @notice A channel's terms, its way from active over deprecated to retired, and its place in a line of succession.
 */
abstract contract Lifecycle is Participants {
    uint64 private immutable _validFrom;
    uint64 private immutable _validUntil;
    bool private immutable _test;
    bool private immutable _opaqueSubjects;
    address private immutable _predecessor;

    // These share one slot with what `Participants` keeps last: every send reads it.
    ChannelStatus private _status;
    address private _successor;
    /// @dev Whether the predecessor was seen to have handed over to this channel, which it cannot take back.
    bool private _succeeded;

    string private _name;

    constructor(Terms memory terms) {
        uint256 nameLength = bytes(terms.name).length;
        require(nameLength != 0 && nameLength <= Syntax.MAX_TEXT, ChannelArgumentInvalid("name"));
        require(
            terms.validUntil == 0 ||
                (terms.validUntil > terms.validFrom && terms.validUntil > block.timestamp),
            ChannelArgumentInvalid("validUntil")
        );
        require(
            terms.predecessor == address(0) || ChannelProbe.isChannel(terms.predecessor),
            ChannelArgumentInvalid("predecessor")
        );
        _name = terms.name;
        _validFrom = terms.validFrom;
        _validUntil = terms.validUntil;
        _test = terms.test;
        _opaqueSubjects = terms.opaqueSubjects;
        _predecessor = terms.predecessor;
        emit ChannelCreated(
            terms.name,
            terms.test,
            terms.opaqueSubjects,
            terms.validFrom,
            terms.validUntil,
            terms.recoveryDelay,
            terms.predecessor
        );
    }

    /// @inheritdoc IChannel
    function deprecate(address newSuccessor) external onlyRole(DEFAULT_ADMIN_ROLE) {
        require(
            _status == ChannelStatus.Active ||
                (_status == ChannelStatus.Deprecated && _successor == address(0)),
            ChannelStatusMismatch(_status)
        );
        require(
            newSuccessor == address(0) || ChannelProbe.namesPredecessor(newSuccessor, address(this)),
            ChannelSuccessorInvalid(newSuccessor)
        );
        _status = ChannelStatus.Deprecated;
        _successor = newSuccessor;
        emit ChannelDeprecated(newSuccessor);
    }

    /// @inheritdoc IChannel
    function retire() external onlyRole(DEFAULT_ADMIN_ROLE) {
        require(_status == ChannelStatus.Deprecated, ChannelStatusMismatch(_status));
        _status = ChannelStatus.Retired;
        emit ChannelRetired();
    }

    /// @inheritdoc IChannel
    function name() external view returns (string memory) {
        return _name;
    }

    /// @inheritdoc IChannel
    function isTest() external view returns (bool) {
        return _test;
    }

    /// @inheritdoc IChannel
    function opaqueSubjects() external view returns (bool) {
        return _opaqueSubjects;
    }

    /// @inheritdoc IChannel
    function status() external view returns (ChannelStatus) {
        return _status;
    }

    /// @inheritdoc IChannel
    function validFrom() external view returns (uint64) {
        return _validFrom;
    }

    /// @inheritdoc IChannel
    function validUntil() external view returns (uint64) {
        return _validUntil;
    }

    /// @inheritdoc IChannel
    function predecessor() external view returns (address) {
        return _predecessor;
    }

    /// @inheritdoc IChannel
    function successor() external view returns (address) {
        return _successor;
    }

    /// @dev Refuses unless the channel takes messages that inform, issue or anchor.
    function _requireOpen(bytes32 id, bytes32 predicate, address account) internal view {
        require(_status == ChannelStatus.Active, ChannelNotActive(_status));
        require(
            block.timestamp >= _validFrom && (_validUntil == 0 || block.timestamp <= _validUntil),
            ChannelOutsideValidity(_validFrom, _validUntil)
        );
        _requireOperator(id, predicate, account);
    }

    /// @dev Refuses unless the channel takes messages about certificates that exist: acquit, revoke, settle, invalidate.
    function _requireSettlingBy(bytes32 id, bytes32 predicate, address account) internal view {
        _requireSettling();
        _requireOperator(id, predicate, account);
    }
    function _requireSettling() internal view {
        require(_status != ChannelStatus.Retired, ChannelNotActive(_status));
        require(block.timestamp >= _validFrom, ChannelOutsideValidity(_validFrom, _validUntil));
    }

    /**
     * @dev Refuses unless nothing can be issued on the predecessor any more and this channel alone takes over: else one
     * number could be issued on both, or on two successors. A predecessor that is merely past its validity must still be
     * deprecated in favour of this channel.
     */
    function _requireSucceeded() internal {
        if (_predecessor == address(0) || _succeeded) return;
        require(
            IChannel(_predecessor).status() != ChannelStatus.Active &&
                IChannel(_predecessor).successor() == address(this),
            ChannelPredecessorActive(_predecessor)
        );
        _succeeded = true;
    }

    /// @dev Whether the number was issued on the predecessor, or on one of its own.
    function _isIssuedBefore(
        bytes32 sender,
        bytes32 predicate,
        bytes32 subject
    ) internal view returns (bool) {
        return _predecessor != address(0) && IChannel(_predecessor).isIssued(sender, predicate, subject);
    }

    /// @dev Refuses a subject that is malformed, or not opaque where the channel demands it.
    function _requireSubject(string calldata subject) internal view {
        require(Syntax.isToken(subject), MessageSubjectInvalid(subject));
        require(!_opaqueSubjects || Syntax.isOpaque(subject), MessageSubjectNotOpaque(subject));
    }
}
