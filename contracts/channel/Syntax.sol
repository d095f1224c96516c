// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/**
 * @title Syntax
 * @notice The written forms of names on a channel. Pure checks; the caller decides what to refuse.
 */
library Syntax {
    /// @notice Longest subject, predicate, channel name or endpoint, in characters.
    uint256 internal constant MAX_TEXT = 200;
    /// @notice Longest DNS domain, in characters.
    uint256 internal constant MAX_DOMAIN = 253;
    /// @notice Longest label of a DNS domain, in characters.
    uint256 internal constant MAX_LABEL = 63;

    uint256 private constant _ONES = type(uint256).max / 255;
    uint256 private constant _HIGH_BITS = 0x80 * _ONES;
    /// @dev Added to a byte below 0x80, it reaches the high bit exactly when the byte is at least `!` (0x21).
    uint256 private constant _TO_HIGH_BIT = (0x80 - 0x21) * _ONES;
    uint256 private constant _FILLER = 0x21 * _ONES;

    /**
     * @notice Whether `text` is 1 to 200 characters of printable ASCII without spaces (0x21 to 0x7e).
     * @dev 32 characters at a time: in every word, no byte may have its high bit set, nor reach it when 1 is added
     * (0x7f), and every byte must reach it when 0x5f is added. Bytes below 0x80 cannot carry into their neighbour, and any
     * byte from 0x80 on refuses the word whatever it does to its neighbours. The last word is filled up with `!`.
     * @param text the text to check.
     * @return ok whether it is well formed.
     */
    function isToken(string calldata text) internal pure returns (bool ok) {
        bytes calldata data = bytes(text);
        uint256 length = data.length;
        if (length == 0 || length > MAX_TEXT) return false;
        for (uint256 i = 0; i < length; i += 32) {
            uint256 word = uint256(bytes32(data[i:]));
            uint256 left = length - i;
            if (left < 32) word |= _FILLER >> (8 * left);
            unchecked {
                if ((word | (word + _ONES)) & _HIGH_BITS != 0) return false;
                if ((word + _TO_HIGH_BIT) & _HIGH_BITS != _HIGH_BITS) return false;
            }
        }
        return true;
    }

    /**
     * @notice Whether a subject says nothing to outsiders by its form: `urn:uuid:…` or `urn:hmac-sha256:…`.
     * @param subject a subject, well formed as a token.
     * @return ok whether it begins so, and goes on.
     */
    function isOpaque(string calldata subject) internal pure returns (bool ok) {
        bytes32 head = bytes32(bytes(subject));
        uint256 length = bytes(subject).length;
        return
            (length > 9 && bytes9(head) == bytes9("urn:uuid:")) ||
            (length > 16 && bytes16(head) == bytes16("urn:hmac-sha256:"));
    }

    /**
     * @notice Whether `text` is a DNS domain of two labels or more in lower-case A-label form, whose last label begins
     * with a letter (so that no IP address passes for one).
     * @param text the text to check.
     * @return ok whether it is well formed.
     */
    function isDomain(string calldata text) internal pure returns (bool ok) {
        bytes calldata data = bytes(text);
        uint256 length = data.length;
        if (length == 0 || length > MAX_DOMAIN) return false;
        uint256 start = 0;
        for (uint256 i = 0; i < length; ++i) {
            bytes1 char = data[i];
            if (char == ".") {
                if (!_isLabelEnd(data, start, i)) return false;
                start = i + 1;
            } else if (char == "-") {
                if (i == start) return false;
            } else if (!_isLetter(char) && (char < "0" || char > "9")) {
                return false;
            }
        }
        return start != 0 && _isLabelEnd(data, start, length) && _isLetter(data[start]);
    }

    /**
     * @notice Whether `code` is written as an ISO 3166-1 alpha-2 code is: two upper-case letters.
     * @param code the two characters.
     * @return ok whether it is well formed.
     */
    function isJurisdiction(bytes2 code) internal pure returns (bool ok) {
        return code[0] >= "A" && code[0] <= "Z" && code[1] >= "A" && code[1] <= "Z";
    }

    /**
     * @notice Whether `text` can be a node's address: `https://` (or `http://` where plain is allowed) and more, 200
     * characters at most, of printable ASCII without spaces, without a slash at the end.
     * @param text the text to check.
     * @param plain whether `http://` will do, as on a test channel.
     * @return ok whether it is well formed.
     */
    function isEndpoint(string calldata text, bool plain) internal pure returns (bool ok) {
        if (!isToken(text)) return false;
        bytes calldata data = bytes(text);
        bytes32 head = bytes32(data);
        if (data[data.length - 1] == "/") return false;
        return bytes8(head) == bytes8("https://") || (plain && bytes7(head) == bytes7("http://"));
    }

    /// @dev Whether the label from `start` to before `end` has an allowed length and does not end with a hyphen.
    function _isLabelEnd(bytes calldata data, uint256 start, uint256 end) private pure returns (bool ok) {
        return end > start && end - start <= MAX_LABEL && data[end - 1] != "-";
    }

    /// @dev Whether `char` is a lower-case letter.
    function _isLetter(bytes1 char) private pure returns (bool ok) {
        return char >= "a" && char <= "z";
    }
}
