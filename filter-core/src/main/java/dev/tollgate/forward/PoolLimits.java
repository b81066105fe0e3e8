package dev.tollgate.forward;

/**
 * How many connections to providers there may be at a time.
 *
 * @param perAddress to one address (scheme, host and port)
 * @param total to all together
 */
public record PoolLimits(int perAddress, int total) {
    /** Enough for thousands of slow streams; the library's own default of 5 per address is not. */
    public static final PoolLimits DEFAULT = new PoolLimits(4_000, 16_000);
}
