package dev.tollgate.bench.limits;

/** One way of letting a call through limits and settling it afterwards. */
public interface Way {

    /** Takes for a call what its limits want, waits for it, and settles. */
    void pass(int turn) throws Exception;
}
