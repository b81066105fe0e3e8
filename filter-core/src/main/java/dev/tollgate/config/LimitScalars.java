package dev.tollgate.config;

import dev.tollgate.config.Scalar.NotOne;
import dev.tollgate.config.Settings.Budget;
import dev.tollgate.config.Settings.Rate;
import dev.tollgate.config.Settings.Span;
import dev.tollgate.config.Settings.Unit;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The kinds of single values that only limits have. */
final class LimitScalars {
    private static final String DOLLARS = "[0-9]{1,10}(?:\\.[0-9]{1,9})? ?USD";
    private static final Pattern NUMBER = Pattern.compile("([0-9]{1,10}(?:\\.[0-9]{1,9})?) ?USD");
    private static final BigDecimal MOST_DOLLARS = BigDecimal.valueOf(1_000_000_000);

    /** Fewer than a counter holds, so that what is owed beside it does not overflow. */
    private static final long MOST_IN_A_WINDOW = 1_000_000_000_000_000L;

    /** How much in a span of time: in a bucket, or in a window of the calendar where the span is longer than a day. */
    static final Scalar<Rate> RATE = Scalar.text(
            "rate, as `600/min` or `1M/month`", Scalars.pattern(Amounts.RATE), LimitScalars::rate, Amounts::show);

    static final Scalar<Long> USD = Scalar.text(
            "amount in USD, as `100 USD`", Scalars.pattern(DOLLARS), LimitScalars::dollars, Amounts::showUsd);

    /** A budget without anything but its amount and window. */
    static final Scalar<Budget> SPEND = Scalar.text(
            "amount in USD per window of the calendar, as `500 USD/month`",
            Scalars.pattern(DOLLARS + " ?/ ?(?:hour|day|week|month|quarter|year)"),
            LimitScalars::spend,
            budget -> Amounts.showUsd(budget.nanoUsd()) + "/" + Amounts.show(budget.span()));

    static final Scalar<Threshold> THRESHOLD = Scalar.text(
            "share or amount, as `80%` or `450 USD`",
            Scalars.pattern("[0-9]{1,3}%|" + DOLLARS), LimitScalars::threshold, Threshold::show);

    static final Scalar<Integer> PERCENT =
            Scalar.text("share, as `20%`", Scalars.pattern("[0-9]{1,2}%"), LimitScalars::percent, share -> share + "%");

    static final Scalar<ZoneId> ZONE = Scalar.text(
            "time zone, as `Europe/Berlin`",
            schema -> schema.put("type", "string").put("minLength", 1),
            LimitScalars::zone,
            ZoneId::getId);

    static final Scalar<String> SUBJECT = Scalars.matching(
            "subject, as `team:staff`",
            "(?:key|team|user|model|provider|ip):.{1,200}",
            "is not a subject; write key:, team:, user:, model:, provider: or ip: and a name, as team:staff");

    private LimitScalars() {}

    /** An amount of a budget, or a share of it. */
    record Threshold(int percent, long nanoUsd) {
        long of(long budget) {
            return percent == 0 ? nanoUsd : budget / 100 * percent + budget % 100 * percent / 100;
        }

        String show() {
            return percent == 0 ? Amounts.showUsd(nanoUsd) : percent + "%";
        }
    }

    /** A bucket refills at most one token in a nanosecond (Bucket4j counts in nanoseconds). */
    private static Rate rate(String text) throws NotOne {
        Rate rate = Amounts.rate(text);
        if (rate.amount() < 1) {
            throw new NotOne("allows nothing; the least is 1");
        }
        if (rate.span() instanceof Span.Even even
                && rate.amount() > even.period().toNanos()) {
            throw new NotOne("is more than one in a nanosecond");
        }
        if (rate.amount() > MOST_IN_A_WINDOW) {
            throw new NotOne("is more than can be counted; the most is 1000000G");
        }
        return rate;
    }

    private static Long dollars(String text) throws NotOne {
        Matcher matcher = NUMBER.matcher(text);
        if (!matcher.matches()) {
            throw new NotOne("is not an amount in USD; write it as 100 USD, with at most nine decimals");
        }
        BigDecimal amount = new BigDecimal(matcher.group(1));
        if (amount.compareTo(MOST_DOLLARS) > 0) {
            throw new NotOne("is more than can be counted; the most is 1000000000 USD");
        }
        if (amount.signum() == 0) {
            throw new NotOne("allows nothing");
        }
        return amount.movePointRight(9).longValueExact();
    }

    private static Budget spend(String text) throws NotOne {
        int slash = text.indexOf('/');
        Optional<Unit> unit =
                slash < 0 ? Optional.empty() : unit(text.substring(slash + 1).strip());
        if (unit.isEmpty()) {
            throw new NotOne(
                    "is not a budget; write it as 500 USD/month, with hour, day, week, month, quarter or year");
        }
        long amount = dollars(text.substring(0, slash).strip());
        return new Budget(amount, new Span.Calendar(unit.get(), ZoneOffset.UTC), List.of(), true, true, List.of());
    }

    private static Optional<Unit> unit(String word) {
        return Arrays.stream(Unit.values())
                .filter(unit -> unit.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
    }

    private static Threshold threshold(String text) throws NotOne {
        if (!text.endsWith("%")) {
            return new Threshold(0, dollars(text));
        }
        if (!text.matches("[0-9]{1,3}%")) {
            throw new NotOne("is not a share; write it as 80%");
        }
        int percent = Integer.parseInt(text.substring(0, text.length() - 1));
        if (percent == 0) {
            throw new NotOne("is passed from the start");
        }
        return new Threshold(percent, 0);
    }

    private static Integer percent(String text) throws NotOne {
        if (!text.matches("[0-9]{1,2}%")) {
            throw new NotOne("is not a share between 0% and 99%");
        }
        return Integer.valueOf(text.substring(0, text.length() - 1));
    }

    private static ZoneId zone(String text) throws NotOne {
        try {
            return ZoneId.of(text);
        } catch (DateTimeException e) {
            throw new NotOne("is not a time zone; write it as Europe/Berlin or UTC");
        }
    }
}
