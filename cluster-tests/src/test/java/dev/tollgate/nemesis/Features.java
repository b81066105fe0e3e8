package dev.tollgate.nemesis;

/** What this version of the gateway can do. */
final class Features {
    static final boolean LEDGER = true;
    static final boolean WINDOWS = true;
    static final boolean TOKENS = true;
    static final boolean SPEND = true;
    static final boolean SHARED_SLOTS = true;

    private Features() {}
}
