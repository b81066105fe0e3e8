package dev.tollgate.limit;

import dev.tollgate.config.Settings.Budget;
import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.Raise;
import dev.tollgate.config.Settings.Rate;
import dev.tollgate.config.Settings.Span;
import dev.tollgate.limit.Allowance.Shape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One figure of a limit: so many of one unit in a span of time. */
final class Quota {
    private final Counted unit;
    private final long amount;
    private final Span span;
    private final @Nullable Budget budget;
    private volatile @Nullable CalendarWindow latest;

    private Quota(Counted unit, long amount, Span span, @Nullable Budget budget) {
        this.unit = unit;
        this.amount = amount;
        this.span = span;
        this.budget = budget;
    }

    /** All figures of a limit, in the order in which calls are asked for them. */
    static List<Quota> of(Limit limit) {
        List<Quota> quotas = new ArrayList<>();
        add(quotas, Counted.REQUESTS, limit.requests());
        add(quotas, Counted.TOKENS, limit.tokens());
        add(quotas, Counted.INPUT_TOKENS, limit.inputTokens());
        add(quotas, Counted.OUTPUT_TOKENS, limit.outputTokens());
        limit.spend().ifPresent(spend -> quotas.add(new Quota(Counted.SPEND, spend.nanoUsd(), spend.span(), spend)));
        return quotas;
    }

    private static void add(List<Quota> quotas, Counted unit, Optional<Rate> rate) {
        rate.ifPresent(each -> quotas.add(new Quota(unit, each.amount(), each.span(), null)));
    }

    Counted unit() {
        return unit;
    }

    Span span() {
        return span;
    }

    boolean isWindowed() {
        return span instanceof Span.Calendar;
    }

    /** Whether calls whose cost is not known are refused. */
    boolean refusesUnpriced() {
        return budget != null && budget.refuseUnpriced();
    }

    /** Whether what is above it is only told of. */
    boolean isSoft() {
        return budget != null && !budget.hard();
    }

    List<Long> soft() {
        return budget == null ? List.of() : budget.soft();
    }

    /**
     * How much there is at a moment, and how it comes back.
     *
     * @param meant tells which raises are meant for the call
     */
    Shape shape(Instant now, Predicate<Raise> meant) {
        return span instanceof Span.Even even
                ? new Shape.Bucket(amount, even.period())
                : new Shape.Window(capacity(now, meant), window(now).ends());
    }

    private long capacity(Instant now, Predicate<Raise> meant) {
        long capacity = amount;
        if (budget != null) {
            for (Raise raise : budget.raises()) {
                boolean runs = now.isBefore(raise.until())
                        && raise.from().filter(now::isBefore).isEmpty();
                capacity += runs && meant.test(raise) ? raise.nanoUsd() : 0;
            }
        }
        return capacity;
    }

    // The span is part of the name and the amount is not: several limits on the same calls may run over different
    // spans, and
    // a changed amount goes on with what has been used.
    /** What sets its counts apart: the span, and of windows which one. */
    String span(Instant now) {
        if (span instanceof Span.Even even) {
            return even.period().toString();
        }
        Span.Calendar calendar = (Span.Calendar) span;
        return calendar.unit().name().toLowerCase(Locale.ROOT) + "@" + calendar.zone() + "|"
                + window(now).id();
    }

    /** The window that a moment lies in; only of calendar spans. */
    CalendarWindow window(Instant now) {
        CalendarWindow known = latest;
        if (known == null || !known.contains(now)) {
            known = CalendarWindow.of((Span.Calendar) span, now);
            latest = known;
        }
        return known;
    }
}
