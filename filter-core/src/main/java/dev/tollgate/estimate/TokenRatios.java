package dev.tollgate.estimate;

import dev.tollgate.route.Candidate;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * How many bytes of a request, and how many characters of an answer, make a token at each model: what is usual until providers
 * have reported otherwise, then a moving average of what they reported. Ratios are kept in thousandths.
 */
public final class TokenRatios {
    /** What a token is in English text, about. */
    private static final int USUAL = 4_000;

    private static final int LEAST = 1_500;
    private static final int LEAST_OUTPUT = 1_000;
    private static final int MOST = 8_000;

    /** Each report moves the average by one part in so many. */
    private static final int INERTIA = 8;

    /** Less than this is mostly syntax, and tells nothing of the text in it. */
    private static final int LEAST_BYTES = 512;

    private static final int LEAST_TOKENS = 48;

    /** Models that are told apart; those beyond are taken for usual. */
    private static final int MOST_MODELS = 2_000;

    private record Ratio(AtomicInteger input, AtomicInteger output) {
        Ratio() {
            this(new AtomicInteger(USUAL), new AtomicInteger(USUAL));
        }
    }

    private final ConcurrentMap<String, ConcurrentMap<String, Ratio>> families = new ConcurrentHashMap<>();
    private final Ratio usual = new Ratio();
    private final AtomicInteger models = new AtomicInteger();

    /** The input tokens that a request probably has. */
    public long input(Candidate target, RequestSize size) {
        return tokens(size, find(target).input().get());
    }

    /** The input tokens that a request hardly has more of: a third more than it probably has. */
    public long inputAtMost(Candidate target, RequestSize size) {
        return tokens(size, find(target).input().get() * 3 / 4);
    }

    private static long tokens(RequestSize size, int ratio) {
        return up(size.textBytes() * 1_000, ratio) + (long) size.media() * RequestSize.TOKENS_PER_MEDIUM;
    }

    /** The output tokens that so much text probably has. */
    public long output(Candidate target, long characters) {
        return up(characters * 1_000, find(target).output().get());
    }

    /** How long a text of so many tokens probably is, in characters; the other way round from {@link #output}. */
    public long characters(Candidate target, long tokens) {
        int ratio = find(target).output().get();
        return tokens > Long.MAX_VALUE / MOST ? Long.MAX_VALUE : tokens * ratio / 1_000;
    }

    /** Learns from what a provider reported for a request. */
    public void learnInput(Candidate target, RequestSize size, long tokens) {
        if (size.media() == 0 && size.textBytes() >= LEAST_BYTES && tokens >= LEAST_TOKENS) {
            move(keep(target).input(), size.textBytes() * 1_000 / tokens, LEAST);
        }
    }

    /**
     * Learns from what a provider reported for an answer.
     *
     * @param tokens those of the characters alone
     */
    public void learnOutput(Candidate target, long characters, long tokens) {
        if (characters >= LEAST_TOKENS && tokens >= LEAST_TOKENS) {
            move(keep(target).output(), characters * 1_000 / tokens, LEAST_OUTPUT);
        }
    }

    private static void move(AtomicInteger ratio, long seen, int least) {
        int told = (int) Math.max(least, Math.min(MOST, seen));
        ratio.updateAndGet(old -> old + (told - old) / INERTIA);
    }

    private Ratio find(Candidate target) {
        ConcurrentMap<String, Ratio> family = families.get(target.provider().family());
        Ratio known = family == null ? null : family.get(target.model());
        return known == null ? usual : known;
    }

    /** One that may be changed; beyond the bound it is thrown away. */
    private Ratio keep(Candidate target) {
        ConcurrentMap<String, Ratio> family =
                families.computeIfAbsent(target.provider().family(), absent -> new ConcurrentHashMap<>());
        @Nullable Ratio known = family.get(target.model());
        if (known != null) {
            return known;
        }
        if (models.get() >= MOST_MODELS) {
            return new Ratio();
        }
        return family.computeIfAbsent(target.model(), absent -> {
            models.incrementAndGet();
            return new Ratio();
        });
    }

    private static long up(long value, long unit) {
        return (value + unit - 1) / unit;
    }
}
