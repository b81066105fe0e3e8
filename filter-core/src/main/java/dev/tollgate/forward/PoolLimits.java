package dev.tollgate.forward;

import dev.tollgate.provider.Handling;

/**
 * What no provider may go beyond, whatever its own settings say.
 *
 * @param perAddress connections to one address of a provider at a time
 * @param waiting calls that wait for one of them
 */
public record PoolLimits(int perAddress, int waiting) {
    /** None but the settings' own. */
    public static final PoolLimits DEFAULT = new PoolLimits(Integer.MAX_VALUE, Integer.MAX_VALUE);

    int connections(Handling.Transport settings) {
        return Math.min(perAddress, settings.maxConnections());
    }

    int waiting(Handling.Transport settings) {
        return Math.min(waiting, settings.maxPending());
    }
}
