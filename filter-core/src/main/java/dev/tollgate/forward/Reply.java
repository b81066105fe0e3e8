package dev.tollgate.forward;

import java.util.concurrent.CompletionStage;

/** A provider's answer, ready to be sent to the caller; its status and first bytes are known and good. */
public interface Reply {

    /**
     * Sends the answer to the caller, as fast as the caller takes it.
     *
     * @return completes when the last byte is out; fails with a {@link dev.tollgate.Refusal} when the provider's stream
     *     broke (the caller has been told in its own dialect) or the caller left
     */
    CompletionStage<Void> streamBack();
}
