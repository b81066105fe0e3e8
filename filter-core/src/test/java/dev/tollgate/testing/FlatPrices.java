package dev.tollgate.testing;

import dev.tollgate.chat.Usage;
import dev.tollgate.price.Prices;
import dev.tollgate.route.Candidate;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Prices by which every token of every model costs the same, or every call, or nothing has a price. */
public record FlatPrices(OptionalLong perCall, long perToken) implements Prices {
    /** Prices that know nothing. */
    public static final Prices UNKNOWN = new FlatPrices(OptionalLong.empty(), 0);

    /** So many nano-USD per token. */
    public static Prices perToken(long nanoUsd) {
        return new FlatPrices(OptionalLong.of(0), nanoUsd);
    }

    /** So many nano-USD per call. */
    public static Prices perCall(long nanoUsd) {
        return new FlatPrices(OptionalLong.of(nanoUsd), 0);
    }

    @Override
    public OptionalLong cost(Candidate target, Usage usage, @Nullable String serviceTier) {
        return atMost(target, usage.input(), usage.output(), serviceTier);
    }

    @Override
    public OptionalLong atMost(Candidate target, long inputTokens, long outputTokens, @Nullable String serviceTier) {
        return perCall.isEmpty()
                ? perCall
                : OptionalLong.of(perCall.getAsLong() + (inputTokens + outputTokens) * perToken);
    }

    @Override
    public boolean isPriced(Candidate target) {
        return perCall.isPresent();
    }
}
