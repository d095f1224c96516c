// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IAccessControl} from "@openzeppelin/contracts/access/IAccessControl.sol";

import {IChannel} from "../../contracts/interfaces/IChannel.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/**
 * @notice What the fuzzer does to a channel, and a model, written apart from the channel, of what should come of it. Every
 * act is tried by anybody, with true and false words; where the channel takes what the model refuses, refuses what the model
 * takes, or does something else, `violation` says so.
 */
contract ChannelHandler is World {
    struct Certificate {
        bool issued;
        bool acquitted;
        bool revoked;
        uint8 receiver;
        bytes32 obj;
        uint64 validUntil;
    }

    struct Bulk {
        bool anchored;
        uint8 receiver;
        uint64 validUntil;
        uint32 count;
    }

    uint256 internal constant SUBJECTS = 4;
    uint256 internal constant ROOTS = 3;
    uint256 internal constant WORDS = 3;

    /// @notice What went wrong first; empty while nothing has.
    string public violation;
    /// @notice How many acts the channel took, by name: whether the fuzzer reached anything at all.
    mapping(string act => uint256) public taken;

    mapping(uint256 participant => bool) internal suspended;
    mapping(uint256 participant => mapping(bytes32 predicate => mapping(address account => bool)))
        internal operator;
    mapping(uint256 issuer => mapping(uint256 subject => Certificate)) internal certificates;
    mapping(uint256 sender => mapping(uint256 root => Bulk)) internal bulks;
    mapping(uint256 sender => mapping(uint256 root => mapping(uint256 word => uint256)))
        internal bulkAcquittedBits;
    mapping(uint256 sender => mapping(uint256 root => mapping(uint256 word => uint256)))
        internal bulkRevokedBits;
    IChannel.ChannelStatus internal status;

    constructor() {
        build();
        bytes32[8] memory all = types();
        for (uint256 i = 0; i < PARTICIPANTS; ++i) {
            for (uint256 j = 0; j < all.length; ++j) {
                vm.prank(adminOf(i));
                channel.appointOperator(ids[i], all[j], operatorOf(i));
                operator[i][all[j]][operatorOf(i)] = true;
            }
        }
    }

    // ------------------------------------------------------------------------------------------------ acts

    function inform(uint8 sender, uint8 receiver, uint8 caller) external {
        (sender, receiver) = (participant(sender), participant(receiver));
        address by = callerFor(sender, caller);
        bool right =
            status == IChannel.ChannelStatus.Active &&
                operator[sender][attached][by] &&
                !suspended[sender] &&
                !suspended[receiver] &&
                sender != receiver;
        vm.prank(by);
        try channel.send(message(sender, receiver, attached, 0, "document", 0)) {
            record("inform", right, true);
        } catch {
            record("inform", right, false);
        }
    }

    function issue(
        uint8 sender,
        uint8 receiver,
        uint8 subject,
        bytes32 obj,
        uint8 days_,
        uint8 caller
    ) external {
        (sender, receiver) = (participant(sender), participant(receiver));
        address by = callerFor(sender, caller);
        uint64 end = days_ % 4 == 0 ? 0 : uint64(block.timestamp) + (uint64(days_ % 8) * 1 days) - 1 days;
        Certificate storage certificate = certificates[sender][subject % SUBJECTS];
        bool right =
            status == IChannel.ChannelStatus.Active &&
                operator[sender][created][by] &&
                !suspended[sender] &&
                !suspended[receiver] &&
                sender != receiver &&
                !certificate.issued &&
                (end == 0 || block.timestamp <= end);
        vm.prank(by);
        try channel.send(message(sender, receiver, created, subject, obj, end)) {
            record("issue", right, true);
            certificate.issued = true;
            certificate.receiver = receiver;
            certificate.obj = obj;
            certificate.validUntil = end;
        } catch {
            record("issue", right, false);
        }
    }

    function acquit(uint8 sender, uint8 issuer, uint8 subject, uint8 caller, uint8 lie) external {
        (sender, issuer) = (participant(sender), participant(issuer));
        address by = callerFor(sender, caller);
        Certificate storage certificate = certificates[issuer][subject % SUBJECTS];
        bool right =
            status != IChannel.ChannelStatus.Retired &&
                operator[sender][acquitted][by] &&
                !suspended[sender] &&
                lie % 8 > 3 &&
                certificate.issued &&
                certificate.receiver == sender &&
                !certificate.acquitted &&
                !certificate.revoked &&
                (certificate.validUntil == 0 || block.timestamp <= certificate.validUntil);
        IChannel.Issuance memory issuance = issuanceOf(certificate, lie);
        vm.prank(by);
        try channel.sendAbout(message(sender, issuer, acquitted, subject, "evidence", 0), issuance) {
            record("acquit", right, true);
            certificate.acquitted = true;
        } catch {
            record("acquit", right, false);
        }
    }

    function revoke(uint8 sender, uint8 receiver, uint8 subject, uint8 caller, uint8 lie) external {
        (sender, receiver) = (participant(sender), participant(receiver));
        address by = callerFor(sender, caller);
        Certificate storage certificate = certificates[sender][subject % SUBJECTS];
        bool right =
            status != IChannel.ChannelStatus.Retired &&
                operator[sender][revoked][by] &&
                !suspended[sender] &&
                lie % 8 > 3 &&
                certificate.issued &&
                certificate.receiver == receiver &&
                !certificate.revoked;
        IChannel.Issuance memory issuance = issuanceOf(certificate, lie);
        vm.prank(by);
        try channel.sendAbout(message(sender, receiver, revoked, subject, "reason", 0), issuance) {
            record("revoke", right, true);
            certificate.revoked = true;
        } catch {
            record("revoke", right, false);
        }
    }

    function invalidate(uint8 issuer, uint8 subject, uint8 caller) external {
        issuer = participant(issuer);
        address by = account(caller % 2 == 0 ? 0 : caller);
        Certificate storage certificate = certificates[issuer][subject % SUBJECTS];
        bool right =
            status != IChannel.ChannelStatus.Retired &&
                by == CONSORTIUM &&
                suspended[issuer] &&
                certificate.issued &&
                !certificate.revoked;
        IChannel.Message memory issuing = issuingMessage(issuer, subject);
        vm.prank(by);
        try channel.invalidate(issuing) {
            record("invalidate", right, true);
            certificate.revoked = true;
        } catch {
            record("invalidate", right, false);
        }
    }

    function anchor(
        uint8 sender,
        uint8 receiver,
        uint8 root,
        uint16 count,
        uint8 days_,
        uint8 caller
    ) external {
        (sender, receiver) = (participant(sender), participant(receiver));
        address by = callerFor(sender, caller);
        Bulk storage kept = bulks[sender][root % ROOTS];
        uint64 end = days_ % 4 == 0 ? 0 : uint64(block.timestamp) + (uint64(days_ % 8) * 1 days) - 1 days;
        uint32 members = count % uint32(WORDS * 256);
        bool right =
            status == IChannel.ChannelStatus.Active &&
                operator[sender][bulk][by] &&
                !suspended[sender] &&
                !suspended[receiver] &&
                sender != receiver &&
                !kept.anchored &&
                members != 0 &&
                (end == 0 || block.timestamp <= end);
        IChannel.Batch memory header = headerOf(sender, receiver, root, members, end);
        vm.prank(by);
        try channel.anchor(header) {
            record("anchor", right, true);
            bulks[sender][root % ROOTS] = Bulk(true, receiver, end, members);
        } catch {
            record("anchor", right, false);
        }
    }

    /// @dev Settles up to two words, which may be the same one.
    function settle(
        uint8 sender,
        uint8 root,
        uint8[2] memory words,
        uint256[2] memory masks,
        uint8 caller,
        bool used
    ) external {
        sender = participant(sender);
        Bulk memory kept = bulks[sender][root % ROOTS];
        uint8 actor = used ? kept.receiver : sender;
        address by = callerFor(actor, caller);
        bytes32 predicate = used ? bulkAcquitted : bulkRevoked;
        bool right =
            status != IChannel.ChannelStatus.Retired &&
                kept.anchored &&
                operator[actor][predicate][by] &&
                !suspended[actor] &&
                (!used || kept.validUntil == 0 || block.timestamp <= kept.validUntil);
        (uint256[] memory which, uint256[] memory bits) = narrowed(words, masks, kept.count);
        IChannel.Settlement memory settlement = IChannel.Settlement(predicate, "evidence", which, bits);
        IChannel.Batch memory header = headerOf(sender, kept.receiver, root, kept.count, kept.validUntil);
        (bool any, uint256[] memory due) = dueBits(sender, root, which, bits, kept.count, used);
        vm.prank(by);
        try channel.settle(header, settlement) returns (uint256[] memory applied) {
            record("settle", right && any, true);
            keep(sender, root, which, due, applied, used);
        } catch {
            record("settle", right && any, false);
        }
    }

    function invalidateBatch(uint8 sender, uint8 root, uint8 word, uint256 mask, uint8 caller) external {
        sender = participant(sender);
        Bulk memory kept = bulks[sender][root % ROOTS];
        address by = account(caller % 2 == 0 ? 0 : caller);
        bool right =
            status != IChannel.ChannelStatus.Retired &&
                by == CONSORTIUM &&
                suspended[sender] &&
                kept.anchored;
        (uint256[] memory which, uint256[] memory bits) = narrowed([word, word], [mask, mask], kept.count);
        IChannel.Batch memory header = headerOf(sender, kept.receiver, root, kept.count, kept.validUntil);
        (bool any, uint256[] memory due) = dueBits(sender, root, which, bits, kept.count, false);
        vm.prank(by);
        try channel.invalidateBatch(header, which, bits) returns (uint256[] memory applied) {
            record("invalidateBatch", right && any, true);
            keep(sender, root, which, due, applied, false);
        } catch {
            record("invalidateBatch", right && any, false);
        }
    }

    function suspendOrReinstate(uint8 who, uint8 caller) external {
        who = participant(who);
        address by = account(caller % 2 == 0 ? 0 : caller);
        bool was = suspended[who];
        bytes memory call =
            was
                ? abi.encodeCall(IChannel.reinstate, (ids[who]))
                : abi.encodeCall(IChannel.suspend, (ids[who]));
        vm.prank(by);
        (bool success, ) = address(channel).call(call);
        record("suspend or reinstate", by == CONSORTIUM, success);
        if (success) suspended[who] = !was;
    }

    function appointOrDismiss(uint8 who, uint8 which, uint8 whom, uint8 caller, bool dismissing) external {
        who = participant(who);
        address by = caller % 2 == 0 ? adminOf(who) : account(caller);
        bytes32 predicate = types()[which % 8];
        address subject = account(whom);
        bytes memory call =
            dismissing
                ? abi.encodeCall(IChannel.dismissOperator, (ids[who], predicate, subject))
                : abi.encodeCall(IChannel.appointOperator, (ids[who], predicate, subject));
        vm.prank(by);
        (bool success, ) = address(channel).call(call);
        // A suspended participant may take rights away, but give none.
        record("appoint or dismiss", by == adminOf(who) && (dismissing || !suspended[who]), success);
        if (success) operator[who][predicate][subject] = !dismissing;
    }

    /// @dev OpenZeppelin's own ways to give and take a role are closed to everybody, the consortium included.
    function grab(uint8 who, uint8 which, uint8 whom, uint8 caller, bool revoking) external {
        bytes32 role = keccak256(abi.encode(ids[participant(who)], types()[which % 8]));
        bytes memory call =
            revoking
                ? abi.encodeCall(IAccessControl.revokeRole, (role, account(whom)))
                : abi.encodeCall(IAccessControl.grantRole, (role, account(whom)));
        vm.prank(account(caller));
        (bool success, ) = address(channel).call(call);
        record("grab", false, success);
    }

    function wait(uint32 time) external {
        vm.warp(block.timestamp + (time % 2 days));
    }

    /// @dev Seldom, so that most of what is tried happens on an active channel.
    function age(uint16 dice, uint8 caller) external {
        if (dice % 64 != 0) return;
        address by = account(caller % 2 == 0 ? 0 : caller);
        bool active = status == IChannel.ChannelStatus.Active;
        bytes memory call =
            active ? abi.encodeCall(IChannel.deprecate, (address(0))) : abi.encodeCall(IChannel.retire, ());
        vm.prank(by);
        (bool success, ) = address(channel).call(call);
        record("age", by == CONSORTIUM && status != IChannel.ChannelStatus.Retired, success);
        if (success) status = active ? IChannel.ChannelStatus.Deprecated : IChannel.ChannelStatus.Retired;
    }

    // ------------------------------------------------------------------------------------------------ comparing

    /// @notice Whether everything the channel says of its certificates is what the model says.
    function agrees() external view returns (bool) {
        for (uint256 issuer = 0; issuer < PARTICIPANTS; ++issuer) {
            for (uint256 subject = 0; subject < SUBJECTS; ++subject) {
                Certificate memory certificate = certificates[issuer][subject];
                IChannel.Message memory issuing = issuingMessage(uint8(issuer), uint8(subject));
                bool expired = certificate.validUntil != 0 && block.timestamp > certificate.validUntil;
                if (
                    !same(
                        channel.stateOf(issuing),
                        certificate.issued,
                        certificate.acquitted,
                        certificate.revoked,
                        expired
                    )
                ) {
                    return false;
                }
                if (
                    channel.isIssued(ids[issuer], created, keccak256(bytes(issuing.subject))) !=
                    certificate.issued
                ) {
                    return false;
                }
            }
        }
        return true;
    }

    /// @notice Whether the channel says of each certificate in a batch what the model says; `chosen` says where to look.
    function agreesInBulk(uint256 chosen) external view returns (bool) {
        for (uint256 sender = 0; sender < PARTICIPANTS; ++sender) {
            for (uint256 root = 0; root < ROOTS; ++root) {
                Bulk memory kept = bulks[sender][root];
                (uint240 fingerprint, ) = channel.batch(ids[sender], rootOf(root));
                if ((fingerprint != 0) != kept.anchored) return false;
                if (!kept.anchored) continue;
                IChannel.Batch memory header = headerOf(
                    uint8(sender),
                    kept.receiver,
                    uint8(root),
                    kept.count,
                    kept.validUntil
                );
                bool expired = kept.validUntil != 0 && block.timestamp > kept.validUntil;
                for (uint256 i = 0; i < 16; ++i) {
                    uint256 index = uint256(keccak256(abi.encode(chosen, i))) % kept.count;
                    bool isAcquitted =
                        (bulkAcquittedBits[sender][root][index / 256] >> (index % 256)) & 1 == 1;
                    bool isRevoked = (bulkRevokedBits[sender][root][index / 256] >> (index % 256)) & 1 == 1;
                    if (!same(channel.leafState(header, index), true, isAcquitted, isRevoked, expired))
                        return false;
                }
            }
        }
        return true;
    }

    // ------------------------------------------------------------------------------------------------ private

    function record(string memory act, bool right, bool success) private {
        if (success) ++taken[act];
        if (success == right || bytes(violation).length != 0) return;
        violation = string.concat(
            act,
            success ? " taken, though it is wrong" : " refused, though it is right"
        );
    }

    function participant(uint8 number) private pure returns (uint8) {
        return uint8(number % PARTICIPANTS);
    }

    /// @dev The participant's own operator more often than not, else anybody.
    function callerFor(uint256 who, uint8 caller) private pure returns (address) {
        return caller % 4 != 0 ? operatorOf(who) : account(caller / 4);
    }

    function message(
        uint8 sender,
        uint8 receiver,
        bytes32 predicate,
        uint8 subject,
        bytes32 obj,
        uint64 end
    ) private view returns (IChannel.Message memory) {
        string[SUBJECTS] memory subjects = [
            "WBC208897",
            "a",
            "urn:uuid:123e4567-e89b-42d3-a456-426614174000",
            "~!~"
        ];
        return
            IChannel.Message(ids[sender], ids[receiver], subjects[subject % SUBJECTS], predicate, obj, end);
    }

    function issuingMessage(uint8 issuer, uint8 subject) private view returns (IChannel.Message memory) {
        Certificate memory certificate = certificates[issuer][subject % SUBJECTS];
        return
            message(issuer, certificate.receiver, created, subject, certificate.obj, certificate.validUntil);
    }

    /// @dev The truth about a certificate's issue, or, for a `lie` of 0 to 3 of 8, a lie about it.
    function issuanceOf(
        Certificate memory certificate,
        uint8 lie
    ) private view returns (IChannel.Issuance memory truth) {
        truth = IChannel.Issuance(
            ids[certificate.receiver],
            created,
            certificate.obj,
            certificate.validUntil
        );
        if (lie % 8 == 0) truth.receiver = ids[(certificate.receiver + 1 + lie / 8) % PARTICIPANTS];
        if (lie % 8 == 0 && truth.receiver == ids[certificate.receiver]) truth.receiver = "nobody";
        if (lie % 8 == 1) truth.predicate = licensed;
        if (lie % 8 == 2) truth.obj = ~truth.obj;
        if (lie % 8 == 3) truth.validUntil = truth.validUntil + 365 days;
    }

    function rootOf(uint256 root) private pure returns (bytes32) {
        return keccak256(abi.encode("root", root % ROOTS));
    }

    function headerOf(
        uint8 sender,
        uint8 receiver,
        uint8 root,
        uint32 count,
        uint64 end
    ) private view returns (IChannel.Batch memory) {
        return IChannel.Batch(ids[sender], ids[receiver], bulk, end, rootOf(root), count, "body");
    }

    /// @dev One word or two out of the fuzzer's, the masks sometimes cut to the batch's count and sometimes not.
    function narrowed(
        uint8[2] memory words,
        uint256[2] memory masks,
        uint32 count
    ) private pure returns (uint256[] memory which, uint256[] memory bits) {
        uint256 length = 1 + (masks[0] % 2);
        which = new uint256[](length);
        bits = new uint256[](length);
        for (uint256 i = 0; i < length; ++i) {
            which[i] = words[i] % (WORDS + (words[i] > 250 ? 1 : 0));
            bits[i] = masks[i];
            if (words[i] % 5 == 0) continue;
            for (uint256 bit = 0; bit < 256; ++bit) {
                if (256 * which[i] + bit >= count) bits[i] &= ~(1 << bit);
            }
        }
    }

    /// @dev What a settlement should apply, bit by bit; `any` is false when it should be refused for its bits.
    function dueBits(
        uint8 sender,
        uint8 root,
        uint256[] memory which,
        uint256[] memory bits,
        uint32 count,
        bool used
    ) private view returns (bool any, uint256[] memory due) {
        due = new uint256[](which.length);
        for (uint256 i = 0; i < which.length; ++i) {
            uint256 isAcquitted = bulkAcquittedBits[sender][root % ROOTS][which[i]];
            uint256 isRevoked = bulkRevokedBits[sender][root % ROOTS][which[i]];
            if (which[i] * 256 >= count) return (false, due);
            for (uint256 bit = 0; bit < 256; ++bit) {
                uint256 one = 1 << bit;
                if (bits[i] & one == 0) continue;
                if (which[i] * 256 + bit >= count) return (false, due);
                bool before = i == 1 && which[0] == which[1] && due[0] & one != 0;
                if (before || isRevoked & one != 0 || (used && isAcquitted & one != 0)) continue;
                due[i] |= one;
                any = true;
            }
        }
    }

    function keep(
        uint8 sender,
        uint8 root,
        uint256[] memory which,
        uint256[] memory due,
        uint256[] memory applied,
        bool used
    ) private {
        record("settle as due", keccak256(abi.encode(due)) == keccak256(abi.encode(applied)), true);
        for (uint256 i = 0; i < which.length; ++i) {
            if (used) bulkAcquittedBits[sender][root % ROOTS][which[i]] |= applied[i];
            else bulkRevokedBits[sender][root % ROOTS][which[i]] |= applied[i];
        }
    }

    function same(
        IChannel.CertificateState memory state,
        bool issued,
        bool isAcquitted,
        bool isRevoked,
        bool expired
    ) private pure returns (bool) {
        return
            state.issued == issued &&
            state.acquitted == isAcquitted &&
            state.revoked == isRevoked &&
            state.expired == (issued && expired);
    }
}
