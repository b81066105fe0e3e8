package dev.tollgate.account;

import dev.tollgate.estimate.TokenRatios;
import dev.tollgate.ledger.Ledger;
import java.time.InstantSource;

/**
 * What the accounts of all calls share.
 *
 * @param ledger where rows are written
 * @param strict whether a call is not to be answered whole when its row cannot be written
 * @param ratios what is known of tokens
 * @param clock tells when rows happened
 */
public record Accounting(Ledger ledger, boolean strict, TokenRatios ratios, InstantSource clock) {

    /** Accounting without a ledger. */
    public static Accounting unwritten(InstantSource clock) {
        return new Accounting(Ledger.NONE, false, new TokenRatios(), clock);
    }

    /** Whether anything is written down. */
    boolean areKept() {
        return ledger != Ledger.NONE;
    }
}
