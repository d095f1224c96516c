// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @title FalseChannel
 * @notice For tests only: a contract that answers whatever it was told to answer, as a channel might or might not, and reverts
 * where it was told nothing.
 */
contract FalseChannel {
    mapping(bytes4 selector => bytes) private _answers;
    mapping(bytes4 selector => bytes) private _refusals;

    /// @notice It was not told what to answer.
    error Speechless(bytes4 selector);

    /// @notice Answers a call with what was set for its function.
    // solhint-disable-next-line no-complex-fallback, use-natspec
    fallback(bytes calldata) external returns (bytes memory) {
        bytes memory refusal = _refusals[msg.sig];
        if (refusal.length != 0) {
            // solhint-disable-next-line no-inline-assembly
            assembly ("memory-safe") {
                revert(add(refusal, 0x20), mload(refusal))
            }
        }
        bytes memory answer = _answers[msg.sig];
        require(answer.length != 0, Speechless(msg.sig));
        return answer;
    }

    /**
     * @notice Sets what a function answers.
     * @param selector the function's.
     * @param answer what it returns, encoded; nothing to make it revert.
     */
    function setAnswer(bytes4 selector, bytes calldata answer) external {
        _answers[selector] = answer;
    }

    /**
     * @notice Sets what a function reverts with, which a careless caller could take for an answer.
     * @param selector the function's.
     * @param refusal the data it reverts with; nothing to have it answer again.
     */
    function setRefusal(bytes4 selector, bytes calldata refusal) external {
        _refusals[selector] = refusal;
    }
}
