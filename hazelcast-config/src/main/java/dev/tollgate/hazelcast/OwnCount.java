package dev.tollgate.hazelcast;

import dev.tollgate.hazelcast.Question.Kind;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * Invariants:
 * - The count is put right only while no other operation of this node is under way on the window, and others wait for it: so
 *   nothing that this node has taken is ever forgotten.
 * - An operation that failed and is done all the same, later, makes the cluster count too much, never too little; the next answer
 *   shows it.
 */
/**
 * What this node has charged to a window of the calendar, as it knows itself. An operation that fails while a member is lost may
 * have been done or not, and what was to be given back is not: the node then says to the cluster what its count is.
 */
final class OwnCount {
    private final Instant ends;
    private final LongFunction<CompletableFuture<long[]>> say;
    private long count;
    private boolean known;
    private boolean doubtful;
    private int underWay;
    private long begun;
    private @Nullable CompletableFuture<Void> mending;

    /**
     * @param ends when the window is over
     * @param say tells the cluster this node's count
     */
    OwnCount(Instant ends, LongFunction<CompletableFuture<long[]>> say) {
        this.ends = ends;
        this.say = say;
    }

    /** The count of a window that this node's ledger knows; said to the cluster before anything is asked of it. */
    static OwnCount seeded(Instant ends, long charged, LongFunction<CompletableFuture<long[]>> say) {
        OwnCount own = new OwnCount(ends, say);
        own.count = charged;
        own.known = true;
        own.doubtful = true;
        CompletableFuture<Void> unused = own.mend();
        return own;
    }

    boolean isOver(Instant now) {
        return ends.isBefore(now);
    }

    /** Does an operation, after the count has been put right if need be. What only changes the count goes along with that. */
    CompletableFuture<long[]> run(Kind kind, long amount, Supplier<CompletableFuture<long[]>> operation) {
        long began;
        synchronized (this) {
            if (!known || !doubtful) {
                began = begin();
            } else if (kind == Kind.GIVE_BACK || kind == Kind.CHARGE) {
                add(kind, amount);
                return mend().thenApply(done -> new long[0]);
            } else {
                return mend().thenCompose(done -> run(kind, amount, operation));
            }
        }
        return operation
                .get()
                .whenComplete((answer, failure) -> ended(kind, amount, began, failure == null ? answer : null));
    }

    /** The number of an operation that begins; negative when others are under way. */
    private long begin() {
        begun++;
        return underWay++ == 0 ? begun : -begun;
    }

    private void ended(Kind kind, long amount, long began, long @Nullable [] answer) {
        synchronized (this) {
            underWay--;
            if (answer == null) {
                doubtful |= kind != Kind.LOOK;
            }
            if (kind != Kind.TAKE || (answer != null && Answer.isTaken(answer))) {
                add(kind, amount);
            }
            if (answer != null && began == begun && underWay == 0) {
                compare(Answer.own(answer));
            }
            if (known && doubtful && underWay == 0) {
                startMending();
            }
        }
    }

    private void add(Kind kind, long amount) {
        if (kind == Kind.GIVE_BACK) {
            count = Math.max(0, count - amount);
        } else if (kind != Kind.LOOK) {
            count = Math.addExact(count, amount);
        }
    }

    /** Where nothing else was under way meanwhile, what the cluster has counted for this node is what this node knows. */
    private void compare(OptionalLong counted) {
        if (counted.isPresent() && !known) {
            count = counted.getAsLong();
            known = true;
            doubtful = false;
        } else if (counted.isPresent() && counted.getAsLong() != count) {
            doubtful = true;
        }
    }

    private synchronized CompletableFuture<Void> mend() {
        CompletableFuture<Void> promise = mending;
        if (promise == null) {
            promise = new CompletableFuture<>();
            mending = promise;
        }
        if (underWay == 0) {
            startMending();
        }
        return promise;
    }

    private void startMending() {
        CompletableFuture<Void> promise = mending == null ? new CompletableFuture<>() : mending;
        mending = promise;
        long said = count;
        underWay++;
        CompletableFuture<long[]> unused = say.apply(said).whenComplete((answer, failure) -> {
            synchronized (this) {
                underWay--;
                mending = null;
                doubtful = failure != null || said != count;
            }
            if (failure == null) {
                promise.complete(null);
            } else {
                promise.completeExceptionally(failure);
            }
        });
    }
}
