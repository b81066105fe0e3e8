package dev.tollgate.health;

import java.time.Duration;
import java.util.function.BiConsumer;

/** What nodes tell each other about targets. A hint may be lost or late; none holds a secret, and none is trusted for long. */
public interface Hints extends AutoCloseable {

    /**
     * Tells the other nodes something about a subject, in the place of what was told about it before. Does not wait.
     *
     * @param subject a target and credential, by their names
     * @param text what there is to say
     * @param life after which it is forgotten
     */
    void tell(String subject, String text, Duration life);

    /** Has what other nodes tell told to somebody, from any thread, who must not wait. Called once. */
    void hear(BiConsumer<String, String> listener);

    @Override
    void close();

    /** There are no other nodes. */
    static Hints none() {
        return new Hints() {
            @Override
            public void tell(String subject, String text, Duration life) {}

            @Override
            public void hear(BiConsumer<String, String> listener) {}

            @Override
            public void close() {}
        };
    }
}
