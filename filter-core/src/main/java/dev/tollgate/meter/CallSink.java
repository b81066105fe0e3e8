package dev.tollgate.meter;

/** Takes the record of every call, once, when the call is over. It must not block and must not throw. */
public interface CallSink {
    void accept(CallRecord call);
}
