package dev.tollgate.dialect;

import dev.tollgate.route.Candidate;

/**
 * What one attempt's translation stands between.
 *
 * @param callers the dialect of the caller
 * @param targets the dialect to speak with the target
 * @param target who is to answer
 * @param defaultMaxTokens output tokens to ask for where the target needs a number and the caller gave none
 * @param stream whether the caller asked for a streamed answer
 * @param callId the call's id, for error bodies
 */
public record Passage(
        Dialect callers, Dialect targets, Candidate target, long defaultMaxTokens, boolean stream, String callId) {

    /** Whether both sides speak the same dialect. */
    public boolean isSameDialect() {
        return callers.id().equals(targets.id());
    }
}
