package dev.tollgate.limit;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.limit.LimitStore.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

/*
 * Invariants:
 * - What is held is either handed out whole as the permit or given back whole before the refusal: nothing in between.
 * - A request is given back at most once, and only when the store said that it was taken. A take that failed may have
 *   happened all the same; giving that back could let a call through twice, keeping it can only refuse one too many.
 * - Steps follow one another, so the lists are never touched by two threads at a time; only settling may race.
 */
/** A permit in the making: takes slots first, which are at hand and free to return, then requests in the order of the rules. */
final class Reservation implements Permit {
    private static final Duration STORE_WAIT = Duration.ofSeconds(1);

    private final LimitStore store;
    private final Consumer<Throwable> storeFailed;
    private final List<Slots.Slot> slots = new ArrayList<>();
    private final List<Taken> taken = new ArrayList<>();
    private final AtomicBoolean settled = new AtomicBoolean();

    /** @param storeFailed told of every failure of the store */
    Reservation(LimitStore store, Consumer<Throwable> storeFailed) {
        this.store = store;
        this.storeFailed = storeFailed;
    }

    /** Reserves all that is claimed, or fails with a refusal and holds nothing. */
    CompletionStage<Permit> reserve(Slots counted, List<SlotClaim> slotClaims, List<RequestClaim> requestClaims) {
        return hold(counted, slotClaims)
                .thenCompose(held -> take(requestClaims))
                .exceptionallyCompose(this::refuse);
    }

    private CompletionStage<?> hold(Slots counted, List<SlotClaim> claims) {
        if (claims.isEmpty()) {
            return CompletableFuture.completedStage(this);
        }
        SlotClaim claim = claims.get(0);
        return asked(() -> counted.take(claim.name(), claim.most(), claim.onLoss()))
                .thenCompose(slot -> {
                    if (slot.isEmpty()) {
                        // The store is not asked for a longer wait: a caller at its limit must not cost the cluster
                        // anything.
                        return CompletableFuture.failedStage(claim.refusal());
                    }
                    slots.add(slot.get());
                    return hold(counted, claims.subList(1, claims.size()));
                });
    }

    private CompletionStage<Permit> take(List<RequestClaim> claims) {
        if (claims.isEmpty()) {
            return CompletableFuture.completedStage(this);
        }
        RequestClaim claim = claims.get(0);
        List<RequestClaim> others = claims.subList(1, claims.size());
        return asked(() -> store.take(claim.allowance(), 1, 0)).thenCompose(verdict -> {
            if (!verdict.taken()) {
                return spent(new Wait(claim, verdict.waitNanos()), others);
            }
            taken.add(new Taken(claim, verdict));
            return take(others);
        });
    }

    /** Fails with the refusal of the limit that makes the caller wait longest, of the spent one and those not yet asked. */
    private CompletionStage<Permit> spent(Wait first, List<RequestClaim> others) {
        giveBack();
        CompletionStage<Wait> longest = CompletableFuture.completedStage(first);
        for (RequestClaim other : others) {
            longest = longest.thenCombine(waitFor(other), Wait::longer);
        }
        return longest.thenCompose(wait -> CompletableFuture.failedStage(wait.claim.refusal(wait.nanos)));
    }

    private CompletionStage<Wait> waitFor(RequestClaim claim) {
        return asked(() -> store.waitNanos(claim.allowance(), 1, 0))
                .handle((nanos, failure) -> new Wait(claim, failure == null ? nanos : 0));
    }

    private CompletionStage<Permit> refuse(Throwable failure) {
        withdraw();
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Refusal) {
            return CompletableFuture.failedStage(cause);
        }
        storeFailed.accept(cause);
        return CompletableFuture.failedStage(new Refusal(
                        ErrorCode.GATEWAY_LIMITER_UNAVAILABLE, "the limits cannot be checked at the moment; try again")
                .retryAfter(STORE_WAIT));
    }

    private void giveBack() {
        for (Taken each : taken) {
            try {
                store.giveBack(each.claim.allowance(), 1);
            } catch (RuntimeException e) {
                storeFailed.accept(e);
            }
        }
        taken.clear();
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
        }
    }

    @Override
    public void withdraw() {
        if (settled.compareAndSet(false, true)) {
            slots.forEach(Slots.Slot::release);
            giveBack();
        }
    }

    @Override
    public CompletionStage<Void> extend(Amount more) {
        return CompletableFuture.completedStage(null);
    }

    @Override
    public List<Headroom> headroom() {
        return taken.stream()
                .min(Comparator.comparingLong((Taken each) -> each.verdict.remaining())
                        .thenComparingLong(
                                each -> each.claim.allowance().shape().capacity()))
                .map(Taken::headroom)
                .stream()
                .toList();
    }

    private record Wait(RequestClaim claim, long nanos) {
        static Wait longer(Wait one, Wait other) {
            return one.nanos >= other.nanos ? one : other;
        }
    }

    private record Taken(RequestClaim claim, Verdict verdict) {
        Headroom headroom() {
            return new Headroom(
                    "requests", claim.allowance().shape().capacity(), verdict.remaining(), verdict.fullNanos());
        }
    }
}
