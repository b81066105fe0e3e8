package dev.tollgate.load;

/**
 * The files and sockets of this process.
 *
 * @param open how many are open
 * @param max how many may be; 0 where that is not known
 */
record Descriptors(long open, long max) {
    static final Descriptors UNKNOWN = new Descriptors(0, 0);

    /** None is left. */
    static final Descriptors NONE_LEFT = new Descriptors(1, 1);
}
