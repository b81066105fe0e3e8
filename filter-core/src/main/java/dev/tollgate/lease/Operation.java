package dev.tollgate.lease;

/** Something the cluster is told of one name, or of all. */
final class Operation {
    final long most;
    final long least;
    final long wanted;
    final long sent;
    volatile boolean overdue;

    Operation(long most, long least, long wanted, long sent) {
        this.most = most;
        this.least = least;
        this.wanted = wanted;
        this.sent = sent;
    }

    /** Asks for more. */
    static Operation hold(long most, long least, long wanted, long sent) {
        return new Operation(most, least, wanted, sent);
    }

    /** Says how many are held. */
    static Operation keep(long held, long sent) {
        return new Operation(0, 0, held, sent);
    }

    boolean asksForMore() {
        return least > 0;
    }

    /** The fewest slots the cluster may count after it. A renewal of several names is as many as each had. */
    long counted() {
        return asksForMore() || wanted == 0 ? Long.MAX_VALUE : wanted;
    }
}
