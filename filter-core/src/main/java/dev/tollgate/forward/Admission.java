package dev.tollgate.forward;

import dev.tollgate.provider.NamedCredential;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;

/**
 * A target that may be asked now.
 *
 * @param credential whom the gateway calls it as
 * @param visit what was taken for that, and is let go with it
 * @param number which attempt of the call it is, from 1
 */
record Admission(Choice choice, NamedCredential credential, Visit visit, int number) {

    /** The target as it is configured. */
    Candidate candidate() {
        return choice.candidate();
    }

    /** The target as it is called: with this credential. */
    Candidate called() {
        Candidate target = choice.candidate();
        return new Candidate(
                target.provider().as(credential), target.model(), target.weight(), target.traits(), target.fallback());
    }

    Way way() {
        return choice.way();
    }

    /** The target and its credential as logs name them. */
    String label() {
        return candidate().provider().credentials().size() > 1
                ? candidate().label() + " (" + credential.name() + ")"
                : candidate().label();
    }
}
