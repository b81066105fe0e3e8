package dev.tollgate.ledger;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Where rows are written. Rows stand in the order in which they were handed over. No method waits for a disk, whatever thread
 * calls it, but {@link #close}.
 */
public interface Ledger extends AutoCloseable {

    /** No ledger: everything is taken and nothing is kept. */
    Ledger NONE = unkept(entry -> {});

    /**
     * A ledger of which nothing is kept.
     *
     * @param watcher is told of every row, on the thread that hands it over
     */
    static Ledger unkept(Consumer<Entry> watcher) {
        return new Ledger() {
            @Override
            public void note(Entry entry) {
                watcher.accept(entry);
            }

            @Override
            public CompletionStage<Void> write(List<Entry> entries) {
                entries.forEach(watcher);
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public boolean isWritable() {
                return true;
            }

            @Override
            public void close() {}
        };
    }

    /** Writes a row that nobody waits for: with the next group, at once where there is none. */
    void note(Entry entry);

    /**
     * Writes rows.
     *
     * @return completes when they and all that was noted before are durable; completes
     *     exceptionally with a {@link LedgerException} when the disk refuses or too much waits for it. The rows are then
     *     written later if the disk recovers, so they must not be handed over again
     */
    CompletionStage<Void> write(List<Entry> entries);

    /**
     * Whether calls that cost money may be taken: false while the disk refuses and {@code on-failure: refuse} holds. It turns
     * true again by itself.
     */
    boolean isWritable();

    /** Writes what waits, within bounded time, and ends. Rows handed over afterwards fail. */
    @Override
    void close();
}
