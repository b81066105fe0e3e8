package dev.tollgate.price;

import dev.tollgate.chat.Usage;
import dev.tollgate.route.Candidate;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What calls cost, in nano-USD. A call without a known price is <i>unpriced</i>, which is not the same as being free. */
public interface Prices {

    /** The cost of what a target used in its standard service tier; empty when it is unpriced. */
    default OptionalLong cost(Candidate target, Usage usage) {
        return cost(target, usage, null);
    }

    /**
     * The cost of what a target used, rounded half up to a whole nano-USD; empty when it is unpriced. That can be so although
     * the target {@linkplain #isPriced is priced}: where the provider served it in a service tier, or reports a kind of tokens,
     * for which no rate is known. Who holds a reservation for it then keeps to what was reserved.
     *
     * @param serviceTier the service tier in the provider's word, or in the caller's where the provider said nothing; null
     *     stands for the standard one
     */
    OptionalLong cost(Candidate target, Usage usage, @Nullable String serviceTier);

    /**
     * The most that a call with so many tokens can cost: at the highest rate that they may be billed at, and at the rate of
     * the longest prompt that they can be. Empty when it is unpriced.
     *
     * @param serviceTier the service tier the caller asked for, or null
     */
    OptionalLong atMost(Candidate target, long inputTokens, long outputTokens, @Nullable String serviceTier);

    /** Whether anything is known of what this target costs; true also where it is known to be free. */
    boolean isPriced(Candidate target);
}
