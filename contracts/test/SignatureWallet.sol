// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/**
 * @title SignatureWallet
 * @notice For tests only: a contract wallet (ERC-1271) that stands by what its owner has signed.
 */
contract SignatureWallet is IERC1271 {
    address private immutable _owner;

    /**
     * @notice Creates the wallet.
     * @param owner whose signatures count.
     */
    constructor(address owner) {
        _owner = owner;
    }

    /// @inheritdoc IERC1271
    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        return
            ECDSA.recoverCalldata(hash, signature) == _owner ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
