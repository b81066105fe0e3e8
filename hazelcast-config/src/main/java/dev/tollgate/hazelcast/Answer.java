package dev.tollgate.hazelcast;

import dev.tollgate.limit.LimitStore.Verdict;
import java.util.Arrays;
import java.util.OptionalLong;

/** What an allowance answers, as numbers: whether it was taken, what is left, and the waits. More may be added behind. */
final class Answer {
    private static final int STATUS = 0;
    private static final int LEFT = 1;
    private static final int WAIT = 2;
    private static final int FULL = 3;
    private static final int OWN = 4;

    private static final long REFUSED = 0;
    private static final long TAKEN = 1;
    private static final long UNAVAILABLE = 2;

    private Answer() {}

    static long[] taken(long left, long fullNanos) {
        return new long[] {TAKEN, left, 0, fullNanos};
    }

    /** @param own what the cluster has counted for the node that asks */
    static long[] with(long[] answer, long own) {
        long[] more = Arrays.copyOf(answer, OWN + 1);
        more[OWN] = own;
        return more;
    }

    static boolean isTaken(long[] answer) {
        return answer.length > STATUS && answer[STATUS] == TAKEN;
    }

    /** What the cluster has counted for the node that asked; empty where it does not say. */
    static OptionalLong own(long[] answer) {
        return answer.length > OWN ? OptionalLong.of(answer[OWN]) : OptionalLong.empty();
    }

    static long[] refused(long left, long waitNanos, long fullNanos) {
        return new long[] {REFUSED, left, waitNanos, fullNanos};
    }

    /** This side of the cluster has too small a share to tell. */
    static long[] unavailable() {
        return new long[] {UNAVAILABLE, 0, 0, 0};
    }

    static Verdict verdict(long[] answer) {
        checkAvailable(answer);
        return new Verdict(answer[STATUS] == TAKEN, answer[LEFT], answer[WAIT], answer[FULL], true);
    }

    static long waitNanos(long[] answer) {
        checkAvailable(answer);
        return answer[WAIT];
    }

    private static void checkAvailable(long[] answer) {
        if (answer[STATUS] == UNAVAILABLE) {
            throw new IllegalStateException("the share of this side of the cluster is too small for the call");
        }
    }
}
