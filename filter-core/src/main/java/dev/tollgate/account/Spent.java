package dev.tollgate.account;

import dev.tollgate.chat.Usage;
import dev.tollgate.limit.Amount;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What the attempts of a call add up to. */
final class Spent {
    private @Nullable Usage usage;
    private boolean estimated;
    private boolean unpriced;
    private long nanoUsd;

    /**
     * @param cost what it cost, in nano-USD; empty where that is not known
     * @param charged what it is charged, known or not
     */
    void add(Used used, OptionalLong cost, long charged) {
        estimated |= used.estimated();
        unpriced |= cost.isEmpty();
        nanoUsd = sum(nanoUsd, charged);
        Usage more = used.usage();
        if (more != null) {
            usage = usage == null ? more : usage.plus(more);
        }
    }

    /** Two amounts together, as far as a number goes. */
    static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }

    /** All tokens, or null where none were used. */
    @Nullable
    Usage usage() {
        return usage;
    }

    boolean isEstimated() {
        return estimated;
    }

    /** What is charged, in nano-USD. */
    long nanoUsd() {
        return nanoUsd;
    }

    /** What it cost, in nano-USD; empty where some of it has no known price. */
    OptionalLong cost() {
        return unpriced ? OptionalLong.empty() : OptionalLong.of(nanoUsd);
    }

    /** What the limits of the call are to be charged. */
    Amount amount() {
        Usage all = usage == null ? Usage.NONE : usage;
        OptionalLong cost = unpriced && nanoUsd == 0 ? OptionalLong.empty() : OptionalLong.of(nanoUsd);
        return new Amount(1, all.input(), all.output(), cost);
    }
}
