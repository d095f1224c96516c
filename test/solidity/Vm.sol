// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @notice The cheat codes that these tests use.
interface Vm {
    /// @notice The next call comes from `caller`.
    function prank(address caller) external;
    /// @notice The clock stands at `timestamp`.
    function warp(uint256 timestamp) external;
    /// @notice The fuzzer forgets an input for which this does not hold.
    function assume(bool condition) external pure;
}

/// @dev Where the cheat codes are.
Vm constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
