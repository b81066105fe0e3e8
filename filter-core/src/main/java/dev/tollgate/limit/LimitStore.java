package dev.tollgate.limit;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** Where allowances are kept: in this JVM, or shared by the nodes of a cluster. */
public interface LimitStore extends AutoCloseable {

    /**
     * Takes an amount, all of it or nothing.
     *
     * @param amount at least 1
     * @param leaving how much must be left afterwards; 0 for who may use all
     * @return the verdict; fails when the store cannot answer, in which case the amount may or may not have been taken
     */
    CompletionStage<Verdict> take(Allowance allowance, long amount, long leaving);

    /**
     * How long {@link #take} would have to wait, as things stand; takes nothing and creates nothing.
     *
     * @return nanoseconds, fractions cut off; 0 when it need not wait; {@link Verdict#NEVER} when it is more than there ever
     *     is; fails as {@link #take} does
     */
    CompletionStage<Long> waitNanos(Allowance allowance, long amount, long leaving);

    /**
     * What is left of an allowance, as far as this node knows without asking; takes nothing and creates nothing.
     *
     * @return negative when something is owed; empty when this node does not know
     */
    default OptionalLong remaining(Allowance allowance) {
        return OptionalLong.empty();
    }

    /**
     * Puts an amount back that was taken and not used, at most once and never retried; what would be more than there ever is,
     * is lost.
     */
    void giveBack(Allowance allowance, long amount);

    /** Takes an amount that has been used already, whether it is there or not; what is missing is owed. */
    void charge(Allowance allowance, long amount);

    /**
     * Says what this node has charged to a window by its own ledger, before it takes anything from it in this life: what the
     * node was known to have charged before is replaced. Later calls for the same window do nothing, nor do those for one that
     * this life has taken from, which has counted for itself.
     */
    void seed(Allowance window, long charged);

    /** True for the first node that asks, and only once, until a moment: who then raises an event that must be raised once. */
    CompletionStage<Boolean> first(String event, Instant until);

    @Override
    void close();

    /**
     * The answer to {@link #take}.
     *
     * @param taken whether the amount was there
     * @param remaining what is left, of the whole cluster as far as this node knows; negative when something is owed
     * @param waitNanos nanoseconds until the same call would succeed, fractions cut off; 0 when it did; {@link #NEVER} when it
     *     is more than there ever is
     * @param fullNanos nanoseconds until all of it is there again
     * @param counted whether it was counted; false where the store could not answer and the limit lets calls through then:
     *     nothing is to be given back
     */
    record Verdict(boolean taken, long remaining, long waitNanos, long fullNanos, boolean counted) {
        /** The wait for more than there ever is. */
        public static final long NEVER = Long.MAX_VALUE;
    }
}
