package dev.tollgate.nemesis;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * The admissions of one bucket. What was let through within any interval must not be more than the bucket's capacity and what
 * came back meanwhile.
 */
record History(List<Admission> admissions) {
    private static final double NANO = 1e-9;

    /**
     * A call that was let through, at some time between two.
     *
     * @param after when its caller sent it
     * @param before when it reached the provider
     */
    record Admission(long after, long before) {}

    /**
     * How much more was let through than there was, in the worst interval; 0 or less when there was always enough. Counted are
     * the calls that were certainly decided upon within the interval.
     */
    double worstExcess(long capacity, double perSecond) {
        List<Admission> fromLast = admissions.stream()
                .sorted(Comparator.comparingLong(Admission::after).reversed())
                .toList();
        long[] ends = new long[fromLast.size()];
        int count = 0;
        double worst = -capacity;
        for (Admission first : fromLast) {
            int place = Arrays.binarySearch(ends, 0, count, first.before);
            int at = place < 0 ? -place - 1 : place;
            System.arraycopy(ends, at, ends, at + 1, count - at);
            ends[at] = first.before;
            count++;
            worst = Math.max(worst, worstFrom(first.after, ends, count, capacity, perSecond));
        }
        return worst;
    }

    private static double worstFrom(long start, long[] ends, int count, long capacity, double perSecond) {
        double worst = -capacity;
        for (int admitted = 1; admitted <= count; admitted++) {
            double refilled = perSecond * (ends[admitted - 1] - start) * NANO;
            worst = Math.max(worst, admitted - capacity - refilled);
        }
        return worst;
    }
}
