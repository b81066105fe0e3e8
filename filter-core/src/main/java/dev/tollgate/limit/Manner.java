package dev.tollgate.limit;

/** What comes of a call that is above a limit. */
enum Manner {
    /** It is refused. */
    ENFORCED(""),
    /** It is let through and not counted, as if it had been refused. */
    SHADOW("shadow|"),
    /** It is let through and counted. */
    TOLD("told|");

    private final String prefix;

    Manner(String prefix) {
        this.prefix = prefix;
    }

    /** What sets its allowances apart from those of others: the same calls count differently. */
    String prefix() {
        return prefix;
    }
}
