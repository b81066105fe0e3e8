package dev.tollgate.health;

import org.jspecify.annotations.Nullable;

/** The attempts at a target whose first content has not come yet, in the order they began. */
final class Waiting {
    private volatile @Nullable Entry oldest;
    private @Nullable Entry newest;

    /** An attempt. */
    static final class Entry {
        private final long begun;
        private @Nullable Entry before;
        private @Nullable Entry after;
        private boolean waits;

        Entry(long begun) {
            this.begun = begun;
        }
    }

    synchronized void add(Entry entry) {
        entry.waits = true;
        Entry last = newest;
        newest = entry;
        if (last == null) {
            oldest = entry;
        } else {
            entry.before = last;
            last.after = entry;
        }
    }

    /** @return whether it had been waiting until now */
    synchronized boolean remove(Entry entry) {
        if (!entry.waits) {
            return false;
        }
        entry.waits = false;
        Entry before = entry.before;
        Entry after = entry.after;
        if (before == null) {
            oldest = after;
        } else {
            before.after = after;
        }
        if (after == null) {
            newest = before;
        } else {
            after.before = before;
        }
        entry.before = null;
        entry.after = null;
        return true;
    }

    /** Nanoseconds for which the oldest has been waiting; -1 where none is. */
    long longest(long now) {
        Entry first = oldest;
        return first == null ? -1 : Math.max(0, now - first.begun);
    }
}
