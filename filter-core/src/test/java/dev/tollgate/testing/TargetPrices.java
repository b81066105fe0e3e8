package dev.tollgate.testing;

import dev.tollgate.chat.Usage;
import dev.tollgate.price.Prices;
import dev.tollgate.route.Candidate;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Prices by which a call costs the same whatever it is, at each target another.
 *
 * @param perCall in nano-USD, by the target's label
 */
public record TargetPrices(Map<String, Long> perCall) implements Prices {
    @Override
    public OptionalLong cost(Candidate target, Usage usage, @Nullable String serviceTier) {
        return atMost(target, 0, 0, serviceTier);
    }

    @Override
    public OptionalLong atMost(Candidate target, long inputTokens, long outputTokens, @Nullable String serviceTier) {
        Long price = perCall.get(target.label());
        return price == null ? OptionalLong.empty() : OptionalLong.of(price);
    }

    @Override
    public boolean isPriced(Candidate target) {
        return perCall.containsKey(target.label());
    }
}
