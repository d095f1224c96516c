// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IChannel} from "../interfaces/IChannel.sol";
import {IMessageHook} from "../interfaces/IMessageHook.sol";
import {Kind, KindLibrary} from "./Kind.sol";
import {Lifecycle} from "./Lifecycle.sol";
import {Syntax} from "./Syntax.sol";

/**
 * @title MessageTypes
 * @notice Which message types there are and what each does. Types are data, registered by the consortium; once registered a
 * type never changes, and can only be closed.
 */
abstract contract MessageTypes is Lifecycle {
    /// @dev What is seldom read of a type: its hook, and the last 4 bytes of its target's hash.
    struct Rest {
        IMessageHook hook;
        bytes4 targetTail;
    }

    mapping(bytes32 predicate => Kind) private _kinds;
    mapping(bytes32 predicate => Rest) private _rests;

    /// @inheritdoc IChannel
    function registerMessageType(
        string calldata typeName,
        Effect effect,
        bool batchable,
        bytes32 target,
        IMessageHook hook
    ) external onlyRole(DEFAULT_ADMIN_ROLE) returns (bytes32 predicate) {
        predicate = keccak256(bytes(typeName));
        require(!_isRegistered(predicate), MessageTypeAlreadyRegistered(predicate));
        bool creating = effect == Effect.Inform || effect == Effect.Issue;
        bool hooked = address(hook) != address(0);
        require(
            Syntax.isToken(typeName) &&
                effect != Effect.None &&
                (creating ? target == 0 : _kinds[target].effect() == Effect.Issue) &&
                (!batchable || (creating && !hooked)) &&
                (!hooked ||
                    ((effect == Effect.Issue || effect == Effect.Acquit) && address(hook).code.length != 0)),
            MessageTypeInvalid(predicate)
        );

        _kinds[predicate] = KindLibrary.make(effect, batchable, hooked, target);
        _rests[predicate] = Rest(hook, bytes4(target << 224));
        emit MessageTypeRegistered(predicate, typeName, effect, batchable, target, address(hook));
    }

    /// @inheritdoc IChannel
    function closeMessageType(bytes32 predicate) external onlyRole(DEFAULT_ADMIN_ROLE) {
        require(_isRegistered(predicate), MessageTypeUnknown(predicate));
        require(!_kinds[predicate].isClosed(), MessageTypeAlreadyClosed(predicate));
        _kinds[predicate] = _kinds[predicate].close();
        emit MessageTypeClosed(predicate);
    }

    /// @inheritdoc IChannel
    function messageType(bytes32 predicate) external view returns (MessageType memory) {
        Kind kind = _kinds[predicate];
        Rest memory rest = _rests[predicate];
        return
            MessageType({
                effect: kind.effect(),
                batchable: kind.isBatchable(),
                closed: kind.isClosed(),
                hook: rest.hook,
                target: _targetOf(predicate)
            });
    }

    /// @dev The type's data, refusing one that is unknown or closed.
    function _openKind(bytes32 predicate) internal view returns (Kind kind) {
        kind = _kinds[predicate];
        require(kind.effect() != Effect.None, MessageTypeUnknown(predicate));
        require(!kind.isClosed(), MessageTypeClosedToMessages(predicate));
    }

    /// @dev What the type does; `None` when it is unknown.
    function _effectOf(bytes32 predicate) internal view returns (Effect) {
        return _kinds[predicate].effect();
    }

    /// @dev Refuses unless the acting type `predicate` acts on certificates of type `issued`.
    function _requireTarget(Kind kind, bytes32 predicate, bytes32 issued) internal view {
        // Not `require`, which would read the rest of the target even where all is well.
        if (kind.target28() != bytes28(issued)) revert CertificateTypeMismatch(issued, _targetOf(predicate));
    }

    /// @dev Lets the type's hook, if it has one, refuse a message whose effect is written already.
    function _callHook(
        Kind kind,
        bytes32 id,
        bytes32 sender,
        bytes32 receiver,
        bytes32 predicate,
        bytes32 subject
    ) internal {
        if (!kind.isHooked()) return;
        IMessageHook hook = _rests[predicate].hook;
        bytes4 answer = hook.onMessage(id, sender, receiver, predicate, subject);
        require(answer == IMessageHook.onMessage.selector, MessageHookRefused(address(hook), answer));
    }

    /// @dev Whether the message type exists.
    function _isRegistered(bytes32 predicate) internal view override returns (bool) {
        return _kinds[predicate].effect() != Effect.None;
    }

    /// @dev The whole hash of the type's target.
    function _targetOf(bytes32 predicate) private view returns (bytes32) {
        return bytes32(_kinds[predicate].target28()) | (bytes32(_rests[predicate].targetTail) >> 224);
    }
}
