package dev.tollgate.limit;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.config.Settings.Mode;
import dev.tollgate.limit.LimitStore.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/*
 * Invariants:
 * - What is held is either handed out whole as the permit or given back whole before the refusal: nothing in between.
 * - An amount is given back at most once, and only when the store said that it was taken. A take that failed may have happened all
 *   the same; giving that back could let a call through twice, keeping it can only refuse one too many.
 * - Limits that refuse come first, so that those which only watch see no call that is refused.
 * - Steps follow one another, so the lists are never touched by two threads at a time before the permit is handed out; afterwards
 *   settling and extending may race, and each hold is settled under its own lock.
 */
/** A permit in the making: takes slots first, which are at hand and free to return, then amounts in the order of the rules. */
final class Reservation implements Permit {
    private static final Duration STORE_WAIT = Duration.ofSeconds(1);

    private final LimitStore store;
    private final Watch watch;
    private final Amount wanted;
    private final List<Slots.Slot> slots = new ArrayList<>();
    private final List<Hold> holds = new ArrayList<>();
    private final List<String> shadowed = new ArrayList<>();
    private final AtomicBoolean settled = new AtomicBoolean();

    /** Who is told of what happens on the way. */
    interface Watch {
        /** The store has failed. */
        void failed(Throwable failure);

        /** A limit refuses the call, or would. */
        void refused(Claim claim, Manner manner, Refusal refusal);

        /** A limit on calls under way refuses the call, or would. */
        void refused(SlotClaim claim);

        /** So much of a budget is spent. */
        void spent(Claim claim, long used);
    }

    Reservation(LimitStore store, Watch watch, Amount wanted) {
        this.store = store;
        this.watch = watch;
        this.wanted = wanted;
    }

    /** Reserves all that is claimed, or fails with a refusal and holds nothing. */
    CompletionStage<Permit> reserve(Slots counted, List<SlotClaim> slotClaims, List<Claim> claims) {
        return hold(counted, slotClaims, 0, false)
                .thenCompose(held -> take(claims, 0))
                .thenCompose(taken -> hold(counted, slotClaims, 0, true))
                .thenCompose(held -> watchOnly(claims))
                .exceptionallyCompose(this::refuse);
    }

    private CompletionStage<Permit> hold(Slots counted, List<SlotClaim> claims, int from, boolean shadow) {
        for (int i = from; i < claims.size(); i++) {
            SlotClaim claim = claims.get(i);
            if ((claim.manner() == Manner.SHADOW) == shadow) {
                int next = i + 1;
                CompletionStage<Optional<Slots.Slot>> slot =
                        asked(() -> counted.take(claim.name(), claim.most(), claim.onLoss()));
                return (shadow ? slot.exceptionally(this::withoutSlot) : slot)
                        .thenAccept(got -> keep(claim, got))
                        .thenCompose(kept -> hold(counted, claims, next, shadow));
            }
        }
        return CompletableFuture.completedStage(this);
    }

    private Optional<Slots.Slot> withoutSlot(Throwable failure) {
        watch.failed(failure);
        return Optional.of(() -> {});
    }

    private void keep(SlotClaim claim, Optional<Slots.Slot> slot) {
        if (slot.isPresent()) {
            slots.add(slot.get());
            return;
        }
        watch.refused(claim);
        if (claim.manner() == Manner.ENFORCED) {
            // The store is not asked for a longer wait: a caller at its limit must not cost the cluster anything.
            throw claim.refusal();
        }
        shadowed.add(claim.limit());
    }

    private CompletionStage<Permit> take(List<Claim> claims, int from) {
        for (int i = from; i < claims.size(); i++) {
            Claim claim = claims.get(i);
            long needed = claim.unit().of(wanted);
            if (claim.manner() != Manner.ENFORCED) {
                continue;
            }
            if (needed == 0) {
                holds.add(new Hold(claim, 0, null));
                continue;
            }
            int next = i + 1;
            return asked(() -> store.take(claim.allowance(), needed, claim.leaving()))
                    .thenCompose(verdict -> {
                        if (!verdict.taken()) {
                            return spent(
                                    new Shortage(claim, needed, verdict, wanted), claims.subList(next, claims.size()));
                        }
                        holds.add(new Hold(claim, needed, verdict));
                        return take(claims, next);
                    });
        }
        return CompletableFuture.completedStage(this);
    }

    /** Fails with the refusal of the limit that makes the caller wait longest, of the spent one and those not yet asked. */
    private CompletionStage<Permit> spent(Shortage first, List<Claim> others) {
        giveBack();
        CompletionStage<Shortage> longest = CompletableFuture.completedStage(first);
        for (Claim other : others) {
            long needed = other.unit().of(wanted);
            if (other.manner() == Manner.ENFORCED && needed > 0) {
                longest = longest.thenCombine(waitFor(other, needed), Shortage::longer);
            }
        }
        return longest.thenCompose(this::withFigures).thenCompose(shortage -> {
            Refusal refusal = shortage.refusal();
            watch.refused(shortage.claim(), Manner.ENFORCED, refusal);
            return CompletableFuture.failedStage(refusal);
        });
    }

    private CompletionStage<Shortage> waitFor(Claim claim, long needed) {
        return asked(() -> store.waitNanos(claim.allowance(), needed, claim.leaving()))
                .handle((nanos, failure) -> Shortage.ofWait(claim, needed, failure == null ? nanos : 0, wanted));
    }

    /** A budget's refusal says how much is spent, which only a take tells. */
    private CompletionStage<Shortage> withFigures(Shortage shortage) {
        if (!shortage.isOfMoney() || !shortage.isUnknown() || shortage.isForEver()) {
            return CompletableFuture.completedStage(shortage);
        }
        Claim claim = shortage.claim();
        return asked(() -> store.take(claim.allowance(), shortage.needed(), claim.leaving()))
                .handle((verdict, failure) -> {
                    if (failure != null) {
                        return shortage;
                    }
                    if (verdict.taken()) {
                        giveBack(new Hold(claim, shortage.needed(), verdict));
                        return shortage;
                    }
                    return new Shortage(claim, shortage.needed(), verdict, wanted);
                });
    }

    /** Counts the call with the limits that refuse nothing: asked all at once, so that nobody waits longer for many than for one. */
    private CompletionStage<Permit> watchOnly(List<Claim> claims) {
        CompletionStage<Permit> watched = CompletableFuture.completedStage(this);
        for (Claim claim : claims) {
            if (claim.manner() != Manner.ENFORCED) {
                watched = watched.thenCombine(watched(claim), (permit, note) -> {
                    note.run();
                    return permit;
                });
            }
        }
        return watched;
    }

    /** Asks a limit that refuses nothing. What has come of it is to be noted when its turn comes. */
    private CompletionStage<Runnable> watched(Claim claim) {
        long needed = claim.unit().of(wanted);
        if (needed == 0) {
            return CompletableFuture.completedStage(() -> holds.add(new Hold(claim, 0, null)));
        }
        return asked(() -> store.take(claim.allowance(), needed, claim.leaving()))
                .handle((verdict, failure) ->
                        failure == null ? () -> seen(claim, needed, verdict) : () -> watch.failed(failure));
    }

    private void seen(Claim claim, long needed, Verdict verdict) {
        if (verdict.taken()) {
            holds.add(new Hold(claim, needed, verdict));
            return;
        }
        watch.refused(claim, claim.manner(), new Shortage(claim, needed, verdict, wanted).refusal());
        if (claim.manner() == Manner.SHADOW) {
            shadowed.add(claim.limit());
        } else {
            store.charge(claim.allowance(), needed);
            holds.add(new Hold(claim, needed, verdict));
        }
    }

    private CompletionStage<Permit> refuse(Throwable failure) {
        withdraw();
        Throwable cause = causeOf(failure);
        if (cause instanceof Refusal) {
            return CompletableFuture.failedStage(cause);
        }
        return CompletableFuture.failedStage(unanswered(cause));
    }

    private Refusal unanswered(Throwable cause) {
        watch.failed(cause);
        return new Refusal(
                        ErrorCode.GATEWAY_LIMITER_UNAVAILABLE, "the limits cannot be checked at the moment; try again")
                .retryAfter(STORE_WAIT);
    }

    private static Throwable causeOf(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private void giveBack() {
        holds.forEach(this::giveBack);
        holds.clear();
    }

    private void giveBack(Hold hold) {
        settle(hold, 0);
    }

    private void settle(Hold hold, long used) {
        try {
            hold.settle(store, used);
        } catch (RuntimeException e) {
            watch.failed(e);
        }
    }

    private static <T> CompletionStage<T> asked(Supplier<CompletionStage<T>> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedStage(e);
        }
    }

    @Override
    public void settle(Amount used) {
        if (settled.compareAndSet(false, true)) {
            slots.forEach(Slots.Slot::release);
            for (Hold hold : holds) {
                settle(hold, hold.claim().unit().of(used));
                if (hold.claim().unit() == Counted.SPEND) {
                    hold.spent().ifPresent(spent -> watch.spent(hold.claim(), spent));
                }
            }
        }
    }

    @Override
    public void withdraw() {
        if (settled.compareAndSet(false, true)) {
            slots.forEach(Slots.Slot::release);
            holds.forEach(this::giveBack);
        }
    }

    @Override
    public CompletionStage<Void> extend(Amount more) {
        if (settled.get()) {
            return CompletableFuture.completedStage(null);
        }
        List<Hold> extended = new ArrayList<>();
        return extend(more, 0, extended).exceptionallyCompose(failure -> {
            extended.forEach(hold -> hold.shrink(store, hold.claim().unit().of(more)));
            Throwable cause = causeOf(failure);
            return CompletableFuture.failedStage(cause instanceof Refusal ? cause : unanswered(cause));
        });
    }

    private CompletionStage<Void> extend(Amount more, int from, List<Hold> extended) {
        for (int i = from; i < holds.size(); i++) {
            Hold hold = holds.get(i);
            Claim claim = hold.claim();
            long needed = claim.unit().of(more);
            if (needed > 0 && hold.refusesToExtend()) {
                int next = i + 1;
                return asked(() -> store.take(claim.allowance(), needed, claim.leaving()))
                        .thenCompose(verdict -> {
                            if (!verdict.taken()) {
                                Refusal refusal = new Shortage(claim, needed, verdict, more).refusalOfMore();
                                watch.refused(claim, Manner.ENFORCED, refusal);
                                return CompletableFuture.failedStage(refusal);
                            }
                            hold.grow(store, needed, verdict);
                            extended.add(hold);
                            return extend(more, next, extended);
                        });
            }
        }
        chargeOthers(more);
        return CompletableFuture.completedStage(null);
    }

    private void chargeOthers(Amount more) {
        for (Hold hold : holds) {
            long needed = hold.claim().unit().of(more);
            if (needed > 0 && !hold.refusesToExtend() && hold.claim().manner() != Manner.SHADOW) {
                hold.charge(store, needed);
            }
        }
    }

    @Override
    public List<String> shadowed() {
        return List.copyOf(shadowed);
    }

    @Override
    public List<Headroom> headroom() {
        List<Headroom> rooms = new ArrayList<>(2);
        for (Counted unit : Counted.values()) {
            if (unit != Counted.SPEND) {
                holds.stream()
                        .filter(hold ->
                                hold.claim().unit() == unit && hold.claim().manner() == Manner.ENFORCED)
                        .flatMap(hold -> hold.headroom().stream())
                        .min(Comparator.comparingLong(Headroom::remaining).thenComparingLong(Headroom::limit))
                        .ifPresent(rooms::add);
            }
        }
        return rooms;
    }

    /** The mode that tells of a manner. */
    static Mode mode(Manner manner) {
        return manner == Manner.ENFORCED ? Mode.ENFORCE : Mode.SHADOW;
    }
}
