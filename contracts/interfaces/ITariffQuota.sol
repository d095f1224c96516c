// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IMessageHook} from "./IMessageHook.sol";

/**
 * @title ITariffQuota
 * @notice A tariff-rate quota: in a period, an importing participant may acquit so many certificates of an exporting one. It
 * counts certificates, since quantities do not go on chain.
 *
 * A quota belongs to (importer, exporter, acquitting type): keccak256 of the importing and of the exporting participant's
 * domain and of the acquitting type's name. An acquittal outside of every period is refused.
 */
interface ITariffQuota is IMessageHook {
    /**
     * @notice A stretch of time and what may be acquitted in it.
     * @param opensAt first second of the period, seconds since 1970.
     * @param closesAt last second of the period.
     * @param limit how many certificates may be acquitted in it.
     * @param used how many were.
     */
    struct Period {
        uint64 opensAt;
        uint64 closesAt;
        uint64 limit;
        uint64 used;
    }

    /**
     * @notice A period was added to a quota.
     * @param importer keccak256 of the importing participant's domain.
     * @param exporter keccak256 of the exporting participant's domain.
     * @param predicate keccak256 of the acquitting type's name.
     * @param opensAt first second of the period, seconds since 1970.
     * @param closesAt last second of the period.
     * @param limit how many certificates may be acquitted in the period.
     */
    event PeriodAdded(
        bytes32 indexed importer,
        bytes32 indexed exporter,
        bytes32 indexed predicate,
        uint64 opensAt,
        uint64 closesAt,
        uint64 limit
    );

    /**
     * @notice The limit of the period that begins at `opensAt` was changed.
     * @param importer keccak256 of the importing participant's domain.
     * @param exporter keccak256 of the exporting participant's domain.
     * @param predicate keccak256 of the acquitting type's name.
     * @param opensAt first second of the period, seconds since 1970.
     * @param limit how many certificates may be acquitted in the period.
     */
    event LimitChanged(
        bytes32 indexed importer,
        bytes32 indexed exporter,
        bytes32 indexed predicate,
        uint64 opensAt,
        uint64 limit
    );

    /**
     * @notice An acquittal consumed one certificate's worth; `id` is the acquitting message's.
     * @param id the acquitting message's id.
     * @param importer keccak256 of the importing participant's domain.
     * @param exporter keccak256 of the exporting participant's domain.
     * @param predicate keccak256 of the acquitting type's name.
     * @param used how many were acquitted in the period so far.
     * @param limit how many certificates may be acquitted in the period.
     */
    event QuotaConsumed(
        bytes32 indexed id,
        bytes32 indexed importer,
        bytes32 indexed exporter,
        bytes32 predicate,
        uint64 used,
        uint64 limit
    );

    /// @notice Only the channel tells this hook of messages.
    error TariffQuotaCallerUnauthorized(address caller);
    /// @notice The period ends before it begins, or begins before the quota's last one has ended.
    error TariffQuotaPeriodInvalid(uint64 opensAt, uint64 closesAt);
    /// @notice No period of the quota begins at `opensAt`.
    error TariffQuotaPeriodUnknown(uint64 opensAt);
    /// @notice No period of the quota is open now.
    error TariffQuotaNotOpen(bytes32 importer, bytes32 exporter, bytes32 predicate);
    /// @notice The open period's limit is reached.
    error TariffQuotaExhausted(bytes32 importer, bytes32 exporter, bytes32 predicate, uint64 limit);

    /**
     * @notice Adds a period to a quota, after its last one.
     * @param importer keccak256 of the importing participant's domain.
     * @param exporter keccak256 of the exporting participant's domain.
     * @param predicate keccak256 of the acquitting type's name.
     * @param opensAt first second of the period, seconds since 1970.
     * @param closesAt last second of the period.
     * @param limit how many certificates may be acquitted in it.
     *
     * Requirements:
     * - the caller is the owner.
     * - `opensAt` is not after `closesAt`, and after the end of the quota's last period, else {TariffQuotaPeriodInvalid}.
     */
    function addPeriod(
        bytes32 importer,
        bytes32 exporter,
        bytes32 predicate,
        uint64 opensAt,
        uint64 closesAt,
        uint64 limit
    ) external;

    /**
     * @notice Changes a period's limit. Below what was used already, it refuses all further acquittals of the period.
     * @param importer keccak256 of the importing participant's domain.
     * @param exporter keccak256 of the exporting participant's domain.
     * @param predicate keccak256 of the acquitting type's name.
     * @param opensAt first second of the period meant.
     * @param limit the new limit.
     *
     * Requirements:
     * - the caller is the owner.
     * - a period of the quota begins at `opensAt`, else {TariffQuotaPeriodUnknown}.
     */
    function changeLimit(
        bytes32 importer,
        bytes32 exporter,
        bytes32 predicate,
        uint64 opensAt,
        uint64 limit
    ) external;

    /// @notice The channel whose acquittals are counted.
    /// @return the channel's address.
    function channel() external view returns (address);

    /**
     * @notice The periods of a quota, in order of time.
     * @param importer keccak256 of the importing participant's domain.
     * @param exporter keccak256 of the exporting participant's domain.
     * @param predicate keccak256 of the acquitting type's name.
     * @return all its periods.
     */
    function periods(
        bytes32 importer,
        bytes32 exporter,
        bytes32 predicate
    ) external view returns (Period[] memory);
}
