package dev.tollgate.dialect;

import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import java.util.List;

/**
 * What one attempt's translation stands between.
 *
 * @param callers the dialect of the caller
 * @param targets the dialect to speak with the target
 * @param way how the target is asked
 * @param target who is to answer
 * @param defaultMaxTokens output tokens to ask for where the target needs a number and the caller gave none
 * @param stream whether the caller asked for a streamed answer
 * @param framing how the caller's stream is put on the wire
 * @param callId the call's id, for error bodies
 * @param betas beta features that the caller asked for in a header
 */
public record Passage(
        Dialect callers,
        Dialect targets,
        Way way,
        Candidate target,
        long defaultMaxTokens,
        boolean stream,
        Framing framing,
        String callId,
        List<String> betas) {

    public Passage {
        betas = List.copyOf(betas);
    }

    /** Whether both sides speak the same dialect. */
    public boolean isSameDialect() {
        return callers.id().equals(targets.id());
    }
}
