package dev.tollgate.forward;

import dev.tollgate.Refusal;
import dev.tollgate.account.Charge;
import dev.tollgate.route.Candidate;

/** One target being asked. */
interface Try {
    Admission admission();

    /** Nanoseconds since it began. */
    long nanos();

    void start(Charge account);

    /** What it is charged, once it has started. */
    Charge charge();

    /** What health and load see of it. */
    default Visit visit() {
        return admission().visit();
    }

    default Candidate candidate() {
        return admission().candidate();
    }

    /** Whether anything of its answer has come that the caller would be shown. */
    boolean hasShown();

    /** Another was faster. */
    void lose();

    /** The caller has left. */
    void cancel();

    /** The gateway has failed. */
    void crash(Refusal refusal);
}
