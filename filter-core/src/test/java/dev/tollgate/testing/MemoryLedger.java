package dev.tollgate.testing;

import dev.tollgate.ledger.Entry;
import dev.tollgate.ledger.Ledger;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A ledger in memory, which takes its time and fails when the test says so. */
public final class MemoryLedger implements Ledger {
    private final List<Entry> rows = new ArrayList<>();
    private final Queue<CompletableFuture<Void>> waiting = new ArrayDeque<>();
    private boolean slow;
    private boolean writable = true;
    private boolean failing;

    /** From now on rows are durable only when {@link #sync} is called. */
    public synchronized MemoryLedger slow() {
        slow = true;
        return this;
    }

    /** From now on rows cannot be written. */
    public synchronized MemoryLedger failing() {
        failing = true;
        return this;
    }

    /** From now on calls that cost money are not to be taken. */
    public synchronized MemoryLedger unwritable() {
        writable = false;
        return this;
    }

    /** Makes durable what waits. */
    public void sync() {
        List<CompletableFuture<Void>> ready;
        synchronized (this) {
            ready = List.copyOf(waiting);
            waiting.clear();
        }
        ready.forEach(each -> each.complete(null));
    }

    /** How many writes wait. */
    public synchronized int waiting() {
        return waiting.size();
    }

    @Override
    public synchronized void note(Entry entry) {
        rows.add(entry);
    }

    @Override
    public CompletionStage<Void> write(List<Entry> entries) {
        synchronized (this) {
            rows.addAll(entries);
            if (failing) {
                return CompletableFuture.failedStage(new IllegalStateException("the disk is full"));
            }
            if (slow) {
                CompletableFuture<Void> later = new CompletableFuture<>();
                waiting.add(later);
                return later;
            }
        }
        return CompletableFuture.completedStage(null);
    }

    @Override
    public synchronized boolean isWritable() {
        return writable;
    }

    @Override
    public void close() {}

    /** All rows of a kind, in order. */
    public synchronized <T extends Entry> List<T> rows(Class<T> kind) {
        return rows.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** What is charged in all, in nano-USD. */
    public long charged() {
        return rows(Entry.Ended.class).stream()
                .mapToLong(row -> row.costNanoUsd().orElse(0))
                .sum();
    }
}
