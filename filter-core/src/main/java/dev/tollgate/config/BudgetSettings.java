package dev.tollgate.config;

import dev.tollgate.config.LimitScalars.Threshold;
import dev.tollgate.config.Settings.Budget;
import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.Raise;
import dev.tollgate.config.Settings.Span;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The settings of a limit that are about what is spent. */
final class BudgetSettings {

    /** What is done with calls that would spend more. */
    enum OnExceed {
        REFUSE,
        WARN
    }

    /** What is done with calls whose cost is not known. */
    enum Unpriced {
        REFUSE,
        ALLOW
    }

    private static final Setting<Limit, Budget> SPEND = Setting.optional(
            "spend",
            LimitScalars.SPEND,
            Limit::spend,
            "How much may be spent in each window of the calendar. What calls under way may cost at most counts as spent until "
                    + "they end.");
    private static final Setting<Limit, List<Threshold>> SOFT = Setting.optional(
            "soft",
            new ListOf<>(LimitScalars.THRESHOLD, 1),
            of(budget ->
                    budget.soft().stream().map(nano -> new Threshold(0, nano)).toList()),
            "Shares or amounts of `spend`; each is told of once in a window, in the log and the metrics, when it has been spent.");
    private static final Setting<Limit, OnExceed> ON_EXCEED = Setting.optional(
            "on-exceed",
            Scalars.choice(OnExceed.class),
            budgetOf(budget -> budget.hard() ? OnExceed.REFUSE : OnExceed.WARN),
            "Whether calls that may spend more than `spend` are refused, which is the default, or only told of.");
    private static final Setting<Limit, Unpriced> UNPRICED = Setting.optional(
            "unpriced",
            Scalars.choice(Unpriced.class),
            budgetOf(budget -> budget.refuseUnpriced() ? Unpriced.REFUSE : Unpriced.ALLOW),
            "Whether calls to models whose price is not known are refused, the default where `on-exceed` is `refuse`, or let "
                    + "through without counting as spent.");

    private static final Setting<Raise, Long> BY =
            Setting.required("by", LimitScalars.USD, Raise::nanoUsd, "How much more may be spent.");
    private static final Setting<Raise, Instant> FROM =
            Setting.optional("from", Scalars.INSTANT, Raise::from, "When it begins. At once by default.");
    private static final Setting<Raise, Instant> UNTIL =
            Setting.required("until", Scalars.INSTANT, Raise::until, "When it ends.");
    private static final Setting<Raise, String> FOR = Setting.optional(
            "for",
            LimitScalars.SUBJECT,
            raise -> Optional.ofNullable(raise.of()),
            "The one subject it is meant for, as `team:search`. Everybody whom the limit concerns by default.");

    private static final Setting<Limit, List<Raise>> RAISES = Setting.optional(
            "raises",
            new ListOf<>(
                    new Section<>(
                            "More of a budget for a time.",
                            List.of(BY, FROM, UNTIL, FOR),
                            Set.of(),
                            BudgetSettings::raise),
                    0),
            of(Budget::raises),
            "More for a time.");

    static final List<Setting<Limit, ?>> ALL = List.of(SPEND, SOFT, ON_EXCEED, UNPRICED, RAISES);

    private BudgetSettings() {}

    static boolean isSet(Values values) {
        return values.isSet(SPEND);
    }

    /** Where the budget stands. */
    static Setting<Limit, Budget> spend() {
        return SPEND;
    }

    static Optional<Budget> read(Values values, ZoneId zone) {
        if (!values.isSet(SPEND)) {
            ALL.stream()
                    .filter(values::isSet)
                    .forEach(setting ->
                            values.problem(setting, "'" + setting.key() + "' is about 'spend', which is missing"));
        }
        return values.find(SPEND).map(plain -> budget(plain, values, zone));
    }

    private static Budget budget(Budget plain, Values values, ZoneId zone) {
        boolean hard = values.find(ON_EXCEED).orElse(OnExceed.REFUSE) == OnExceed.REFUSE;
        Unpriced unpriced = values.find(UNPRICED).orElse(hard ? Unpriced.REFUSE : Unpriced.ALLOW);
        if (!hard && unpriced == Unpriced.REFUSE) {
            values.problem(UNPRICED, "'on-exceed: warn' refuses nothing, so 'unpriced' must be allow");
        }
        List<Raise> raises = values.find(RAISES).orElse(List.of());
        List<Long> soft = values.find(SOFT).orElse(List.of()).stream()
                .map(threshold -> threshold.of(plain.nanoUsd()))
                .distinct()
                .sorted()
                .toList();
        if (hard && raises.isEmpty() && soft.stream().anyMatch(amount -> amount > plain.nanoUsd())) {
            values.problem(SOFT, "one of them is more than may be spent, and so is never reached");
        }
        Span.Calendar span = new Span.Calendar(plain.span().unit(), zone);
        return new Budget(plain.nanoUsd(), span, soft, hard, unpriced == Unpriced.REFUSE, raises);
    }

    private static Raise raise(Values values) {
        Instant until = values.get(UNTIL);
        Optional<Instant> from = values.find(FROM);
        if (from.filter(begin -> !begin.isBefore(until)).isPresent()) {
            values.problem(UNTIL, "it ends before it begins");
        }
        values.find(FOR).ifPresent(of -> LimitSettings.checkSubject(of, FOR, values));
        return new Raise(values.get(BY), from, until, values.find(FOR).orElse(null));
    }

    /** A part that may be empty, in which case it was not there. */
    private static <T> Function<Limit, Optional<List<T>>> of(Function<Budget, List<T>> part) {
        return limit -> limit.spend().map(part).filter(list -> !list.isEmpty());
    }

    private static <T> Function<Limit, Optional<T>> budgetOf(Function<Budget, T> part) {
        return limit -> limit.spend().map(part);
    }
}
