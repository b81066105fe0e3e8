package dev.tollgate.forward;

import dev.tollgate.Refusal;
import dev.tollgate.dialect.Continuation;
import dev.tollgate.route.Candidate;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What knows how to ask the targets of a call. */
interface Asking {
    /** Those that can be asked for this, and how. */
    List<Choice> choices(List<Candidate> candidates);

    /** Whether all is there that is sent to a target. */
    boolean isReady(Choice choice);

    /** Gets what is missing, and goes on with {@link Tries#tryNext} when it is there. */
    void prepare(Choice choice);

    /**
     * Makes what is sent to a target.
     *
     * @return what asks it once it may be; null when it is not to be asked after all
     * @throws Refusal when the request itself is at fault
     */
    @Nullable
    Function<Admission, Try> draft(Choice choice);

    /**
     * Makes what is sent to a target that is to go on with an answer that broke off.
     *
     * @param begun the answer
     * @return as {@link #draft}; null also where the target cannot go on with it
     */
    default @Nullable Function<Admission, Try> draftRest(Choice choice, Continuation rest, StreamRelay begun) {
        return null;
    }

    /** No target can be asked, and none has been. */
    void unasked();

    /** Whether another target can be sent what this one was. */
    boolean isRepeatable();

    /** Whether two targets may be asked at a time: not where something is left behind at providers. */
    boolean mayBeHedged();
}
