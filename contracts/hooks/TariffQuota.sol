// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";

import {IMessageHook} from "../interfaces/IMessageHook.sol";
import {ITariffQuota} from "../interfaces/ITariffQuota.sol";

/**
 * @title TariffQuota
 * @notice A tariff-rate quota consumed by acquittals, as a hook of acquitting types: an example of a business rule that needs
 * nothing of the channel changed.
 */
contract TariffQuota is ITariffQuota, Ownable2Step {
    address private immutable _channel;

    mapping(bytes32 importer => mapping(bytes32 exporter => mapping(bytes32 predicate => Period[])))
        private _periods;

    /**
     * @notice Creates the hook, still without any quota.
     * @param channel_ the channel whose acquittals are counted.
     * @param owner_ who sets the quotas.
     */
    constructor(address channel_, address owner_) Ownable(owner_) {
        _channel = channel_;
    }

    /// @inheritdoc ITariffQuota
    function addPeriod(
        bytes32 importer,
        bytes32 exporter,
        bytes32 predicate,
        uint64 opensAt,
        uint64 closesAt,
        uint64 limit
    ) external onlyOwner {
        Period[] storage all = _periods[importer][exporter][predicate];
        require(
            opensAt <= closesAt && (all.length == 0 || opensAt > all[all.length - 1].closesAt),
            TariffQuotaPeriodInvalid(opensAt, closesAt)
        );
        all.push(Period(opensAt, closesAt, limit, 0));
        emit PeriodAdded(importer, exporter, predicate, opensAt, closesAt, limit);
    }

    /// @inheritdoc ITariffQuota
    function changeLimit(
        bytes32 importer,
        bytes32 exporter,
        bytes32 predicate,
        uint64 opensAt,
        uint64 limit
    ) external onlyOwner {
        Period[] storage all = _periods[importer][exporter][predicate];
        (bool found, uint256 index) = _lastBegunBy(all, opensAt);
        require(found && all[index].opensAt == opensAt, TariffQuotaPeriodUnknown(opensAt));
        all[index].limit = limit;
        emit LimitChanged(importer, exporter, predicate, opensAt, limit);
    }

    /**
     * @notice Consumes one certificate of the quota of an acquittal's sender (the importer) and receiver (the exporter).
     * @dev Requirements:
     * - the caller is the channel, else {ITariffQuota-TariffQuotaCallerUnauthorized}.
     * - a period is open, else {ITariffQuota-TariffQuotaNotOpen}.
     * - its limit is not reached, else {ITariffQuota-TariffQuotaExhausted}.
     * @inheritdoc IMessageHook
     */
    function onMessage(
        bytes32 id,
        bytes32 sender,
        bytes32 receiver,
        bytes32 predicate,
        bytes32
    ) external returns (bytes4) {
        require(msg.sender == _channel, TariffQuotaCallerUnauthorized(msg.sender));
        Period[] storage all = _periods[sender][receiver][predicate];
        (bool found, uint256 index) = _lastBegunBy(all, block.timestamp);
        require(
            found && block.timestamp <= all[index].closesAt,
            TariffQuotaNotOpen(sender, receiver, predicate)
        );
        Period memory period = all[index];
        require(period.used < period.limit, TariffQuotaExhausted(sender, receiver, predicate, period.limit));
        ++period.used;
        all[index].used = period.used;
        emit QuotaConsumed(id, sender, receiver, predicate, period.used, period.limit);
        return IMessageHook.onMessage.selector;
    }

    /// @inheritdoc ITariffQuota
    function channel() external view returns (address) {
        return _channel;
    }

    /// @inheritdoc ITariffQuota
    function periods(
        bytes32 importer,
        bytes32 exporter,
        bytes32 predicate
    ) external view returns (Period[] memory) {
        return _periods[importer][exporter][predicate];
    }

    /// @dev The last period that has begun by `time`: looked for from the end, where the present one stands.
    function _lastBegunBy(
        Period[] storage all,
        uint256 time
    ) private view returns (bool found, uint256 index) {
        for (index = all.length; index != 0; --index) {
            if (all[index - 1].opensAt <= time) return (true, index - 1);
        }
    }
}
