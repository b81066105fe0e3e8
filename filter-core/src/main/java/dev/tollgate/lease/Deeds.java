package dev.tollgate.lease;

import java.util.ArrayList;
import java.util.List;

/** What is to be done when the lock is no longer held. */
final class Deeds {
    private final List<Runnable> deeds = new ArrayList<>(2);

    void add(Runnable deed) {
        deeds.add(deed);
    }

    void run() {
        deeds.forEach(Runnable::run);
    }
}
