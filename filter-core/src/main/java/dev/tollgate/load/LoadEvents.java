package dev.tollgate.load;

import dev.tollgate.config.Settings.Priority;

/** Hears of calls that are refused because of how much there is to do. Called from any thread; must not wait. */
public interface LoadEvents {

    void shed(Reason reason, Priority priority);
}
