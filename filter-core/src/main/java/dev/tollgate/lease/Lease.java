package dev.tollgate.lease;

import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore.Verdict;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * Invariants:
 * - What the cluster gave is in the slice, in a call's hand, or on its way back, once. The slice is at most what is lent to this
 *   node, so all that could be taken, here and elsewhere, is never more than the capacity (see Lending).
 * - At most one question is being waited for. One that was not answered in time goes on by itself; what it brings is kept.
 * - Calls that wait are answered in the order they came, and none overtakes them.
 * - Nothing of others (answers, the cluster) is called while the lock is held.
 */
/** One allowance, as this node uses it: the slice that calls are served from, and the calls that wait for the cluster. */
final class Lease {
    private static final long LONGEST_WAIT_NANOS = 2 * LeaseDesk.DEADLINE_NANOS;
    private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final long KEPT_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long PREFETCH_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long UNTOLD = Long.MIN_VALUE;

    private final LeaseDesk desk;
    private final Deque<Waiter> waiters = new ArrayDeque<>();
    private final Silence silence = new Silence();
    private final RecentDemand demand;
    private final Slice slice;

    private Allowance allowance;
    private Allowance shared;
    private long most;
    private long told = UNTOLD;
    private long toldFullNanos;
    private long toldAt;
    private long lastTake;
    private long prefetchFrom;
    private boolean alone;
    private boolean retired;
    private @Nullable Question asking;
    private @Nullable RememberedRefusal refusal;
    private @Nullable Look look;

    Lease(LeaseDesk desk, Allowance allowance) {
        long now = desk.now();
        this.desk = desk;
        this.allowance = allowance;
        this.shared = desk.lending().shared(allowance);
        this.most = desk.lending().most(allowance.shape());
        this.demand = new RecentDemand(now);
        this.slice = new Slice(allowance.shape() instanceof Shape.Bucket, now);
        this.lastTake = now;
        this.prefetchFrom = now;
    }

    /** Takes an amount; null when this lease is retired and another must be used. */
    @Nullable
    CompletionStage<Verdict> take(Allowance wanted, long amount, long leaving) {
        CompletionStage<Verdict> answer;
        Question question;
        synchronized (this) {
            if (retired) {
                return null;
            }
            long now = desk.now();
            turnTo(wanted, now);
            slice.age(now);
            lastTake = now;
            look = null;
            answer = atOnce(amount, leaving, now);
            if (answer == null) {
                Waiter waiter = new Waiter(amount, leaving, now);
                waiters.add(waiter);
                answer = waiter.answer;
            }
            question = nextQuestion(now);
        }
        if (question != null) {
            desk.ask(this, question);
        }
        return answer;
    }

    private @Nullable CompletionStage<Verdict> atOnce(long amount, long leaving, long now) {
        if (waiters.isEmpty() && covers(amount, leaving)) {
            demand.note(amount, now);
            slice.take(amount);
            desk.counts().leasedTakes.increment();
            return CompletableFuture.completedStage(taken(now));
        }
        if (amount > allowance.shape().capacity() - leaving) {
            return CompletableFuture.completedStage(refused(Verdict.NEVER, now));
        }
        RememberedRefusal known = refusal;
        if (known != null && known.holds(beyondSlice(amount) + leaving, now)) {
            desk.counts().rememberedRefusals.increment();
            return CompletableFuture.completedStage(refused(waitBy(known, amount, leaving, now), now));
        }
        demand.note(amount, now);
        return silence.holds(now) ? unanswered(now) : null;
    }

    /** Whether the slice has an amount; who must leave something is served from it only where the cluster is known to have that. */
    private boolean covers(long amount, long leaving) {
        return amount <= slice.held() && (leaving == 0 || (told != UNTOLD && told + slice.held() - amount >= leaving));
    }

    /** What must be asked of the cluster for an amount. */
    private long beyondSlice(long amount) {
        return slice.held() >= amount ? amount : amount - slice.held();
    }

    /** How long an amount must be waited for, as far as is known; else what the question says, which is remembered. */
    CompletionStage<Long> waitNanos(long amount, long leaving, Supplier<CompletionStage<Long>> question) {
        Look asking;
        synchronized (this) {
            long now = desk.now();
            try {
                OptionalLong known = knownWaitNanos(amount, leaving, now);
                if (known.isPresent()) {
                    return CompletableFuture.completedStage(known.getAsLong());
                }
            } catch (ClusterSilentException silent) {
                return CompletableFuture.failedStage(silent);
            }
            Look last = look;
            if (last != null && last.answers(amount, leaving, now)) {
                return last.nanos(now);
            }
            asking = new Look(amount, leaving, now);
            look = asking;
        }
        question.get().whenComplete((nanos, failure) -> looked(asking, nanos, failure));
        return asking.answer();
    }

    private void looked(Look asked, @Nullable Long nanos, @Nullable Throwable failure) {
        synchronized (this) {
            long now = desk.now();
            asked.heard(now);
            if (nanos == null && !silence.holds(now)) {
                silence.begin(now);
            }
        }
        asked.tell(nanos, failure);
    }

    /** What is known of the wait without asking; empty when the cluster must be asked. Fails when it cannot be. */
    private OptionalLong knownWaitNanos(long amount, long leaving, long now) {
        slice.age(now);
        if (waiters.isEmpty() && covers(amount, leaving)) {
            return OptionalLong.of(0);
        }
        RememberedRefusal known = refusal;
        if (known != null && known.holds(beyondSlice(amount) + leaving, now)) {
            return OptionalLong.of(waitBy(known, amount, leaving, now));
        }
        if (silence.holds(now)) {
            throw new ClusterSilentException(
                    "the cluster has not answered for this allowance and is not asked for a moment");
        }
        return OptionalLong.empty();
    }

    private long waitBy(RememberedRefusal known, long amount, long leaving, long now) {
        return known.waitNanos(shared, beyondSlice(amount) + leaving, now);
    }

    /** Takes back what calls did not use; false when this lease is retired and another must be used. */
    boolean giveBack(Allowance wanted, long amount) {
        Deeds deeds = new Deeds();
        synchronized (this) {
            if (retired) {
                return false;
            }
            long now = desk.now();
            turnTo(wanted, now);
            slice.age(now);
            refusal = null;
            look = null;
            // A slice that is in use takes it; the cluster has it otherwise, where all nodes can use it.
            boolean inUse = slice.isFresh(now) && now - lastTake < IDLE_NANOS;
            long kept = inUse ? Math.min(amount, most - slice.held()) : 0;
            slice.putBack(kept);
            serve(deeds, now);
            slice.flowBack(amount - kept, now);
            flush(deeds, now);
        }
        deeds.run();
        return true;
    }

    /** Takes what has been used already; false when this lease is retired and another must be used. */
    boolean charge(Allowance wanted, long amount) {
        long owed;
        synchronized (this) {
            if (retired) {
                return false;
            }
            long now = desk.now();
            turnTo(wanted, now);
            slice.age(now);
            look = null;
            owed = amount - slice.spend(amount);
            told -= told == UNTOLD ? 0 : owed;
        }
        if (owed > 0) {
            desk.charge(shared, owed);
        }
        return true;
    }

    /** Does what time asks for, and says whether the lease is retired now, since nothing would be lost with it. */
    boolean tick() {
        Deeds deeds = new Deeds();
        synchronized (this) {
            long now = desk.now();
            slice.age(now);
            if (now - lastTake >= IDLE_NANOS) {
                slice.keep(0, now);
            }
            flush(deeds, now);
            retired = slice.isEmpty() && waiters.isEmpty() && asking == null && now - lastTake >= KEPT_NANOS;
        }
        deeds.run();
        return retired;
    }

    /** Gives all back, and fails whoever waits. */
    void close() {
        Deeds deeds = new Deeds();
        synchronized (this) {
            retired = true;
            slice.keep(0, desk.now());
            giveToCluster(deeds, slice.flushAll());
            waiters.forEach(waiter -> deeds.add(() -> waiter.fail(new ClusterSilentException("the node is going"))));
            waiters.clear();
        }
        deeds.run();
    }

    /** A question was not answered in time. */
    void overdue(Question question) {
        Deeds deeds = new Deeds();
        synchronized (this) {
            if (asking != question) {
                return;
            }
            asking = null;
            fallSilent(deeds, desk.now());
        }
        desk.counts().timeouts.increment();
        desk.failed(new ClusterSilentException("no answer within 250 ms"));
        deeds.run();
    }

    /** A question was answered, in time or late, or failed. */
    void answered(Question question, @Nullable Verdict verdict, @Nullable Throwable failure) {
        Deeds deeds = new Deeds();
        Question next;
        synchronized (this) {
            long now = desk.now();
            boolean late = asking != question;
            asking = late ? asking : null;
            if (late && !retired) {
                desk.counts().lateAnswers.increment();
            }
            if (verdict == null) {
                if (!late) {
                    fallSilent(deeds, now);
                }
            } else {
                hear(question, verdict, late, deeds, now);
            }
            giveUp(waiter -> now - waiter.since > LONGEST_WAIT_NANOS, deeds, now);
            next = nextQuestion(now);
        }
        if (verdict != null) {
            desk.answered();
        } else if (failure != null) {
            desk.counts().failures.increment();
            desk.failed(failure);
        }
        deeds.run();
        if (next != null) {
            desk.ask(this, next);
        }
    }

    private void fallSilent(Deeds deeds, long now) {
        silence.begin(now);
        slice.age(now);
        serve(deeds, now);
        giveUp(waiter -> true, deeds, now);
    }

    /** Keeps some no longer waiting: serves those whom the slice covers, and tells the others that the cluster did not answer. */
    private void giveUp(Predicate<Waiter> whom, Deeds deeds, long now) {
        for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
            Waiter waiter = each.next();
            if (!whom.test(waiter)) {
                continue;
            }
            each.remove();
            if (covers(waiter.amount, waiter.leaving)) {
                slice.take(waiter.amount);
                Verdict verdict = taken(now);
                deeds.add(() -> waiter.answer.complete(verdict));
            } else {
                CompletionStage<Verdict> outcome = unanswered(now);
                deeds.add(() -> outcome.whenComplete(waiter::settle));
            }
        }
    }

    private void hear(Question question, Verdict verdict, boolean late, Deeds deeds, long now) {
        silence.end();
        if (verdict.taken()) {
            if (question.owed > 0) {
                Allowance of = question.shared;
                deeds.add(() -> desk.charge(of, question.owed));
            }
            tell(verdict, question.owed, now);
            slice.add(question.amount + question.owed, question.asked);
            slice.age(now);
            refusal = null;
            serve(deeds, now);
            slice.keep(retired ? 0 : most, now);
            flush(deeds, now);
        } else {
            tell(verdict, 0, now);
            if (!late) {
                hearRefusal(question, verdict, deeds, now);
            }
        }
    }

    private void tell(Verdict verdict, long owed, long now) {
        told = verdict.remaining() - owed;
        toldFullNanos = verdict.fullNanos();
        toldAt = now;
    }

    private void hearRefusal(Question question, Verdict verdict, Deeds deeds, long now) {
        Waiter first = question.alone;
        if (first == null) {
            alone = true;
            prefetchFrom = now + PREFETCH_PAUSE_NANOS;
        } else if (waiters.peek() == first) {
            long needed = question.amount + question.owed + question.leaving;
            RememberedRefusal known = RememberedRefusal.of(needed, verdict.waitNanos(), now);
            refusal = known;
            refuse(waiters.remove(), known, deeds, now);
            for (Iterator<Waiter> each = waiters.iterator(); each.hasNext(); ) {
                Waiter waiter = each.next();
                if (beyondSlice(waiter.amount) + waiter.leaving >= needed) {
                    each.remove();
                    desk.counts().rememberedRefusals.increment();
                    refuse(waiter, known, deeds, now);
                }
            }
            serve(deeds, now);
        }
    }

    private void refuse(Waiter waiter, RememberedRefusal known, Deeds deeds, long now) {
        Verdict verdict = refused(waitBy(known, waiter.amount, waiter.leaving, now), now);
        deeds.add(() -> waiter.answer.complete(verdict));
    }

    /** Serves who waits, in order, as far as the slice goes. */
    private void serve(Deeds deeds, long now) {
        Waiter first = waiters.peek();
        while (first != null && covers(first.amount, first.leaving)) {
            Waiter served = waiters.remove();
            slice.take(served.amount);
            Verdict verdict = taken(now);
            deeds.add(() -> served.answer.complete(verdict));
            first = waiters.peek();
        }
    }

    private @Nullable Question nextQuestion(long now) {
        if (asking != null || retired || silence.holds(now)) {
            return null;
        }
        Waiter first = waiters.peek();
        Question question = first == null ? prefetch(now) : forWaiters(first, now);
        alone = false;
        asking = question;
        return question;
    }

    private @Nullable Question prefetch(long now) {
        if (alone || now - prefetchFrom < 0) {
            return null;
        }
        long size = size(now);
        return size == 0 || slice.held() > size / 4 ? null : new Question(shared, size - slice.held(), 0, 0, null, now);
    }

    /** Asks for those who wait, as far as there is likely enough for them, and for the slice; or for the first alone. */
    private Question forWaiters(Waiter first, long now) {
        long full = Lending.full(shared);
        long amount = beyondSlice(first.amount);
        long leaving = Math.min(first.leaving, Math.max(0, full - amount));
        long room = alone || told == UNTOLD ? amount : Math.min(told - leaving, full);
        long joint = amount;
        for (Waiter waiter : waiters) {
            if (waiter != first) {
                if (waiter.leaving != first.leaving || waiter.amount > room - joint) {
                    break;
                }
                joint += waiter.amount;
            }
        }
        joint += Math.max(0, Math.min(size(now), room - joint));
        if (joint > amount) {
            return new Question(shared, joint, 0, leaving, null, now);
        }
        // More than is ever there while others hold slices: all that is there, and the rest is owed.
        long owed = Math.max(0, amount - full);
        return new Question(shared, amount - owed, owed, leaving, first, now);
    }

    /** How large the slice should be; 0 when it would be worth less than two calls. */
    private long size(long now) {
        if (most == 0 || told == UNTOLD) {
            return 0;
        }
        long share = told / (4L * desk.lending().members());
        long size = Math.min(most, Math.min(demand.perSecond(now), share));
        return size < 2 * demand.typical() ? 0 : size;
    }

    private void turnTo(Allowance wanted, long now) {
        if (!wanted.equals(allowance)) {
            allowance = wanted;
            shared = desk.lending().shared(wanted);
            most = desk.lending().most(wanted.shape());
            refusal = null;
            look = null;
            slice.keep(0, now);
        }
    }

    private void flush(Deeds deeds, long now) {
        if (retired) {
            giveToCluster(deeds, slice.flushAll());
        } else if (shared.shape() instanceof Shape.Bucket && told > Lending.full(shared)) {
            // A new bucket holds more than it refills to, and would be cut to that by what flows back.
            slice.dropHeldBack(now);
        } else if (!silence.holds(now)) {
            giveToCluster(deeds, slice.flush(now));
        }
    }

    private void giveToCluster(Deeds deeds, long amount) {
        if (amount > 0) {
            Allowance to = shared;
            deeds.add(() -> desk.giveBack(to, amount));
        }
    }

    private CompletionStage<Verdict> unanswered(long now) {
        if (allowance.onLoss() == OnLoss.OPEN) {
            return CompletableFuture.completedStage(new Verdict(true, remaining(), 0, fullNanos(now), false));
        }
        return CompletableFuture.failedStage(new ClusterSilentException("the cluster does not answer"));
    }

    private Verdict taken(long now) {
        return new Verdict(true, remaining(), 0, fullNanos(now), true);
    }

    private Verdict refused(long waitNanos, long now) {
        return new Verdict(false, remaining(), waitNanos, fullNanos(now), true);
    }

    private long remaining() {
        return (told == UNTOLD ? allowance.shape().capacity() : told) + slice.held();
    }

    private long fullNanos(long now) {
        long full = toldFullNanos - (now - toldAt);
        if (slice.held() > 0 && shared.shape() instanceof Shape.Bucket bucket) {
            full -= Lending.scaled(slice.held(), bucket.period().toNanos(), bucket.capacity());
        }
        return Math.max(0, full);
    }

    /** What is left in the whole cluster, as it told last; empty while it has told nothing. */
    synchronized OptionalLong known() {
        return told == UNTOLD ? OptionalLong.empty() : OptionalLong.of(remaining());
    }

    /** What can be taken here without asking. */
    synchronized long held() {
        return slice.held();
    }
}
