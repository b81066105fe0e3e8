package dev.tollgate.account;

import dev.tollgate.estimate.TokenRatios;
import dev.tollgate.ledger.Ledger;
import java.time.InstantSource;

/**
 * What the accounts of all calls are kept in.
 *
 * @param ledger where rows are written
 * @param strict whether a call is not to be answered whole when its row cannot be written
 * @param ratios what is known of tokens
 * @param clock tells when rows happened
 */
public record Books(Ledger ledger, boolean strict, TokenRatios ratios, InstantSource clock) {

    /** Books without a ledger. */
    public static Books unwritten(InstantSource clock) {
        return new Books(Ledger.NONE, false, new TokenRatios(), clock);
    }

    /** Whether anything is written down. */
    boolean areKept() {
        return ledger != Ledger.NONE;
    }
}
