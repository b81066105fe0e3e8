package dev.tollgate.lease;

/**
 * What becomes of messages between a node and its cluster.
 *
 * @param longestMillis the longest way of a message; ways differ, so that messages overtake each other
 * @param lost percent of the messages that are lost, on the way there or back
 * @param failed percent that fail, half of them after they were carried out
 */
record Weather(int longestMillis, int lost, int failed) {
    static final Weather FAIR = new Weather(4, 0, 0);
    static final Weather SLOW = new Weather(700, 0, 0);
    static final Weather FOUL = new Weather(40, 8, 8);
    static final Weather STORM = new Weather(900, 15, 15);

    boolean losesNothing() {
        return lost == 0 && failed == 0 && longestMillis < 100;
    }
}
