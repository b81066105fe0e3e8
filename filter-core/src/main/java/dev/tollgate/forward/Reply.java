package dev.tollgate.forward;

import dev.tollgate.route.Candidate;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A provider's answer, ready to be sent to the caller; its status and first bytes are known and good. */
public interface Reply {

    /**
     * Sends the answer to the caller, as fast as the caller takes it.
     *
     * @return completes when the last byte is out; fails with a {@link dev.tollgate.Refusal} when the provider's stream
     *     broke (the caller has been told in its own dialect) or the caller left
     */
    CompletionStage<Void> streamBack();

    /** What the provider has stored under an id that the answer tells; null where it tells none. */
    default @Nullable Made made() {
        return null;
    }

    /**
     * Something that a provider has stored.
     *
     * @param by the target that made it
     */
    record Made(String id, Candidate by) {
        /** The wire format whose answers are stored by their provider, to be found by their id. */
        static final String STORING = "openai-responses";
    }
}
