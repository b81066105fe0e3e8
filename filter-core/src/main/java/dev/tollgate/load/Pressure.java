package dev.tollgate.load;

/**
 * How near the process was to having no more of something.
 *
 * @param heapPercent of the heap that is in use by what is still needed
 * @param heapIsOld whether that was seen so long ago that it may have passed
 * @param descriptors the files and sockets
 * @param calls how many were under way
 */
record Pressure(int heapPercent, boolean heapIsOld, Descriptors descriptors, int calls) {
    /** A call has a connection to its caller and one to its provider. */
    private static final int EACH = 2;

    static final Pressure NONE = new Pressure(0, false, Descriptors.UNKNOWN, 0);

    /**
     * The file descriptors in use, in percent of those that there are.
     *
     * @param callsNow how many are under way; those that have come since may not have opened theirs yet
     */
    int descriptorPercent(int callsNow) {
        return Jvm.percent(descriptors.open() + (long) EACH * Math.max(0, callsNow - calls), descriptors.max());
    }
}
