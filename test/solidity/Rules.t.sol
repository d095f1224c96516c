// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {ITariffQuota} from "../../contracts/interfaces/ITariffQuota.sol";
import {IChannel} from "../../contracts/interfaces/IChannel.sol";
import {Kind, KindLibrary} from "../../contracts/channel/Kind.sol";
import {MessageHash} from "../../contracts/channel/MessageHash.sol";
import {Syntax} from "../../contracts/channel/Syntax.sol";
import {TariffQuota} from "../../contracts/hooks/TariffQuota.sol";
import {ChannelHandler} from "./ChannelHandler.sol";
import {vm} from "./Vm.sol";
import {World} from "./World.sol";

/// @notice Each rule of form, and each piece of arithmetic, beside the plainest way to say the same.
contract RulesTest is World {
    function setUp() public {
        build();
    }

    // ------------------------------------------------------------------------------------------------ syntax

    function token(string calldata text) external pure returns (bool) {
        return Syntax.isToken(text);
    }

    function opaque(string calldata text) external pure returns (bool) {
        return Syntax.isOpaque(text);
    }

    function domain(string calldata text) external pure returns (bool) {
        return Syntax.isDomain(text);
    }

    function testFuzz_isToken_judgesEveryByte(bytes memory data) public view {
        bool right = data.length != 0 && data.length <= 200;
        for (uint256 i = 0; i < data.length; ++i) {
            if (uint8(data[i]) < 0x21 || uint8(data[i]) > 0x7e) right = false;
        }
        require(this.token(string(data)) == right, "isToken");
    }

    /// @dev Printable everywhere but, perhaps, in one place: random bytes hardly ever come near.
    function testFuzz_isToken_findsTheOneWrongByte(
        uint8 length,
        uint8 place,
        bytes1 odd,
        uint8 even
    ) public view {
        bytes memory data = new bytes(length);
        for (uint256 i = 0; i < length; ++i) data[i] = bytes1(0x21 + (even % 0x5e));
        if (length != 0) data[place % length] = odd;
        bool right = length != 0 && length <= 200 && odd >= 0x21 && odd <= 0x7e;
        require(this.token(string(data)) == right, "isToken");
    }

    function testFuzz_isOpaque_wantsThePrefixAndMore(bytes memory tail) public view {
        require(this.opaque(string.concat("urn:uuid:", string(tail))) == (tail.length != 0), "uuid");
        require(this.opaque(string.concat("urn:hmac-sha256:", string(tail))) == (tail.length != 0), "hmac");
        require(!this.opaque(string.concat("urn:uuie:", string(tail))), "another prefix");
    }

    function testFuzz_isDomain_acceptsLabelsAndNothingElse(
        bytes1 odd,
        uint8 place,
        uint8 length
    ) public view {
        bytes memory label = new bytes(1 + (length % 70));
        for (uint256 i = 0; i < label.length; ++i) label[i] = "x";
        uint256 spot = place % label.length;
        label[spot] = odd;
        bool digit = odd >= "0" && odd <= "9";
        bool letter = odd >= "a" && odd <= "z";
        bool hyphen = odd == "-" && spot != 0 && spot != label.length - 1;
        bool dot = odd == "." && spot != 0 && spot != label.length - 1;
        bool fits = dot ? spot <= 63 && label.length - spot - 1 <= 63 : label.length <= 63;
        bool right = (digit || letter || hyphen || dot) && fits;
        require(this.domain(string.concat(string(label), ".au")) == right, "isDomain");
    }

    // ------------------------------------------------------------------------------------------------ hashes

    function testFuzz_messageId_isTheEip712StructHash(
        bytes32 sender,
        bytes32 receiver,
        string memory subject,
        bytes32 predicate,
        bytes32 obj,
        uint64 end
    ) public view {
        bytes32 plain = keccak256(
            abi.encode(
                keccak256(
                    "Message(string sender,string receiver,string subject,string predicate,bytes32 obj,uint64 validUntil)"
                ),
                sender,
                receiver,
                keccak256(bytes(subject)),
                predicate,
                obj,
                end
            )
        );
        require(
            channel.messageId(IChannel.Message(sender, receiver, subject, predicate, obj, end)) == plain,
            "id"
        );
    }

    function testFuzz_batchId_isTheEip712StructHash(IChannel.Batch memory header) public view {
        bytes32 plain = keccak256(
            abi.encode(
                keccak256(
                    "Batch(string sender,string receiver,string predicate,uint64 validUntil,bytes32 root,uint32 count,bytes32 body)"
                ),
                header.sender,
                header.receiver,
                header.predicate,
                header.validUntil,
                header.root,
                header.count,
                header.body
            )
        );
        require(channel.batchId(header) == plain, "id");
    }

    function testFuzz_kind_keepsWhatItIsMadeOf(
        uint8 effect,
        bool batchable,
        bool hooked,
        bytes32 target
    ) public pure {
        IChannel.Effect what = IChannel.Effect(effect % 5);
        Kind kind = KindLibrary.make(what, batchable, hooked, target);
        for (uint256 i = 0; i < 2; ++i) {
            require(
                kind.effect() == what && kind.isBatchable() == batchable && kind.isHooked() == hooked,
                "flags"
            );
            require(kind.target28() == bytes28(target) && kind.isClosed() == (i == 1), "target");
            require(
                kind.creates() == (what == IChannel.Effect.Inform || what == IChannel.Effect.Issue),
                "creates"
            );
            kind = kind.close();
        }
    }

    // ------------------------------------------------------------------------------------------------ batches

    /// @dev A tree over `count` leaves of which each has its own message; each is verified at its index and at no other.
    function testFuzz_verify_acceptsEachMessageAtItsIndexOnly(
        uint8 size,
        uint8 chosen,
        uint8 other,
        bytes32 seed
    ) public {
        uint256 count = 1 + (size % 40);
        uint256 index = chosen % count;
        bytes32[] memory nodes = new bytes32[](2 * count - 1);
        for (uint256 i = 0; i < count; ++i) {
            nodes[2 * count - 2 - i] = MessageHash.ofLeaf(i, channel.messageId(member(i, seed)));
        }
        for (uint256 i = count - 1; i > 0; --i) nodes[i - 1] = parent(nodes[2 * i - 1], nodes[2 * i]);
        IChannel.Batch memory header = IChannel.Batch(ids[0], ids[1], bulk, 0, nodes[0], uint32(count), seed);
        vm.prank(adminOf(0));
        channel.appointOperator(ids[0], bulk, operatorOf(0));
        vm.prank(operatorOf(0));
        channel.anchor(header);

        bytes32[] memory proof = proofOf(nodes, 2 * count - 2 - index);
        IChannel.CertificateState memory state = channel.verify(member(index, seed), header, index, proof);
        require(state.issued && !state.acquitted && !state.revoked, "state");
        uint256 wrong = other % count;
        if (wrong == index) return;
        try channel.verify(member(index, seed), header, wrong, proof) {
            revert("verified at a wrong index");
        } catch {}
        try channel.verify(member(wrong, seed), header, index, proof) {
            revert("verified a wrong message");
        } catch {}
    }

    /// @dev Settlement after settlement of one batch, acquitting and revoking the same bits, beside the handler's model.
    function testFuzz_settle_appliesExactlyTheEligibleBits(uint16 count, uint256 seed) public {
        ChannelHandler handler = new ChannelHandler();
        handler.anchor(0, 1, 0, count, 0, 1);
        for (uint256 i = 0; i < 12; ++i) {
            uint256 dice = uint256(keccak256(abi.encode(seed, i)));
            uint8[2] memory words = [uint8(dice), uint8(dice >> 8)];
            uint256[2] memory masks = [dice | (1 << (count % 256)), dice ^ (dice >> 16)];
            handler.settle(0, 0, words, masks, 1, dice % 3 != 0);
            require(bytes(handler.violation()).length == 0, handler.violation());
        }
        require(handler.agreesInBulk(seed), "the model");
    }

    function member(uint256 index, bytes32 seed) private view returns (IChannel.Message memory) {
        return IChannel.Message(ids[0], ids[1], "urn:uuid:1", bulk, keccak256(abi.encode(seed, index)), 0);
    }

    function parent(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
    }

    function proofOf(bytes32[] memory nodes, uint256 place) private pure returns (bytes32[] memory proof) {
        uint256 depth = 0;
        for (uint256 i = place; i > 0; i = (i - 1) / 2) ++depth;
        proof = new bytes32[](depth);
        for (uint256 i = place; i > 0; i = (i - 1) / 2)
            proof[proof.length - depth--] = nodes[i % 2 == 0 ? i - 1 : i + 1];
    }

    // ------------------------------------------------------------------------------------------------ quota

    function testFuzz_quota_isNeverExceededInAnyPeriod(
        uint64 length,
        uint8 limit,
        uint8 tries,
        uint32 step
    ) public {
        TariffQuota quota = new TariffQuota(address(this), address(this));
        uint64 span = 1 + (length % 1000);
        vm.warp(1000);
        quota.addPeriod(ids[1], ids[0], acquitted, 1000, 1000 + span, limit);
        quota.addPeriod(ids[1], ids[0], acquitted, 1001 + span, 1001 + 2 * span, limit);
        uint64[2] memory used;
        for (uint256 i = 0; i < tries; ++i) {
            bool open = block.timestamp <= 1001 + 2 * span;
            uint256 period = block.timestamp <= 1000 + span ? 0 : 1;
            bool right = open && used[period] < limit;
            try quota.onMessage(bytes32(i), ids[1], ids[0], acquitted, 0) {
                require(right, "consumed beyond the quota");
                ++used[period];
            } catch {
                require(!right, "refused within the quota");
            }
            vm.warp(block.timestamp + (step % 50));
        }
        ITariffQuota.Period[] memory periods = quota.periods(ids[1], ids[0], acquitted);
        require(periods[0].used == used[0] && periods[1].used == used[1], "used");
    }

    // ------------------------------------------------------------------------------------------------ the handler itself

    /// @dev What the invariants hold of is no empty world: each act can succeed, and is counted.
    function test_handler_canDoEverythingItTries() public {
        ChannelHandler handler = new ChannelHandler();
        handler.inform(0, 1, 1);
        handler.issue(0, 1, 0, "document", 0, 1);
        handler.issue(0, 1, 1, "document", 0, 1);
        handler.acquit(1, 0, 0, 1, 7);
        handler.revoke(0, 1, 0, 1, 7);
        handler.anchor(0, 1, 0, 600, 0, 1);
        handler.settle(0, 0, [0, 2], [type(uint256).max, type(uint256).max], 1, true);
        handler.settle(0, 0, [1, 1], [uint256(6), uint256(6)], 1, false);
        handler.suspendOrReinstate(0, 0);
        handler.invalidate(0, 1, 0);
        handler.invalidateBatch(0, 0, 2, 1, 0);
        handler.appointOrDismiss(0, 0, 7, 0, false);
        handler.suspendOrReinstate(0, 0);
        handler.appointOrDismiss(0, 0, 7, 0, false);
        handler.grab(0, 0, 7, 0, false);
        handler.age(0, 0);
        handler.age(0, 0);
        require(bytes(handler.violation()).length == 0, handler.violation());
        require(handler.agrees() && handler.agreesInBulk(0), "the model");
        string[10] memory acts = [
            "inform",
            "issue",
            "acquit",
            "revoke",
            "anchor",
            "settle",
            "invalidate",
            "invalidateBatch",
            "appoint or dismiss",
            "age"
        ];
        for (uint256 i = 0; i < acts.length; ++i) require(handler.taken(acts[i]) != 0, acts[i]);
        require(handler.taken("grab") == 0, "grab");
    }
}
