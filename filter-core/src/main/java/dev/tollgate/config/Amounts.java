package dev.tollgate.config;

import dev.tollgate.config.Scalar.NotOne;
import dev.tollgate.config.Settings.Rate;
import dev.tollgate.config.Settings.Span;
import dev.tollgate.config.Settings.Unit;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amounts with units, as people write them. */
final class Amounts {
    static final String DURATION = "[0-9]+(?:ms|s|m|h|d)";
    static final String SIZE = "[0-9]+(?:B|KiB|MiB|GiB)?";
    static final String COUNT = "[0-9]+[kMG]?";
    static final String RATE = "[0-9]+[kMG]?/(?:s|sec|second|min|minute|h|hour|day|week|month|quarter|year)";

    private static final Pattern AMOUNT = Pattern.compile("([0-9]{1,15})([A-Za-z]*)");
    private static final Map<String, Long> COUNT_UNITS =
            Map.of("", 1L, "k", 1_000L, "M", 1_000_000L, "G", 1_000_000_000L);
    private static final Map<String, Long> SIZE_UNITS =
            Map.of("", 1L, "B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);
    private static final Map<String, Long> MILLIS =
            Map.of("ms", 1L, "s", 1_000L, "m", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
    private static final Map<String, Duration> PERIODS = periods();

    private static final BigDecimal NANO = BigDecimal.valueOf(1_000_000_000);
    private static final BigDecimal HIGHEST_PRICE = BigDecimal.valueOf(1_000_000);
    private static final BigDecimal MOST_TIMES = BigDecimal.valueOf(1_000);

    private Amounts() {}

    static Duration duration(String text) throws NotOne {
        return Duration.ofMillis(amount(text, MILLIS)
                .orElseThrow(() -> new NotOne("is not a duration; write it as 500ms, 3s, 2m or 1h")));
    }

    static long size(String text) throws NotOne {
        return amount(text, SIZE_UNITS).orElseThrow(() -> new NotOne("is not a size; write it as 512KiB or 32MiB"));
    }

    static long count(String text) throws NotOne {
        return amount(text, COUNT_UNITS).orElseThrow(() -> new NotOne("is not a whole number; write it as 50 or 200k"));
    }

    /** So many of a hundred. */
    static int percent(String text) throws NotOne {
        if (!text.matches("[0-9]{1,3}%?")) {
            throw new NotOne("is not a percentage; write it as 50");
        }
        return Integer.parseInt(text.endsWith("%") ? text.substring(0, text.length() - 1) : text);
    }

    /** A rate; windows of the calendar are those of UTC until another zone is said. */
    static Rate rate(String text) throws NotOne {
        int slash = text.indexOf('/');
        Optional<Span> span =
                slash < 0 ? Optional.empty() : span(text.substring(slash + 1).strip());
        Optional<Long> amount =
                slash < 0 ? Optional.empty() : amount(text.substring(0, slash).strip(), COUNT_UNITS);
        if (span.isEmpty() || amount.isEmpty()) {
            throw new NotOne(
                    "is not a rate; write it as 600/min, with s, min, hour, day, week, month, quarter or year");
        }
        return new Rate(amount.get(), span.get());
    }

    private static Optional<Span> span(String unit) {
        Duration period = PERIODS.get(unit);
        return period != null
                ? Optional.of(new Span.Even(period))
                : calendar(unit).map(window -> new Span.Calendar(window, ZoneOffset.UTC));
    }

    /** A length of windows longer than a day. */
    private static Optional<Unit> calendar(String word) {
        return Arrays.stream(Unit.values())
                .filter(unit -> unit.compareTo(Unit.DAY) > 0 && word.equals(word(unit)))
                .findFirst();
    }

    private static String word(Unit unit) {
        return unit.name().toLowerCase(Locale.ROOT);
    }

    /** Nano-USD, of USD. */
    static long price(String text) throws NotOne {
        try {
            BigDecimal usd = new BigDecimal(text);
            if (usd.signum() < 0 || usd.compareTo(HIGHEST_PRICE) > 0) {
                throw new NotOne("is not a price between 0 and 1,000,000 USD");
            }
            return usd.multiply(NANO).longValueExact();
        } catch (NumberFormatException e) {
            throw new NotOne("is not a price; write USD, as 2.50");
        } catch (ArithmeticException e) {
            throw new NotOne("is finer than prices are kept; write at most nine decimals");
        }
    }

    /** How many times as much something costs. */
    static BigDecimal times(String text) throws NotOne {
        try {
            BigDecimal times = new BigDecimal(text);
            if (times.signum() < 0 || times.compareTo(MOST_TIMES) > 0 || times.scale() > 6) {
                throw new NotOne("is not a factor between 0 and 1,000 with at most six decimals");
            }
            return times;
        } catch (NumberFormatException e) {
            throw new NotOne("is not a factor; write it as 2 or 0.5");
        }
    }

    static String show(Duration duration) {
        long millis = duration.toMillis();
        for (String unit : new String[] {"d", "h", "m", "s"}) {
            long size = MILLIS.getOrDefault(unit, 1L);
            boolean few = (unit.equals("d") || unit.equals("m")) && millis < 10 * size;
            if (millis > 0 && millis % size == 0 && !few) {
                return millis / size + unit;
            }
        }
        return millis == 0 ? "0s" : millis + "ms";
    }

    static String showSize(long bytes) {
        for (String unit : new String[] {"GiB", "MiB", "KiB"}) {
            long size = SIZE_UNITS.getOrDefault(unit, 1L);
            if (bytes > 0 && bytes % size == 0) {
                return bytes / size + unit;
            }
        }
        return bytes + "B";
    }

    static String show(Rate rate) {
        return rate.amount() + "/" + show(rate.span());
    }

    /** Nano-USD in USD. */
    static String showUsd(long nanoUsd) {
        BigDecimal usd = BigDecimal.valueOf(nanoUsd, 9).stripTrailingZeros();
        return (usd.scale() < 0 ? usd.setScale(0) : usd).toPlainString() + " USD";
    }

    static String show(Span span) {
        if (span instanceof Span.Calendar calendar) {
            return word(calendar.unit());
        }
        Duration period = ((Span.Even) span).period();
        return PERIODS.entrySet().stream()
                .filter(unit -> unit.getValue().equals(period))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(show(period));
    }

    static BigDecimal showPrice(long nanoUsd) {
        return BigDecimal.valueOf(nanoUsd).divide(NANO).stripTrailingZeros();
    }

    private static Optional<Long> amount(String text, Map<String, Long> units) {
        Matcher matcher = AMOUNT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        Long unit = units.get(matcher.group(2));
        long number = Long.parseLong(matcher.group(1));
        if (unit == null || number > Long.MAX_VALUE / unit) {
            return Optional.empty();
        }
        return Optional.of(number * unit);
    }

    private static Map<String, Duration> periods() {
        Map<String, Duration> periods = new LinkedHashMap<>();
        periods.put("s", Duration.ofSeconds(1));
        periods.put("sec", Duration.ofSeconds(1));
        periods.put("second", Duration.ofSeconds(1));
        periods.put("min", Duration.ofMinutes(1));
        periods.put("minute", Duration.ofMinutes(1));
        periods.put("hour", Duration.ofHours(1));
        periods.put("h", Duration.ofHours(1));
        periods.put("day", Duration.ofDays(1));
        return periods;
    }
}
