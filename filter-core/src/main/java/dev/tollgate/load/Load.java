package dev.tollgate.load;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.config.Settings.Priority;
import dev.tollgate.route.Candidate;
import java.time.Duration;
import java.util.Optional;

/** How much there is to do. All methods may be called from any thread, and none waits. */
public interface Load {

    /**
     * Lets a call in.
     *
     * @param bodyBytes how much of its request the gateway will hold; below 0 where that is not known
     * @return its stay, which is to be ended
     * @throws Refusal {@link ErrorCode#GATEWAY_OVERLOADED}, with a wait after which it is worth trying again, when the gateway
     *     has too much to do for calls of this priority and size
     */
    Stay admit(Priority priority, long bodyBytes);

    /** Takes a place among the calls under way at a target; empty when it has as many as it can bear. */
    Optional<Place> enter(Candidate target, Priority priority);

    /** What a call is told for which no target has had a place, with a wait after which it is worth trying again. */
    default Refusal full(Priority priority) {
        return new Refusal(ErrorCode.GATEWAY_OVERLOADED, FULL).retryAfter(Duration.ofSeconds(1));
    }

    /** Whether callers that are refused should leave their connections too, since there are few left. */
    default boolean isShortOfConnections() {
        return false;
    }

    /** A call that was let in. */
    interface Stay {

        /** Tells how much of its request is held, in bytes, where that was not known when it was let in. */
        void holds(long bodyBytes);

        /** The call is over. What comes after the first time changes nothing. */
        void end();
    }

    /** A place among the calls under way at a target, which is to be left. */
    interface Place {

        /** The first content of the answer has come: the call is being served. */
        default void firstContent() {}

        /** The call is over. What comes after the first time changes nothing. */
        void leave(Ending ending);
    }

    /** What the end of a call says about how much its target can bear. */
    enum Ending {
        /** It bore it. */
        BORNE,
        /** It was too much: 429, 503, 529, a timeout. */
        TOO_MUCH,
        /** Nothing. */
        UNKNOWN
    }

    String FULL = "every target of this call has as many calls as it can bear";

    /** The stay of a call that nobody counts. */
    Stay NOBODYS = new Stay() {
        @Override
        public void holds(long bodyBytes) {}

        @Override
        public void end() {}
    };

    /** Lets everybody in. */
    static Load unlimited() {
        return new Load() {
            @Override
            public Stay admit(Priority priority, long bodyBytes) {
                return NOBODYS;
            }

            @Override
            public Optional<Place> enter(Candidate target, Priority priority) {
                return Optional.of(ending -> {});
            }
        };
    }
}
