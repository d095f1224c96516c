// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Channel} from "../../contracts/Channel.sol";
import {IChannel} from "../../contracts/interfaces/IChannel.sol";
import {IMessageHook} from "../../contracts/interfaces/IMessageHook.sol";
import {vm} from "./Vm.sol";

/**
 * @notice A channel with three participants, an operator for each, and types of every effect: the ground on which the
 * suites stand.
 */
abstract contract World {
    uint256 internal constant PARTICIPANTS = 3;
    uint256 internal constant ACCOUNTS = 8;

    address internal constant CONSORTIUM = address(0x1000);

    Channel internal channel;
    bytes32[PARTICIPANTS] internal ids;

    bytes32 internal immutable created = keccak256("coo.created");
    bytes32 internal immutable licensed = keccak256("licence.created");
    bytes32 internal immutable acquitted = keccak256("coo.acquitted");
    bytes32 internal immutable revoked = keccak256("coo.revoked");
    bytes32 internal immutable attached = keccak256("coo.attached");
    bytes32 internal immutable bulk = keccak256("bulk.created");
    bytes32 internal immutable bulkAcquitted = keccak256("bulk.acquitted");
    bytes32 internal immutable bulkRevoked = keccak256("bulk.revoked");

    /// @dev The consortium, the three admins, the three operators, and a stranger.
    function account(uint256 number) internal pure returns (address) {
        return address(uint160(0x1000 + (number % ACCOUNTS)));
    }

    function adminOf(uint256 participant) internal pure returns (address) {
        return account(1 + participant);
    }

    function operatorOf(uint256 participant) internal pure returns (address) {
        return account(4 + participant);
    }

    function build() internal {
        channel = new Channel(
            IChannel.Terms({
                name: "Fuzzed",
                consortium: CONSORTIUM,
                adminDelay: 1 days,
                recoveryDelay: 1 days,
                validFrom: 0,
                validUntil: 0,
                test: false,
                opaqueSubjects: false,
                predecessor: address(0)
            })
        );
        string[PARTICIPANTS] memory domains = ["customs.gov.aa", "customs.gov.bb", "customs.gov.cc"];
        bytes2[PARTICIPANTS] memory jurisdictions = [bytes2("AA"), bytes2("BB"), bytes2("CC")];
        for (uint256 i = 0; i < PARTICIPANTS; ++i) {
            vm.prank(CONSORTIUM);
            ids[i] = channel.admit(domains[i], jurisdictions[i], adminOf(i));
            vm.prank(adminOf(i));
            channel.accept(ids[i], "https://node.example");
        }
        register("coo.created", IChannel.Effect.Issue, false, 0);
        register("licence.created", IChannel.Effect.Issue, false, 0);
        register("coo.acquitted", IChannel.Effect.Acquit, false, created);
        register("coo.revoked", IChannel.Effect.Revoke, false, created);
        register("coo.attached", IChannel.Effect.Inform, false, 0);
        register("bulk.created", IChannel.Effect.Issue, true, 0);
        register("bulk.acquitted", IChannel.Effect.Acquit, false, bulk);
        register("bulk.revoked", IChannel.Effect.Revoke, false, bulk);
    }

    function types() internal view returns (bytes32[8] memory) {
        return [created, licensed, acquitted, revoked, attached, bulk, bulkAcquitted, bulkRevoked];
    }

    function register(string memory name, IChannel.Effect effect, bool batchable, bytes32 target) private {
        vm.prank(CONSORTIUM);
        channel.registerMessageType(name, effect, batchable, target, IMessageHook(address(0)));
    }
}
