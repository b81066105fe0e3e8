package dev.tollgate.limit;

import dev.tollgate.Refusal;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a limit would say to a call, as far as that is known without taking anything from it.
 *
 * @param limit the limit as messages name it, as {@code key "ci": 600 requests per minute}
 * @param unit "requests", "tokens", "input-tokens", "output-tokens", "spend" (in nano-USD) or "calls" (under way)
 * @param refuses whether it refuses what is above it; otherwise that is only told
 * @param capacity the whole allowance
 * @param needed what the call may use of it at most
 * @param leaving what the call must leave to more urgent ones
 * @param remaining what is left of it; negative when something is owed, empty where this node does not know
 * @param waitNanos nanoseconds until it lets the call through; 0 for at once, {@link LimitStore.Verdict#NEVER} where the call is
 *     larger than the whole, empty where that is not known
 * @param refusal what it would refuse the call with; empty where it lets it through
 */
public record Prospect(
        String limit,
        String unit,
        boolean refuses,
        long capacity,
        long needed,
        long leaving,
        OptionalLong remaining,
        OptionalLong waitNanos,
        Optional<Refusal> refusal) {

    static Prospect of(SlotClaim claim, OptionalLong free) {
        boolean full = free.isPresent() && free.getAsLong() < 1;
        return new Prospect(
                claim.limit(),
                "calls",
                claim.manner() == Manner.ENFORCED,
                claim.most(),
                1,
                0,
                free,
                free.isPresent() && !full ? OptionalLong.of(0) : OptionalLong.empty(),
                full ? Optional.of(claim.refusal()) : Optional.empty());
    }

    /** @param waitNanos as the store has told; negative where it could not */
    static Prospect of(Claim claim, Amount wanted, OptionalLong remaining, long waitNanos) {
        long needed = claim.unit().of(wanted);
        return new Prospect(
                claim.limit(),
                claim.unit().word(),
                claim.manner() == Manner.ENFORCED,
                claim.capacity(),
                needed,
                claim.leaving(),
                remaining,
                waitNanos < 0 ? OptionalLong.empty() : OptionalLong.of(waitNanos),
                waitNanos > 0
                        ? Optional.of(Shortage.of(claim, needed, remaining, waitNanos, wanted)
                                .refusal())
                        : Optional.empty());
    }
}
