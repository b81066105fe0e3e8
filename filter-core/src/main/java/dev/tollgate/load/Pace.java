package dev.tollgate.load;

/** The time to first content of a target: whether it has become much longer than it used to be. */
final class Pace {
    private static final double LATELY = 0.3;
    private static final double USUALLY = 0.002;
    private static final double MUCH = 3;

    private double lately;
    private double usually;

    void took(long nanos) {
        if (usually == 0) {
            lately = nanos;
            usually = nanos;
        } else {
            lately += LATELY * (nanos - lately);
            usually += USUALLY * (nanos - usually);
        }
    }

    boolean hasDropped() {
        return lately > MUCH * usually;
    }
}
