package dev.tollgate.limit;

import dev.tollgate.config.Settings.OnLoss;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionStage;

/** The calls under way, counted apart by name: in this JVM, or in all of a cluster. */
public interface Slots extends AutoCloseable {

    /**
     * Takes a slot if fewer than {@code most} of its name are held.
     *
     * @return the slot, to be released once; empty when all are held; fails when the cluster cannot answer and this node holds
     *     none that is free
     */
    CompletionStage<Optional<Slot>> take(String name, long most, OnLoss onLoss);

    /** How many of {@code most} slots of a name are free, as far as this node knows without asking; empty when it does not. */
    default OptionalLong free(String name, long most) {
        return held(name) >= most ? OptionalLong.of(0) : OptionalLong.empty();
    }

    /** How many slots of a name this node's calls hold. */
    long held(String name);

    @Override
    void close();

    /** One call's place among those under way. */
    interface Slot {
        /** Frees the slot; later calls do nothing. */
        void release();
    }
}
