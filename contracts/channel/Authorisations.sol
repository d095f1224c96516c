// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

import {IChannel} from "../interfaces/IChannel.sol";
import {MessageHash} from "./MessageHash.sol";

/**
 * @title Authorisations
 * @notice Operators' signatures over messages that anyone may relay: bound to chain and contract by the EIP-712 domain, used
 * once by an unordered nonce, in time by a deadline.
 */
abstract contract Authorisations is IChannel, EIP712 {
    using BitMaps for BitMaps.BitMap;

    mapping(address signer => BitMaps.BitMap) private _nonces;

    constructor() EIP712("Inter Customs Ledger", "1") {}

    /// @inheritdoc IChannel
    function cancelNonce(uint256 nonce) external {
        _useNonce(msg.sender, nonce);
        emit NonceCancelled(msg.sender, nonce);
    }

    /// @inheritdoc IChannel
    function isNonceUsed(address signer, uint256 nonce) external view returns (bool) {
        return _nonces[signer].get(nonce);
    }

    /// @dev Checks an authorisation of the message `id` and uses its nonce up.
    function _useAuthorisation(bytes32 id, Authorisation calldata authorisation) internal {
        require(block.timestamp <= authorisation.deadline, AuthorisationExpired(authorisation.deadline));
        _useNonce(authorisation.signer, authorisation.nonce);
        bytes32 digest = _hashTypedDataV4(
            MessageHash.ofAuthorisation(id, authorisation.nonce, authorisation.deadline)
        );
        require(
            SignatureChecker.isValidSignatureNowCalldata(
                authorisation.signer,
                digest,
                authorisation.signature
            ),
            AuthorisationSignatureInvalid(authorisation.signer)
        );
    }

    /// @dev Uses up a nonce, refusing one used before.
    function _useNonce(address signer, uint256 nonce) private {
        require(!_nonces[signer].get(nonce), AuthorisationNonceUsed(signer, nonce));
        _nonces[signer].set(nonce);
    }
}
