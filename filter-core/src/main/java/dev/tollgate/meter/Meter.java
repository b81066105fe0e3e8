package dev.tollgate.meter;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Hands the record of each call to every sink. A sink that fails hurts neither the call nor the other sinks. */
public final class Meter {
    private static final Logger LOG = System.getLogger(Meter.class.getName());

    private final List<CallSink> sinks;
    private final Set<CallSink> failed = ConcurrentHashMap.newKeySet();

    public Meter(List<CallSink> sinks) {
        this.sinks = List.copyOf(sinks);
    }

    /** Records a call that is over. */
    public void record(CallRecord call) {
        for (CallSink sink : sinks) {
            try {
                sink.accept(call);
            } catch (RuntimeException | LinkageError e) {
                noteFailure(sink, e);
            }
        }
    }

    // Once per sink: what fails for one call mostly fails for all, and a log must not grow by a trace with each.
    private void noteFailure(CallSink sink, Throwable failure) {
        if (failed.add(sink)) {
            LOG.log(Level.ERROR, "calls are not recorded by " + sink.getClass().getSimpleName(), failure);
        }
    }
}
