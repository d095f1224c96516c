// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";
import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";
import {AccessControlDefaultAdminRules} from "@openzeppelin/contracts/access/extensions/AccessControlDefaultAdminRules.sol";
import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";

import {IChannel} from "../interfaces/IChannel.sol";
import {Syntax} from "./Syntax.sol";

/**
 * @title Participants
 * @notice Who takes part, and which accounts act for whom. The consortium (`DEFAULT_ADMIN_ROLE`) admits, suspends and
 * announces the recovery of a lost admin; a participant's own admin, and nobody else, appoints the accounts that act for it.
 */
abstract contract Participants is IChannel, AccessControlDefaultAdminRules {
    /// @dev An announced replacement of a participant's admin; `newAdmin` is zero when there is none.
    struct Recovery {
        address newAdmin;
        uint48 notBefore;
    }

    /// @inheritdoc IChannel
    uint48 public constant MIN_RECOVERY_DELAY = 1 days;

    /// @dev Stands in the place of a predicate in the role of a participant's node. No predicate's hash is so short.
    bytes32 private constant _NODE = "node";
    /// @dev The admin role of every role but the consortium's: nobody holds it and nobody can be given it.
    bytes32 private constant _NOBODY = bytes32(type(uint256).max);

    uint48 private immutable _recoveryDelay;
    bool private immutable _plainEndpoints;

    mapping(bytes32 participant => Participant) private _participants;
    mapping(bytes32 participant => address) private _pendingAdmins;
    mapping(bytes32 participant => Recovery) private _recoveries;

    /// @dev How many participants are suspended. While there are none, whoever holds an operator's right belongs to an
    /// active participant, and sending need not read the sender's record. Last here, to share a slot with `Lifecycle`.
    uint32 private _suspendedCount;

    /// @dev Restricts to the participant's present admin.
    modifier onlyAdminOf(bytes32 id) {
        require(msg.sender == _participants[id].admin, ParticipantAdminUnauthorized(id, msg.sender));
        _;
    }

    constructor(Terms memory terms) {
        require(
            terms.recoveryDelay != 0 && (terms.test || terms.recoveryDelay >= MIN_RECOVERY_DELAY),
            ChannelArgumentInvalid("recoveryDelay")
        );
        _recoveryDelay = terms.recoveryDelay;
        _plainEndpoints = terms.test;
    }

    // ------------------------------------------------------------------------------------------------ consortium

    /// @inheritdoc IChannel
    function admit(
        string calldata domain,
        bytes2 jurisdiction,
        address admin
    ) external onlyRole(DEFAULT_ADMIN_ROLE) returns (bytes32 id) {
        require(Syntax.isDomain(domain), ParticipantDomainInvalid(domain));
        require(Syntax.isJurisdiction(jurisdiction), ParticipantJurisdictionInvalid(jurisdiction));
        require(admin != address(0), ParticipantAdminInvalid(admin));
        id = keccak256(bytes(domain));
        require(_participants[id].status == ParticipantStatus.Unknown, ParticipantAlreadyInvited(id));

        _participants[id] = Participant(admin, ParticipantStatus.Invited, jurisdiction);
        emit ParticipantInvited(id, domain, jurisdiction, admin);
    }

    /// @inheritdoc IChannel
    function withdrawInvitation(bytes32 id) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireStatus(id, ParticipantStatus.Invited);
        delete _participants[id];
        emit InvitationWithdrawn(id);
    }

    /// @inheritdoc IChannel
    function suspend(bytes32 id) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireStatus(id, ParticipantStatus.Active);
        _participants[id].status = ParticipantStatus.Suspended;
        ++_suspendedCount;
        emit ParticipantSuspended(id);
    }

    /// @inheritdoc IChannel
    function reinstate(bytes32 id) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireStatus(id, ParticipantStatus.Suspended);
        _participants[id].status = ParticipantStatus.Active;
        --_suspendedCount;
        emit ParticipantReinstated(id);
    }

    /// @inheritdoc IChannel
    function announceRecovery(bytes32 id, address newAdmin) external onlyRole(DEFAULT_ADMIN_ROLE) {
        _requireSeated(id);
        require(
            newAdmin != address(0) && newAdmin != _participants[id].admin,
            ParticipantAdminInvalid(newAdmin)
        );
        uint48 notBefore = uint48(block.timestamp) + _recoveryDelay;
        _recoveries[id] = Recovery(newAdmin, notBefore);
        emit RecoveryAnnounced(id, newAdmin, notBefore);
    }

    // ------------------------------------------------------------------------------------------------ participants

    /// @inheritdoc IChannel
    function accept(bytes32 id, string calldata endpoint) external onlyAdminOf(id) {
        _requireStatus(id, ParticipantStatus.Invited);
        _participants[id].status = ParticipantStatus.Active;
        emit ParticipantAccepted(id);
        _announceEndpoint(id, endpoint);
    }

    /// @inheritdoc IChannel
    function setEndpoint(bytes32 id, string calldata endpoint) external onlyAdminOf(id) {
        _requireStatus(id, ParticipantStatus.Active);
        _announceEndpoint(id, endpoint);
    }

    /// @inheritdoc IChannel
    function appointOperator(bytes32 id, bytes32 predicate, address account) external onlyAdminOf(id) {
        _requireStatus(id, ParticipantStatus.Active);
        require(account != address(0), OperatorInvalid(account));
        require(_isRegistered(predicate), MessageTypeUnknown(predicate));
        if (_grantRole(_role(id, predicate), account)) emit OperatorAppointed(id, predicate, account);
    }

    /// @inheritdoc IChannel
    function dismissOperator(bytes32 id, bytes32 predicate, address account) external onlyAdminOf(id) {
        if (_revokeRole(_role(id, predicate), account)) emit OperatorDismissed(id, predicate, account);
    }

    /// @inheritdoc IChannel
    function appointNodeKey(bytes32 id, address account) external onlyAdminOf(id) {
        _requireStatus(id, ParticipantStatus.Active);
        require(account != address(0), OperatorInvalid(account));
        if (_grantRole(_role(id, _NODE), account)) emit NodeKeyAppointed(id, account);
    }

    /// @inheritdoc IChannel
    function dismissNodeKey(bytes32 id, address account) external onlyAdminOf(id) {
        if (_revokeRole(_role(id, _NODE), account)) emit NodeKeyDismissed(id, account);
    }

    /// @inheritdoc IChannel
    function transferAdmin(bytes32 id, address newAdmin) external onlyAdminOf(id) {
        _requireStatus(id, ParticipantStatus.Active);
        _pendingAdmins[id] = newAdmin;
        emit AdminTransferStarted(id, newAdmin);
    }

    /// @inheritdoc IChannel
    function acceptAdmin(bytes32 id) external {
        require(msg.sender == _pendingAdmins[id], ParticipantAdminUnauthorized(id, msg.sender));
        _requireStatus(id, ParticipantStatus.Active);
        // The seat has an admin that can act: an announced recovery has lost its reason.
        if (_recoveries[id].newAdmin != address(0)) emit RecoveryCancelled(id);
        _seatAdmin(id, msg.sender);
    }

    /// @inheritdoc IChannel
    function cancelRecovery(bytes32 id) external {
        require(
            msg.sender == _participants[id].admin || hasRole(DEFAULT_ADMIN_ROLE, msg.sender),
            ParticipantAdminUnauthorized(id, msg.sender)
        );
        require(_recoveries[id].newAdmin != address(0), RecoveryNotAnnounced(id));
        delete _recoveries[id];
        emit RecoveryCancelled(id);
    }

    /// @inheritdoc IChannel
    function completeRecovery(bytes32 id) external {
        Recovery memory recovery = _recoveries[id];
        require(recovery.newAdmin != address(0), RecoveryNotAnnounced(id));
        require(msg.sender == recovery.newAdmin, ParticipantAdminUnauthorized(id, msg.sender));
        require(block.timestamp >= recovery.notBefore, RecoveryTooEarly(id, recovery.notBefore));
        _seatAdmin(id, msg.sender);
    }

    // ------------------------------------------------------------------------------------------------ views

    /// @inheritdoc IChannel
    function recoveryDelay() external view returns (uint48) {
        return _recoveryDelay;
    }

    /// @inheritdoc IChannel
    function participant(bytes32 id) external view returns (Participant memory) {
        return _participants[id];
    }

    /// @inheritdoc IChannel
    function isOperator(bytes32 id, bytes32 predicate, address account) external view returns (bool) {
        return hasRole(_role(id, predicate), account);
    }

    /// @inheritdoc IChannel
    function isNodeKey(bytes32 id, address account) external view returns (bool) {
        return _participants[id].status == ParticipantStatus.Active && hasRole(_role(id, _NODE), account);
    }

    /**
     * @notice The role that administers `role` in OpenZeppelin's sense: the consortium's own for its own, and for every other
     * one a role that nobody can hold, so that `grantRole` and `revokeRole` give nobody a way around the participants' admins.
     * An account may still renounce a right of its own.
     * @inheritdoc IAccessControl
     */
    function getRoleAdmin(
        bytes32 role
    ) public pure override(AccessControl, IAccessControl) returns (bytes32 adminRole) {
        return role == DEFAULT_ADMIN_ROLE ? DEFAULT_ADMIN_ROLE : _NOBODY;
    }

    // ------------------------------------------------------------------------------------------------ for the other parts

    /// @dev Refuses unless `account` holds the right to send `predicate` for an active participant `id`.
    function _requireOperator(bytes32 id, bytes32 predicate, address account) internal view {
        if (_suspendedCount != 0) _requireActive(id);
        require(hasRole(_role(id, predicate), account), OperatorUnauthorized(account, id, predicate));
    }

    /// @dev Refuses unless the participant is active.
    function _requireActive(bytes32 id) internal view {
        ParticipantStatus current = _participants[id].status;
        require(current == ParticipantStatus.Active, ParticipantNotActive(id, current));
    }

    /// @dev Refuses unless the participant is suspended.
    function _requireSuspended(bytes32 id) internal view {
        require(_participants[id].status == ParticipantStatus.Suspended, CertificateIssuerNotSuspended(id));
    }

    /// @dev Whether the message type exists.
    function _isRegistered(bytes32 predicate) internal view virtual returns (bool);

    // ------------------------------------------------------------------------------------------------ private

    /// @dev Seats a new admin; whatever was under way to replace the previous one ends.
    function _seatAdmin(bytes32 id, address newAdmin) private {
        address previousAdmin = _participants[id].admin;
        delete _pendingAdmins[id];
        delete _recoveries[id];
        _participants[id].admin = newAdmin;
        emit AdminTransferred(id, previousAdmin, newAdmin);
    }

    /// @dev Checks and announces an endpoint; it is kept in the event only.
    function _announceEndpoint(bytes32 id, string calldata endpoint) private {
        require(Syntax.isEndpoint(endpoint, _plainEndpoints), ParticipantEndpointInvalid(endpoint));
        emit EndpointChanged(id, endpoint);
    }

    /// @dev Refuses unless the participant's status is the one expected.
    function _requireStatus(bytes32 id, ParticipantStatus expected) private view {
        ParticipantStatus current = _participants[id].status;
        require(current == expected, ParticipantStatusMismatch(id, current));
    }

    /// @dev Refuses unless the participant has accepted its seat, suspended or not.
    function _requireSeated(bytes32 id) private view {
        ParticipantStatus current = _participants[id].status;
        require(
            current == ParticipantStatus.Active || current == ParticipantStatus.Suspended,
            ParticipantStatusMismatch(id, current)
        );
    }

    /// @dev The right to send `predicate` for a participant; to speak for its node, where that is `_NODE`.
    function _role(bytes32 id, bytes32 predicate) private pure returns (bytes32) {
        return Hashes.efficientKeccak256(id, predicate);
    }
}
