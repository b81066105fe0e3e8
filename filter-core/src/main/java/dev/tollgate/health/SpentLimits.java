package dev.tollgate.health;

import dev.tollgate.Header;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the head of an answer says about limits of its provider's that are used up.
 *
 * <p>OpenAI, Azure, Groq, xAI and others send {@code x-ratelimit-remaining-requests} and {@code x-ratelimit-reset-requests}, and the
 * same of tokens; Anthropic {@code anthropic-ratelimit-requests-remaining} and {@code -reset}, and the same of tokens, input
 * tokens and output tokens; OpenRouter one of each without a unit. A reset is a time left ({@code 6m0s}, {@code 120ms}, {@code 60}), an
 * instant (RFC 3339), or seconds or milliseconds since the epoch. Limits on other things, such as images, are not looked at.
 */
final class SpentLimits {
    /** That nothing is left for so short a time is usual where what is used grows back all the time. */
    private static final long LEAST_NANOS = Duration.ofSeconds(1).toNanos();

    private static final long MOST_NANOS = Duration.ofMinutes(5).toNanos();
    private static final String COMMON = "x-ratelimit-remaining";
    private static final String COMMON_RESET = "x-ratelimit-reset";
    private static final String ANTHROPIC = "anthropic-ratelimit-";
    private static final String REMAINING = "-remaining";
    private static final String RESET = "-reset";
    private static final List<String> UNITS = List.of("requests", "tokens", "input-tokens", "output-tokens");
    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}(?:\\.\\d{1,9})?");
    private static final Pattern TIME = Pattern.compile("(?:(\\d{1,6})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m(?!s))?"
            + "(?:(\\d{1,9}(?:\\.\\d{1,9})?)s)?(?:(\\d{1,9}(?:\\.\\d{1,9})?)ms)?");

    private SpentLimits() {}

    /** Nanoseconds until what is used up is there again; 0 where something is left, empty where nothing is said. */
    static OptionalLong nanos(List<Header> headers, Instant now) {
        boolean said = false;
        long longest = 0;
        for (Header header : headers) {
            String reset = resetOf(header.name());
            if (reset != null && isCount(header.value())) {
                said = true;
                if (isNothing(header.value())) {
                    longest = Math.max(longest, until(value(headers, reset), now));
                }
            }
        }
        return said ? OptionalLong.of(longest < LEAST_NANOS ? 0 : Math.min(longest, MOST_NANOS)) : OptionalLong.empty();
    }

    /** The name of the header that says when what this one counts is there again, or null where it counts nothing that matters. */
    private static @Nullable String resetOf(String name) {
        if (startsWith(name, COMMON)) {
            String rest = name.substring(COMMON.length()).toLowerCase(Locale.ROOT);
            boolean matters = rest.isEmpty() || (rest.charAt(0) == '-' && UNITS.contains(rest.substring(1)));
            return matters ? COMMON_RESET + rest : null;
        }
        if (startsWith(name, ANTHROPIC) && name.length() > ANTHROPIC.length() + REMAINING.length()) {
            String lower = name.toLowerCase(Locale.ROOT);
            String unit = lower.substring(ANTHROPIC.length(), lower.length() - REMAINING.length());
            return lower.endsWith(REMAINING) && UNITS.contains(unit) ? ANTHROPIC + unit + RESET : null;
        }
        return null;
    }

    private static boolean startsWith(String name, String prefix) {
        return name.regionMatches(true, 0, prefix, 0, prefix.length());
    }

    /** Providers say -1 where there is no limit. */
    private static boolean isCount(String value) {
        return !value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean isNothing(String count) {
        return count.chars().allMatch(c -> c == '0');
    }

    private static String value(List<Header> headers, String name) {
        for (Header header : headers) {
            if (header.name().equalsIgnoreCase(name)) {
                return header.value().strip();
            }
        }
        return "";
    }

    private static long until(String reset, Instant now) {
        if (NUMBER.matcher(reset).matches()) {
            return nanos(Double.parseDouble(reset), now);
        }
        Matcher time = TIME.matcher(reset);
        if (!reset.isEmpty() && time.matches()) {
            double seconds = number(time.group(1)) * 86_400
                    + number(time.group(2)) * 3_600
                    + number(time.group(3)) * 60
                    + number(time.group(4))
                    + number(time.group(5)) / 1_000;
            return (long) (seconds * 1e9);
        }
        try {
            return saturated(Duration.between(now, Instant.parse(reset)));
        } catch (DateTimeException unreadable) {
            return 0;
        }
    }

    /** Small numbers are seconds left, larger ones a time since the epoch: in seconds, or in milliseconds. */
    private static long nanos(double number, Instant now) {
        double left = number < 1e8 ? number : number / (number < 1e11 ? 1 : 1_000) - now.toEpochMilli() / 1_000.0;
        return (long) (left * 1e9);
    }

    private static double number(@Nullable String digits) {
        return digits == null ? 0 : Double.parseDouble(digits);
    }

    private static long saturated(Duration left) {
        return Math.max(0, Math.min(left.toSeconds(), 86_400)) * 1_000_000_000L;
    }
}
