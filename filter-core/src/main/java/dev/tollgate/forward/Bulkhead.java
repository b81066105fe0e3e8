package dev.tollgate.forward;

import java.lang.System.Logger.Level;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.Queue;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The calls that may be under way to one address of a provider, and those that wait for one of them to end. So a provider that
 * hangs holds up its own callers, and neither memory nor the connections of others.
 */
/*
 * Invariants, under this object's lock: a berth is inside, waiting, or neither; as many are inside as `inside` says; nobody
 * waits while there is room, since who leaves hands the place over. Turns run outside the lock, one after the other: a turn
 * that ends at once makes its place free again, and thousands of those must not nest.
 */
final class Bulkhead {
    private static final System.Logger LOG = System.getLogger(Bulkhead.class.getName());

    private final IntSupplier most;
    private final IntSupplier mostWaiting;
    private final Set<Berth> waiting = new LinkedHashSet<>();
    private final Queue<Runnable> turns = new ArrayDeque<>();
    private boolean takingTurns;
    private int inside;

    /**
     * @param most how many may be inside at a time
     * @param mostWaiting how many may wait
     */
    Bulkhead(IntSupplier most, IntSupplier mostWaiting) {
        this.most = most;
        this.mostWaiting = mostWaiting;
    }

    /** How many are inside. */
    synchronized int inside() {
        return inside;
    }

    /** How many wait. */
    synchronized int waiting() {
        return waiting.size();
    }

    /** @param turn what to do once inside; run at once, or by whoever leaves */
    Berth berth(Runnable turn) {
        return new Berth(turn);
    }

    private void takeTurns() {
        for (Runnable turn = next(true); turn != null; turn = next(false)) {
            take(turn);
        }
    }

    /** One that fails, for want of memory for instance, must not keep the others from theirs. */
    private static void take(Runnable turn) {
        try {
            turn.run();
        } catch (RuntimeException | Error failure) {
            LOG.log(Level.ERROR, "a call could not be sent", failure);
        }
    }

    private synchronized @Nullable Runnable next(boolean first) {
        if (first && takingTurns) {
            return null; // who is at it takes this one too
        }
        Runnable turn = turns.poll();
        takingTurns = turn != null;
        return turn;
    }

    /** The place of one call, which it leaves exactly once. */
    final class Berth {
        private final Runnable turn;
        private boolean in;

        private Berth(Runnable turn) {
            this.turn = turn;
        }

        /** Goes in, or waits for that; false when too many wait already. */
        boolean enter() {
            synchronized (Bulkhead.this) {
                if (inside < most.getAsInt()) {
                    letIn();
                } else if (waiting.size() < mostWaiting.getAsInt()) {
                    waiting.add(this);
                } else {
                    return false;
                }
            }
            takeTurns();
            return true;
        }

        private void letIn() {
            in = true;
            inside++;
            turns.add(turn);
        }

        /** Whether it is inside. */
        boolean isIn() {
            synchronized (Bulkhead.this) {
                return in;
            }
        }

        /** Goes out, or gives up waiting; nothing if it has done so before. */
        void leave() {
            synchronized (Bulkhead.this) {
                waiting.remove(this);
                if (in) {
                    in = false;
                    inside--;
                    letNextIn();
                }
            }
            takeTurns();
        }

        private void letNextIn() {
            while (inside < most.getAsInt() && !waiting.isEmpty()) {
                Berth next = waiting.iterator().next();
                waiting.remove(next);
                next.letIn();
            }
        }
    }
}
