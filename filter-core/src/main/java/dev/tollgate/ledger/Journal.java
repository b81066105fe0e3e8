package dev.tollgate.ledger;

import dev.tollgate.OwnThreads;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Ledger.OnFailure;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A ledger in files of this node. One thread writes: it takes all that waits, puts it into the file in one go, and forces it to
 * the disk once; what is handed over meanwhile is the next group. So rows wait for two forces at most, however many come.
 *
 * <p>While the disk refuses, rows are kept in memory up to a bound, and written to a new file as soon as one can be made. While
 * it hangs nobody waits for it longer than {@link #HANGING}: rows count as refused then, and are written when it goes on.
 */
public final class Journal implements Ledger {
    private static final System.Logger LOG = System.getLogger(Journal.class.getName());

    /** How many lots of rows wait for the writing thread at most. */
    static final int MOST_WAITING = 16_384;

    /** How many rows are kept in memory while the disk refuses. */
    static final int MOST_LATE = 100_000;

    private static final int MOST_IN_A_GROUP = 4_096;
    private static final long CLOSING_MILLIS = 5_000;

    /** A write that has no end for so long hangs, and the disk counts as one that refuses. */
    static final Duration HANGING = Duration.ofSeconds(5);

    private static final long WATCH_MILLIS = 500;

    private final BlockingQueue<Lot> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
    private final LedgerFolder folder;
    private final OnFailure onFailure;
    private final Recovery recovery;
    private final GroupCommit commit;
    private final Consumer<Entry> watcher;
    private final ScheduledExecutorService tellers;
    private final Thread writer;
    private final AtomicLong turnedAway = new AtomicLong();
    private volatile boolean closing;
    private volatile boolean ended;
    private volatile long busySince;
    private volatile List<Lot> inHand = List.of();

    /** Rows handed over together, and whom to tell: nobody of those that were only noted. */
    private record Lot(List<Entry> rows, @Nullable CompletableFuture<Void> done) {}

    /**
     * How a journal is doing.
     *
     * @param rows rows written since the start
     * @param forces how often the disk was made to keep what it had
     * @param waiting lots of rows that wait for the writing thread
     * @param late rows that wait in memory for the disk to recover
     * @param lost rows that will never be written, because there was no room for them
     * @param failing whether the disk refuses
     */
    public record Status(long rows, long forces, int waiting, int late, long lost, boolean failing) {}

    private Journal(
            LedgerFolder folder, OnFailure onFailure, Recovery recovery, GroupCommit commit, Consumer<Entry> watcher) {
        this.folder = folder;
        this.onFailure = onFailure;
        this.recovery = recovery;
        this.commit = commit;
        this.watcher = watcher;
        this.tellers = new ScheduledThreadPoolExecutor(1, OwnThreads.named("tollgate-ledger-done"));
        this.writer = OwnThreads.named("tollgate-ledger").newThread(this::run);
    }

    /**
     * Opens the ledger of a node: takes its folder, and ends the attempts that were under way when the node last died.
     *
     * @param watcher is told of every row that is handed over from now on, in order, before its writer is told that it is
     *     durable; on a thread of the journal's
     * @throws LedgerException when another gateway holds the folder, or it cannot be used
     */
    public static Journal open(Settings.Ledger settings, InstantSource clock, Consumer<Entry> watcher) {
        return open(settings, clock, watcher, Volume.DISK, MOST_LATE);
    }

    static Journal open(
            Settings.Ledger settings, InstantSource clock, Consumer<Entry> watcher, Volume volume, int mostLate) {
        LedgerFolder folder = LedgerFolder.take(settings.directory());
        try {
            Recovery recovery = Recovery.of(folder, settings.unknown());
            OpenAttempts open = new OpenAttempts(settings.unknown());
            RowWriter rows = new RowWriter(folder, volume, settings, clock, open, recovery.nextNumber());
            GroupCommit commit = new GroupCommit(rows, open, System::nanoTime, mostLate);
            commit.begin(recovery.ends());
            tell(settings, recovery);
            Journal journal = new Journal(folder, settings.onFailure(), recovery, commit, watcher);
            journal.start();
            return journal;
        } catch (IOException | RuntimeException e) {
            free(folder);
            throw e instanceof LedgerException told
                    ? told
                    : new LedgerException("the ledger in " + settings.directory() + " cannot be written: " + e, e);
        }
    }

    private static void tell(Settings.Ledger settings, Recovery recovery) {
        recovery.damages().forEach(damage -> LOG.log(Level.WARNING, "the ledger is damaged: {0}", damage));
        if (!recovery.ends().isEmpty()) {
            LOG.log(
                    Level.WARNING,
                    "{0} attempts were under way when this node last ended; by ''unknown: {1}'' their rows are marked as estimated",
                    recovery.ends().size(),
                    settings.unknown().name().toLowerCase(Locale.ROOT));
        }
    }

    private void start() {
        var unused = tellers.scheduleWithFixedDelay(this::watchDisk, WATCH_MILLIS, WATCH_MILLIS, TimeUnit.MILLISECONDS);
        writer.start();
    }

    /** Tells those who wait for a disk that hangs. Their rows stay where they are. */
    private void watchDisk() {
        if (isHanging()) {
            IOException hanging = new IOException("the disk does not answer");
            inHand.forEach(lot -> tell(lot, hanging));
            waiting.forEach(lot -> tell(lot, hanging));
        }
    }

    @Override
    public void note(Entry entry) {
        hand(new Lot(List.of(entry), null));
    }

    @Override
    public CompletionStage<Void> write(List<Entry> entries) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Lot lot = new Lot(List.copyOf(entries), done);
        if (!hand(lot)) {
            done.completeExceptionally(new LedgerException("too many rows wait for the ledger"));
        }
        if (ended) {
            turnAwayAll();
        }
        return done;
    }

    private boolean hand(Lot lot) {
        if (!closing && waiting.offer(lot)) {
            return true;
        }
        turnedAway.addAndGet(lot.rows().size());
        return false;
    }

    private void run() {
        List<Lot> lots = new ArrayList<>();
        try {
            while (!closing || !waiting.isEmpty()) {
                Lot first = waiting.poll(commit.patience(), TimeUnit.NANOSECONDS);
                busySince = System.nanoTime() | 1;
                if (first == null) {
                    commit.idle();
                } else {
                    lots.add(first);
                    waiting.drainTo(lots, MOST_IN_A_GROUP);
                    inHand = List.copyOf(lots);
                    commit(inHand);
                    inHand = List.of();
                    lots.clear();
                }
                busySince = 0;
            }
        } catch (InterruptedException hurry) {
            LOG.log(Level.WARNING, "the ledger was told to end at once");
        } catch (RuntimeException broken) {
            LOG.log(Level.ERROR, "the ledger has broken down; it takes no more rows", broken);
        } finally {
            end(lots);
        }
    }

    private void commit(List<Lot> lots) {
        List<Entry> rows = new ArrayList<>();
        boolean awaited = false;
        for (Lot lot : lots) {
            rows.addAll(lot.rows());
            awaited |= lot.done() != null;
        }
        IOException failure = commit.add(rows, awaited);
        tellers.execute(() -> {
            watch(rows);
            lots.forEach(lot -> tell(lot, failure));
        });
    }

    private void watch(List<Entry> rows) {
        try {
            rows.forEach(watcher);
        } catch (RuntimeException e) {
            LOG.log(Level.ERROR, "rows of the ledger are missing in what is made of it", e);
        }
    }

    private static void tell(Lot lot, @Nullable IOException failure) {
        CompletableFuture<Void> done = lot.done();
        if (done == null) {
            return;
        }
        if (failure == null) {
            done.complete(null);
        } else {
            done.completeExceptionally(new LedgerException("the ledger cannot be written: " + failure, failure));
        }
    }

    private void end(List<Lot> unfinished) {
        closing = true;
        commit.finish();
        busySince = 0;
        ended = true;
        unfinished.forEach(lot -> tell(lot, new IOException("it has ended")));
        turnAwayAll();
        tellers.shutdown();
        free(folder);
    }

    private void turnAwayAll() {
        for (Lot lot = waiting.poll(); lot != null; lot = waiting.poll()) {
            turnedAway.addAndGet(lot.rows().size());
            tell(lot, new IOException("it has ended"));
        }
    }

    @Override
    public boolean isWritable() {
        return onFailure == OnFailure.CONTINUE
                || (!ended && !commit.isFailing() && !isHanging() && waiting.size() < MOST_WAITING / 2);
    }

    private boolean isHanging() {
        long since = busySince;
        return since != 0 && System.nanoTime() - since > HANGING.toNanos();
    }

    /** The id of this node, which it keeps as long as its folder. */
    public String node() {
        return folder.node();
    }

    /** What was no row in the files that were read at the start. */
    public List<Damage> damages() {
        return recovery.damages();
    }

    /** How it goes. */
    public Status status() {
        return new Status(
                commit.rows(),
                commit.forces(),
                waiting.size(),
                commit.late(),
                commit.lost() + turnedAway.get(),
                commit.isFailing());
    }

    /**
     * Reads what was used before the journal was opened: the rows of ended attempts, those that were under way then included,
     * and of calls. Not what has been written since. Blocks while it reads.
     *
     * @param from rows that happened before are left out
     * @param damages is told of what is no row
     */
    public void readEarlier(Instant from, Consumer<Entry> rows, Consumer<Damage> damages) throws IOException {
        List<LedgerFile> earlier = folder.files().stream()
                .filter(file -> file.number() < recovery.nextNumber())
                .toList();
        Once once = new Once(entry -> {
            if (!entry.at().isBefore(from)) {
                rows.accept(entry);
            }
        });
        for (LedgerFile file : LedgerReader.since(from, earlier)) {
            file.readUsed(once, damages);
        }
        recovery.ends().forEach(once);
        once.flush();
    }

    @Override
    public void close() {
        closing = true;
        boolean unused = waiting.offer(new Lot(List.of(), null));
        try {
            writer.join(CLOSING_MILLIS);
            writer.interrupt();
            writer.join(CLOSING_MILLIS);
            tellers.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException hurry) {
            writer.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    private static void free(LedgerFolder folder) {
        try {
            folder.close();
        } catch (IOException e) {
            LOG.log(Level.WARNING, "could not let go of the ledger's folder", e);
        }
    }
}
