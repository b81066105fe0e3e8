package dev.tollgate.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.hazelcast.Question.Asker;
import dev.tollgate.hazelcast.Question.Kind;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/*
 * Invariants:
 * - An operation that the members do twice, as they may when one of them leaves, takes twice at worst: what lowers a count
 *   has a number, and is skipped where that number is not higher than the node's last.
 * - Numbers go on over restarts of the node: they begin at the time of the cluster in nanoseconds, and no node asks for more
 *   than one thing in a nanosecond.
 * - Nothing is taken from a window before what the node's own ledger says of it has been put in.
 */
/**
 * Allowances shared by the nodes of a cluster, each kept by one member and backed up by another. It has no deadline: who asks
 * must not wait for long.
 */
final class HazelcastStore implements LimitStore {
    private static final Duration KEPT_WHEN_OVER = Duration.ofHours(1);
    private static final long FORGET_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final HazelcastInstance instance;
    private final String node;
    private final int size;
    private final LongSupplier clock;
    private final Runnable closing;
    private final AtomicLong sequence;
    private final AtomicLong forgetAt = new AtomicLong();
    private final ConcurrentMap<String, OwnCount> counts = new ConcurrentHashMap<>();

    /**
     * @param node this node's id
     * @param size how many members there normally are
     * @param clock the time of the cluster in nanoseconds since 1970
     * @param closing ends the membership
     */
    HazelcastStore(HazelcastInstance instance, String node, int size, LongSupplier clock, Runnable closing) {
        this.instance = instance;
        this.node = node;
        this.size = size;
        this.clock = clock;
        this.closing = closing;
        this.sequence = new AtomicLong(clock.getAsLong());
    }

    @Override
    public CompletionStage<Verdict> take(Allowance allowance, long amount, long leaving) {
        return ask(Kind.TAKE, allowance, amount, leaving).thenApply(Answer::verdict);
    }

    @Override
    public CompletionStage<Long> waitNanos(Allowance allowance, long amount, long leaving) {
        return ask(Kind.LOOK, allowance, amount, leaving).thenApply(Answer::waitNanos);
    }

    @Override
    public void giveBack(Allowance allowance, long amount) {
        tell(Kind.GIVE_BACK, allowance, amount);
    }

    @Override
    public void charge(Allowance allowance, long amount) {
        tell(Kind.CHARGE, allowance, amount);
    }

    @Override
    public void seed(Allowance window, long charged) {
        counts.computeIfAbsent(
                window.name(), name -> OwnCount.seeded(ends(window), charged, count -> say(window, count)));
    }

    @Override
    public CompletionStage<Boolean> first(String event, Instant until) {
        long millis = until.toEpochMilli() - TimeUnit.NANOSECONDS.toMillis(clock.getAsLong());
        OnceWork work = new OnceWork(UUID.randomUUID().toString(), Math.max(1, millis));
        return Submitted.to(instance, SharedMaps.EVENTS, event, work).thenApply(answer -> answer[0] == 1);
    }

    @Override
    public void close() {
        closing.run();
    }

    private CompletableFuture<long[]> ask(Kind kind, Allowance allowance, long amount, long leaving) {
        if (allowance.shape() instanceof Shape.Bucket) {
            return submit(kind, allowance, amount, leaving);
        }
        forgetWhatIsOver();
        return counts.computeIfAbsent(
                        allowance.name(), name -> new OwnCount(ends(allowance), count -> say(allowance, count)))
                .run(kind, amount, () -> submit(kind, allowance, amount, leaving));
    }

    private static Instant ends(Allowance window) {
        return ((Shape.Window) window.shape()).ends();
    }

    /** Now and then. Calls that began before a window's end are settled within the hour after it. */
    private void forgetWhatIsOver() {
        long now = clock.getAsLong();
        long due = forgetAt.get();
        if (now >= due && forgetAt.compareAndSet(due, now + FORGET_NANOS)) {
            Instant over =
                    Instant.ofEpochMilli(TimeUnit.NANOSECONDS.toMillis(now)).minus(KEPT_WHEN_OVER);
            counts.values().removeIf(count -> count.isOver(over));
        }
    }

    private CompletableFuture<long[]> say(Allowance window, long count) {
        return submit(Kind.SEED, window, count, 0);
    }

    private void tell(Kind kind, Allowance allowance, long amount) {
        // Nobody waits for it. A return that is lost refuses too much, and is never repeated.
        ask(kind, allowance, amount, 0).exceptionally(failure -> new long[0]);
    }

    private CompletableFuture<long[]> submit(Kind kind, Allowance allowance, long amount, long leaving) {
        Asker asker = new Asker(
                node, sequence.incrementAndGet(), clock.getAsLong(), allowance.onLoss() == OnLoss.SHARE ? size : 0);
        Question question = Question.of(kind, allowance, amount, leaving, asker);
        boolean isBucket = allowance.shape() instanceof Shape.Bucket;
        String map = SharedMaps.name(isBucket ? SharedMaps.BUCKETS : SharedMaps.WINDOWS, allowance.onLoss());
        Work work = isBucket ? new BucketWork(question) : new WindowWork(question);
        return Submitted.to(instance, map, allowance.name(), work);
    }
}
