package dev.tollgate.pin;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Remembers by their ids who made things and where they are: in this JVM, or shared by the nodes of a cluster. It is bounded:
 * what is old, or has not been asked for longest where there is too much, is forgotten.
 */
public interface Pins extends AutoCloseable {

    /** How long things are remembered. */
    Duration KEPT = Duration.ofDays(30);

    /** How many things each node remembers. */
    int MOST = 100_000;

    /** @return what is known of an id; fails when that cannot be told within a deadline */
    CompletionStage<Optional<Pin>> find(String id);

    /** Remembers an id. Completes when it can be found by every node; fails when that cannot be told within a deadline. */
    CompletionStage<Void> remember(String id, Pin pin);

    /** Forgets an id, as far as that goes. */
    CompletionStage<Void> forget(String id);

    @Override
    void close();
}
