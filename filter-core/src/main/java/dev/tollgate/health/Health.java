package dev.tollgate.health;

import dev.tollgate.provider.NamedCredential;
import dev.tollgate.route.Candidate;
import java.util.List;
import java.util.Optional;

/**
 * How targets are doing, as this node has seen it and others have hinted. It outlives configurations. All methods may be called
 * from any thread, and none waits.
 */
public interface Health {

    /** How a target stands now, by the best of its credentials. */
    Standing standing(Candidate target);

    /**
     * The credentials that a target can be called with now, the one to be tried first in front.
     *
     * @param lastStanding whether there is nobody else to ask, so that those that are let be come too, behind the others;
     *     otherwise they are left out
     */
    List<NamedCredential> credentials(Candidate target, boolean lastStanding);

    /**
     * Begins an attempt at a target.
     *
     * @param lastStanding whether there is nobody else to ask, so that an open circuit is passed over; a limit that the
     *     provider has said to be spent is not, but for a call now and then
     * @return the attempt, which is to be ended; empty when the target is not to be asked now
     */
    Optional<Trial> begin(Candidate target, NamedCredential credential, boolean lastStanding);

    /** Whether the last attempts at a target went well, nearly all of them; false while too few are known. */
    default boolean isReliable(Candidate target) {
        return false;
    }

    /** Knows nothing, and takes everybody to be well. */
    static Health blind() {
        return new Blind();
    }
}
