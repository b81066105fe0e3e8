package dev.tollgate.lease;

import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.lease.SharedSlots.Holding;
import dev.tollgate.limit.Slots.Slot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/*
 * Invariants:
 * - The cluster counts at least as many slots for this node as its calls may begin to use: a holding is made smaller here before
 *   the cluster is told, and larger after the cluster has said so.
 * - Only one operation on a name is under way, for holdings are absolute and must not overtake each other. One that was not
 *   answered in time is waited for by nobody, but no other is sent before it has ended.
 * - A holding that may have expired lets no new call through. Calls under way keep their slots, and are told of again.
 * - Nothing of others (answers, the cluster) is called while the lock is held.
 */
/** The slots of one name that this node holds, and the calls that use them or wait for one. */
final class SlotHolding {
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final long REFUSED_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long MARGIN_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long USABLE_NANOS = SharedSlots.EXPIRY.toNanos() - MARGIN_NANOS;
    private static final int SMALL = 8;

    private final SlotDesk desk;
    private final SlotName name;
    private final Deque<CompletableFuture<Optional<Slot>>> waiters = new ArrayDeque<>();
    private final Silence silence = new Silence();

    private long most;
    private long held;
    private long confirmed;
    private long used;
    private long free;
    private long leastSpare;
    private long spareSince;
    private long lastUse;
    private long lastTake;
    private long refusedUntil;
    private boolean refused;
    private boolean retryDue;
    private boolean uncertain;
    private boolean retired;
    private @Nullable Operation under;
    private final Set<Operation> adrift = new HashSet<>();

    SlotHolding(SlotDesk desk, SlotName name) {
        this.desk = desk;
        this.name = name;
        long now = desk.now();
        this.confirmed = now - USABLE_NANOS;
        this.refusedUntil = now;
        this.spareSince = now;
        this.lastUse = now;
        this.lastTake = now;
    }

    /** Takes a slot; null when this holding is retired and another must be used. */
    @Nullable
    CompletionStage<Optional<Slot>> take(long mostNow) {
        CompletionStage<Optional<Slot>> answer;
        Operation next;
        synchronized (this) {
            if (retired) {
                return null;
            }
            long now = desk.now();
            most = mostNow;
            lastUse = now;
            lastTake = now;
            answer = atOnce(now);
            if (answer == null) {
                CompletableFuture<Optional<Slot>> waiter = new CompletableFuture<>();
                waiters.add(waiter);
                answer = waiter;
            }
            next = next(now);
        }
        send(next);
        return answer;
    }

    private @Nullable CompletionStage<Optional<Slot>> atOnce(long now) {
        if (waiters.isEmpty() && used < Math.min(usable(now), most)) {
            return CompletableFuture.completedStage(Optional.of(use()));
        }
        if (used >= most || now - refusedUntil < 0) {
            desk.counts().rememberedRefusals.increment();
            return CompletableFuture.completedStage(Optional.empty());
        }
        return silence.holds(now) || isHeldUp() ? unanswered() : null;
    }

    /** Whether an operation that is late may still be carried out, so that no more may be asked for. */
    private boolean isHeldUp() {
        return !adrift.isEmpty() || (under != null && under.overdue);
    }

    private CompletionStage<Optional<Slot>> unanswered() {
        return name.onLoss() == OnLoss.OPEN
                ? CompletableFuture.completedStage(Optional.of(() -> {}))
                : CompletableFuture.failedStage(new ClusterSilentException("the cluster does not answer"));
    }

    private long usable(long now) {
        return now - confirmed < USABLE_NANOS ? held : 0;
    }

    private Slot use() {
        used++;
        leastSpare = Math.min(leastSpare, held - used);
        return new Used();
    }

    synchronized long used() {
        return used;
    }

    /** How many slots calls may use without asking. */
    synchronized long usable() {
        return usable(desk.now());
    }

    private void release() {
        Deeds deeds = new Deeds();
        Operation next;
        synchronized (this) {
            long now = desk.now();
            used--;
            lastUse = now;
            refusedUntil = now;
            serve(deeds, now);
            next = next(now);
        }
        deeds.run();
        send(next);
    }

    /** Does what time asks for, and says whether the holding is retired now, since nothing would be lost with it. */
    boolean tick() {
        Operation next;
        synchronized (this) {
            long now = desk.now();
            adrift.removeIf(operation -> now - operation.sent > SharedSlots.EXPIRY.toNanos());
            if (under != null && now - under.sent > SharedSlots.EXPIRY.toNanos()) {
                under = null;
                uncertain = true;
            }
            next = next(now);
            retired = next == null
                    && under == null
                    && !uncertain
                    && held == 0
                    && used == 0
                    && waiters.isEmpty()
                    && now - lastUse >= KEPT_NANOS;
        }
        send(next);
        return retired;
    }

    /** Begins to renew the holding: how many slots the cluster is told of now; 0 when there is nothing to renew. */
    synchronized long renewing(Operation renewal) {
        if (retired || (held == 0 && used == 0)) {
            return 0;
        }
        long renewed = usable(renewal.sent) > 0 ? held : used;
        Operation late = under;
        if (late != null) {
            // What is late does no harm when it is carried out after all, as long as no more has been asked for since.
            if (!late.overdue || renewed == 0 || renewed > late.counted()) {
                return 0;
            }
            adrift.add(late);
        }
        held = renewed;
        under = renewed > 0 ? renewal : null;
        return renewed;
    }

    private void send(@Nullable Operation operation) {
        if (operation != null) {
            desk.send(this, name, operation);
        }
    }

    /** An operation was not answered in time. */
    void overdue(Operation operation) {
        Deeds deeds = new Deeds();
        synchronized (this) {
            if (under != operation) {
                return;
            }
            operation.overdue = true;
            fallSilent(deeds, desk.now());
        }
        deeds.run();
    }

    /** An operation has ended, in time or late: with a failure, or well, and with what the cluster said where it was asked for more. */
    void ended(Operation operation, @Nullable Holding holding, @Nullable Throwable failure) {
        Deeds deeds = new Deeds();
        Operation next;
        synchronized (this) {
            if (under != operation) {
                adrift.remove(operation);
                return;
            }
            long now = desk.now();
            under = null;
            if (failure != null) {
                uncertain = true;
                if (!operation.overdue) {
                    fallSilent(deeds, now);
                }
            } else {
                silence.end();
                hear(operation, holding, deeds, now);
            }
            next = next(now);
        }
        deeds.run();
        send(next);
    }

    private void hear(Operation operation, @Nullable Holding holding, Deeds deeds, long now) {
        if (holding == null) {
            confirmed = operation.sent;
            uncertain = false;
            serve(deeds, now);
        } else if (holding.held() >= operation.least) {
            free = holding.free();
            held = holding.held();
            confirmed = operation.sent;
            leastSpare = held - used;
            spareSince = now;
            refused = false;
            uncertain = false;
            serve(deeds, now);
        } else {
            free = holding.free();
            serve(deeds, now);
            hearRefusal(deeds, now);
        }
    }

    private void hearRefusal(Deeds deeds, long now) {
        if (waiters.isEmpty()) {
            return;
        }
        if (!refused) {
            // The call before may have ended on another node, and its slot be on the way.
            refused = true;
            retryDue = true;
            deeds.add(() -> desk.later(this::retry, RETRY_NANOS));
            return;
        }
        refusedUntil = now + REFUSED_NANOS;
        for (CompletableFuture<Optional<Slot>> waiter : waiters) {
            deeds.add(() -> waiter.complete(Optional.empty()));
        }
        waiters.clear();
    }

    private void retry() {
        Operation next;
        synchronized (this) {
            retryDue = false;
            next = next(desk.now());
        }
        send(next);
    }

    private void fallSilent(Deeds deeds, long now) {
        silence.begin(now);
        serve(deeds, now);
        for (CompletableFuture<Optional<Slot>> waiter : waiters) {
            CompletionStage<Optional<Slot>> outcome = unanswered();
            deeds.add(() -> outcome.whenComplete((slot, failure) -> {
                if (failure == null) {
                    waiter.complete(slot);
                } else {
                    waiter.completeExceptionally(failure);
                }
            }));
        }
        waiters.clear();
    }

    private void serve(Deeds deeds, long now) {
        while (!waiters.isEmpty() && used < Math.min(usable(now), most)) {
            CompletableFuture<Optional<Slot>> waiter = waiters.remove();
            Slot slot = use();
            deeds.add(() -> waiter.complete(Optional.of(slot)));
        }
    }

    private @Nullable Operation next(long now) {
        if (under != null || retired || retryDue || silence.holds(now)) {
            return null;
        }
        if (!waiters.isEmpty() && adrift.isEmpty()) {
            under = Operation.hold(
                    most, used + 1, Math.max(used + 1, Math.min(most, used + waiters.size() + slack())), now);
        } else if (uncertain || spare(now) > 0) {
            held = Math.max(used, usable(now) - spare(now));
            leastSpare = held - used;
            spareSince = now;
            under = Operation.keep(held, now);
        } else if (wantsSlack(now)) {
            under = Operation.hold(most, held + 1, Math.min(most, used + slack()), now);
        }
        return under;
    }

    private boolean wantsSlack(long now) {
        boolean spent = used > 0 && used == usable(now) && used < most;
        return spent && slack() > 0 && !refused && adrift.isEmpty() && now - lastTake < IDLE_NANOS;
    }

    /** How many of the slots held are to be given up: those beyond the slack at once, and the slack when it is not used. */
    private long spare(long now) {
        long spare = usable(now) - used;
        long beyond = spare - slack();
        if (beyond > 0) {
            return beyond;
        }
        if (now - spareSince < IDLE_NANOS) {
            return 0;
        }
        long idle = Math.min(leastSpare, spare);
        if (idle <= 0) {
            leastSpare = spare;
            spareSince = now;
        }
        return Math.max(0, idle);
    }

    /** How many slots this node may hold beyond those in use: none of a small limit, few of one that is nearly used up. */
    private long slack() {
        long nodes = desk.members();
        if (most < SMALL * nodes) {
            return 0;
        }
        return Math.min(Math.max(1, used / 4), Math.min(most / SMALL / nodes, free / 4 / nodes));
    }

    /** Gives up all, and says whether the cluster may count any. Calls under way are of a node that is going. */
    boolean close() {
        Deeds deeds = new Deeds();
        boolean counted;
        synchronized (this) {
            retired = true;
            counted = held > 0 || used > 0 || uncertain || under != null;
            for (CompletableFuture<Optional<Slot>> waiter : waiters) {
                deeds.add(() -> waiter.completeExceptionally(new ClusterSilentException("the node is going")));
            }
            waiters.clear();
        }
        deeds.run();
        return counted;
    }

    private final class Used implements Slot {
        private final AtomicBoolean released = new AtomicBoolean();

        @Override
        public void release() {
            if (released.compareAndSet(false, true)) {
                SlotHolding.this.release();
            }
        }
    }
}
