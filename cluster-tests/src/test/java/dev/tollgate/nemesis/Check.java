package dev.tollgate.nemesis;

/** Something that was to hold, and what was measured. */
record Check(String what, String measured, boolean holds) {
    @Override
    public String toString() {
        return (holds ? "ok    " : "FAULT ") + what + ": " + measured;
    }
}
