package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.Header;
import dev.tollgate.limit.Permit;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The headers that tell a caller about its call, next to the answer itself. */
public final class AnswerHeaders {
    /** Says that a count in the answer is the gateway's own estimate; whoever relies on the count must know. */
    static final Header ESTIMATED = new Header("x-tollgate-estimated", "true");

    /** Says that another target goes on with the answer, should it break off while it is text. */
    static final Header RESUMABLE = new Header("x-tollgate-resumable", "true");

    /** Keeps what stands between from holding a stream back. */
    static final List<Header> UNBUFFERED =
            List.of(new Header("cache-control", "no-cache, no-transform"), new Header("x-accel-buffering", "no"));

    private static final int MOST_CHARACTERS = 2_000;

    private final InstantSource clock;

    /** @param clock tells when limits are whole again */
    public AnswerHeaders(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * The headers of an answer.
     *
     * @param target who answers
     * @param way how it was asked
     * @param providers the provider's own headers, of which a caller of the same dialect gets the safe ones
     * @param cost what the call has cost, in nano-USD; empty while that is not known
     */
    List<Header> of(
            Call call, Candidate target, Way way, List<Header> providers, OptionalLong cost, List<String> dropped) {
        List<Header> headers =
                new ArrayList<>(limits(call.permit(), call.dialect().id()));
        if (!call.setup().settings().server().answerHeaders()) {
            return headers;
        }
        if (way.dialect().equals(call.endpoint().format().id())) {
            headers.addAll(ProviderHeaders.safe(providers));
        }
        headers.add(new Header("x-tollgate-call-id", call.id()));
        headers.add(new Header("x-tollgate-target", printable(target.label())));
        headers.add(
                new Header("x-tollgate-attempts", String.valueOf(call.account().begun())));
        fallback(call).ifPresent(headers::add);
        headers.add(new Header("x-tollgate-overhead-ms", overhead(call)));
        cost.ifPresent(nanos -> headers.add(cost(nanos)));
        if (!dropped.isEmpty()) {
            headers.add(new Header("x-tollgate-dropped", list(dropped)));
        }
        return headers;
    }

    /** Why it was not one of the model's own targets that answered. */
    private static Optional<Header> fallback(Call call) {
        return Optional.ofNullable(call.fallback())
                .map(why -> new Header(
                        "x-tollgate-fallback",
                        why.name().toLowerCase(Locale.ROOT).replace('_', '-')));
    }

    /** The headers of an answer that the gateway gave itself, by its own estimate. */
    List<Header> ofOwn(Call call) {
        List<Header> headers =
                new ArrayList<>(limits(call.permit(), call.dialect().id()));
        headers.add(ESTIMATED);
        if (call.setup().settings().server().answerHeaders()) {
            headers.add(new Header("x-tollgate-call-id", call.id()));
            headers.add(new Header("x-tollgate-attempts", "0"));
            headers.add(new Header("x-tollgate-overhead-ms", overhead(call)));
        }
        return headers;
    }

    /** The headers of a refusal: the caller's limits where it got past them, and the attempts made for it. */
    List<Header> ofRefusal(Call call) {
        List<Header> headers = new ArrayList<>();
        headers.addAll(limits(call.permit(), call.dialect().id()));
        List<CallRecord.Attempt> attempts = call.account().attempts();
        if (!attempts.isEmpty() && call.setup().settings().server().answerHeaders()) {
            String last = attempts.get(attempts.size() - 1).target();
            headers.add(new Header("x-tollgate-target", printable(last)));
            headers.add(new Header("x-tollgate-attempts", String.valueOf(attempts.size())));
            fallback(call).ifPresent(headers::add);
        }
        return headers;
    }

    /**
     * What is left of a caller's limits, in the names of OpenAI, and in Anthropic's own for its dialect as well.
     *
     * @param permit what is reserved for the call; null where it has not been let through
     * @param dialect the caller's dialect
     */
    public List<Header> limits(@Nullable Permit permit, String dialect) {
        if (permit == null) {
            return List.of();
        }
        List<Header> headers = new ArrayList<>();
        for (Permit.Headroom room : permit.headroom()) {
            if (isAnthropicsOwn(room.unit()) && !dialect.equals("anthropic")) {
                continue;
            }
            headers.add(new Header("x-ratelimit-limit-" + room.unit(), String.valueOf(room.limit())));
            headers.add(new Header("x-ratelimit-remaining-" + room.unit(), String.valueOf(room.remaining())));
            headers.add(new Header("x-ratelimit-reset-" + room.unit(), span(room.resetNanos())));
            if (dialect.equals("anthropic")) {
                String prefix = "anthropic-ratelimit-" + room.unit();
                headers.add(new Header(prefix + "-limit", String.valueOf(room.limit())));
                headers.add(new Header(prefix + "-remaining", String.valueOf(room.remaining())));
                headers.add(new Header(prefix + "-reset", moment(room.resetNanos())));
            }
        }
        return headers;
    }

    /** Whether only Anthropic has a word for a limit on it. */
    private static boolean isAnthropicsOwn(String unit) {
        return unit.equals("input-tokens") || unit.equals("output-tokens");
    }

    /** A span as OpenAI writes it: {@code 120ms}, {@code 7s}, {@code 6m0s}; rounded up, so that who waits gets through. */
    private static String span(long nanos) {
        long millis = Math.max(0, (nanos + 999_999) / 1_000_000);
        if (millis < 1_000) {
            return millis + "ms";
        }
        long seconds = (millis + 999) / 1_000;
        return seconds < 60 ? seconds + "s" : seconds / 60 + "m" + seconds % 60 + "s";
    }

    /** A moment to come, in RFC 3339 and whole seconds, rounded up. */
    private String moment(long nanosFromNow) {
        return clock.instant()
                .plus(Duration.ofNanos(Math.max(0, nanosFromNow)))
                .plusNanos(999_999_999)
                .truncatedTo(ChronoUnit.SECONDS)
                .toString();
    }

    private static String overhead(Call call) {
        long nanos = Math.max(0, call.now() - call.startNanos() - call.account().waitedNanos());
        return BigDecimal.valueOf(TimeUnit.NANOSECONDS.toMicros(nanos), 3).toPlainString();
    }

    /** The cost in USD. */
    private static Header cost(long nanoUsd) {
        BigDecimal usd = BigDecimal.valueOf(nanoUsd, 9).stripTrailingZeros();
        return new Header("x-tollgate-cost", usd.toPlainString());
    }

    private static String list(List<String> names) {
        StringBuilder list = new StringBuilder();
        for (int i = 0; i < names.size(); i++) {
            String name = printable(names.get(i));
            if (list.length() + name.length() > MOST_CHARACTERS) {
                return list.append(", and ")
                        .append(names.size() - i)
                        .append(" more")
                        .toString();
            }
            list.append(i == 0 ? "" : ", ").append(name);
        }
        return list.toString();
    }

    /** A text as a header may carry it: names of models and fields come from callers, who must not write headers. */
    static String printable(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            safe.append(c >= ' ' && c < 0x7f ? c : '?');
        }
        return safe.toString();
    }
}
