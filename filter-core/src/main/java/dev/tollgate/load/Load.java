package dev.tollgate.load;

import dev.tollgate.config.Settings.Priority;
import dev.tollgate.route.Candidate;
import java.util.Optional;

/** How much there is to do. All methods may be called from any thread, and none waits. */
public interface Load {

    /**
     * Lets a call in.
     *
     * @throws dev.tollgate.Refusal {@link dev.tollgate.ErrorCode#GATEWAY_OVERLOADED}, with a wait after which it is worth trying
     *     again, when the gateway has too much to do for calls of this priority
     */
    void admit(Priority priority);

    /** Takes a place among the calls under way at a target; empty when it has as many as it can bear. */
    Optional<Place> enter(Candidate target, Priority priority);

    /** A place among the calls under way at a target, which is to be left. */
    interface Place {

        /** The call is over. What comes after the first time changes nothing. */
        void leave(Ending ending);
    }

    /** What the end of a call says about how much its target can bear. */
    enum Ending {
        /** It bore it: the time to first token counts. */
        BORNE,
        /** It was too much: 429, 503, 529, a timeout. */
        TOO_MUCH,
        /** Nothing. */
        UNKNOWN
    }

    /** Lets everybody in. */
    static Load unlimited() {
        return new Load() {
            @Override
            public void admit(Priority priority) {}

            @Override
            public Optional<Place> enter(Candidate target, Priority priority) {
                return Optional.of(ending -> {});
            }
        };
    }
}
