package dev.tollgate.lease;

import dev.tollgate.config.Settings.OnLoss;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;

/**
 * Which node holds how many slots of each name, in the cluster. Holdings are absolute, so a repeated operation changes nothing.
 */
public interface SharedSlots extends AutoCloseable {
    /** How long a holding lasts that is not renewed. */
    Duration EXPIRY = Duration.ofSeconds(15);

    /**
     * Lets this node hold more: as many of {@code wanted} as fit beside what the other living nodes hold under {@code most}, if
     * that is at least {@code least}; else its holding stays as it was.
     *
     * @return how many this node holds afterwards and how many are free beside; fails when the cluster cannot answer (it has no
     *     deadline of its own)
     */
    CompletionStage<Holding> hold(String name, long most, OnLoss onLoss, long least, long wanted);

    /**
     * This node holds exactly so many of each name from now on, whatever the limits say, and for another {@link #EXPIRY}; 0
     * gives them up.
     */
    CompletionStage<Void> renew(Map<SlotName, Long> held);

    @Override
    void close();

    /** How many slots of a name this node holds, and how many nobody does. */
    record Holding(long held, long free) {}
}
