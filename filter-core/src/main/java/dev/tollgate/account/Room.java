package dev.tollgate.account;

import dev.tollgate.limit.Amount;
import dev.tollgate.limit.Permit;
import dev.tollgate.route.Candidate;

/**
 * What is reserved for one attempt that has not begun.
 *
 * @param most what it may use
 * @param permit what the limits of its provider have reserved
 * @param moreNanoUsd what the call as a whole has reserved anew, in nano-USD
 */
public record Room(Candidate target, Amount most, Permit permit, long moreNanoUsd) {

    /** The attempt is not made: its provider's limits get everything back, and the call's when it is settled. */
    public void giveUp() {
        permit.withdraw();
    }
}
