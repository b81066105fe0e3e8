package dev.tollgate.limit;

import dev.tollgate.limit.LimitStore.Verdict;
import dev.tollgate.limit.Permit.Headroom;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** What a call has reserved of one allowance. It is settled once; what is reserved for it later is given back at once. */
final class Hold {
    private final Claim claim;
    private final boolean counted;
    private @Nullable Verdict verdict;
    private long reserved;
    /** How much of it the verdict knows of. */
    private long seen;

    private long used;
    private boolean settled;

    /** @param verdict the store's answer; null where nothing had to be asked */
    Hold(Claim claim, long reserved, @Nullable Verdict verdict) {
        this.claim = claim;
        this.reserved = reserved;
        this.verdict = verdict;
        this.seen = verdict != null && verdict.taken() ? reserved : 0;
        this.counted = verdict == null || verdict.counted();
    }

    Claim claim() {
        return claim;
    }

    /** Whether a call under way is refused more of it. */
    boolean refusesToExtend() {
        return claim.unit() == Counted.SPEND && claim.manner() == Manner.ENFORCED;
    }

    /** Gives back or charges the difference between what was reserved and what was used. */
    synchronized void settle(LimitStore store, long actual) {
        if (settled) {
            return;
        }
        settled = true;
        used = actual;
        if (counted && actual < reserved) {
            store.giveBack(claim.allowance(), reserved - actual);
        } else if (counted && actual > reserved) {
            store.charge(claim.allowance(), actual - reserved);
        }
    }

    /** Notes that more has been taken for the call. */
    synchronized void grow(LimitStore store, long more, Verdict latest) {
        if (settled) {
            if (latest.counted()) {
                store.giveBack(claim.allowance(), more);
            }
            return;
        }
        reserved += more;
        seen += more;
        verdict = latest;
    }

    /** Gives back what was taken for more that is not needed after all. */
    synchronized void shrink(LimitStore store, long less) {
        if (!settled) {
            reserved -= less;
            store.giveBack(claim.allowance(), less);
        }
    }

    /** Charges more for a call under way. */
    synchronized void charge(LimitStore store, long more) {
        if (!settled && counted) {
            reserved += more;
            store.charge(claim.allowance(), more);
        }
    }

    /** How much of the whole allowance was used when this was last taken from it, with what the call has used in the end. */
    synchronized OptionalLong spent() {
        Verdict last = verdict;
        if (last == null) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(claim.capacity() - last.remaining() - seen + used);
    }

    synchronized Optional<Headroom> headroom() {
        Verdict last = verdict;
        return last == null
                ? Optional.empty()
                : Optional.of(new Headroom(
                        claim.unit().word(), claim.capacity(), Math.max(0, last.remaining()), last.fullNanos()));
    }
}
