package dev.tollgate;

import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Ledger.OnFailure;
import dev.tollgate.ledger.Damage;
import dev.tollgate.ledger.Journal;
import dev.tollgate.ledger.Ledger;
import dev.tollgate.usage.Per;
import dev.tollgate.usage.RollUps;
import dev.tollgate.usage.SharedUsage;
import dev.tollgate.usage.UsageTotals;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A gateway's books: its ledger, and the totals that are made of it. They are opened once and outlive configurations. */
final class Books implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Books.class.getName());
    private static final long CLOSING_MILLIS = 1_000;

    private final Settings.@Nullable Ledger settings;
    private final InstantSource clock;
    private final UsageTotals totals;
    private final @Nullable Journal journal;
    private final Ledger ledger;
    private final String node;
    private @Nullable RollUps usage;
    private @Nullable Thread reader;
    private @Nullable ScheduledFuture<?> publishing;

    /**
     * Opens the books of a node.
     *
     * @param settings where its ledger is, or null for one of which nothing is kept
     * @throws dev.tollgate.ledger.LedgerException when the ledger cannot be opened
     */
    Books(Settings.@Nullable Ledger settings, InstantSource clock) {
        this.settings = settings;
        this.clock = clock;
        this.totals = new UsageTotals(clock);
        this.journal = settings == null ? null : Journal.open(settings, clock, totals);
        this.ledger = journal == null ? Ledger.unkept(totals) : journal;
        this.node = journal == null ? UUID.randomUUID().toString() : journal.node();
    }

    /** Shows the totals to the other nodes, and theirs to this one, from now on. Called once. */
    RollUps share(SharedUsage shared, ScheduledExecutorService timers) {
        RollUps rollUps = new RollUps(totals, shared, node);
        Thread thread = OwnThreads.named("tollgate-usage").newThread(() -> readEarlier(rollUps));
        thread.start();
        long millis = RollUps.PERIOD.toMillis();
        publishing = timers.scheduleWithFixedDelay(rollUps::publish, millis, millis, TimeUnit.MILLISECONDS);
        reader = thread;
        usage = rollUps;
        return rollUps;
    }

    /** Totals begin with what this node had used before. That may be much to read, and nobody waits for it. */
    private void readEarlier(RollUps rollUps) {
        Journal earlier = journal;
        try {
            if (earlier != null) {
                earlier.readEarlier(clock.instant().minus(Per.DAY.kept()), totals, Books::tell);
            }
            rollUps.complete();
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.WARNING, "totals of usage are not known: the ledger could not be read", e);
        }
    }

    private static void endReading(Thread reader) {
        reader.interrupt();
        try {
            reader.join(CLOSING_MILLIS);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    private static void tell(Damage damage) {
        LOG.log(Level.WARNING, "the ledger is damaged: {0}", damage);
    }

    Ledger ledger() {
        return ledger;
    }

    /** The ledger where there is one that is kept. */
    Optional<Journal> journal() {
        return Optional.ofNullable(journal);
    }

    /** The folder of the ledger, where it is kept in one. */
    Optional<Path> directory() {
        return Optional.ofNullable(settings).map(Settings.Ledger::directory);
    }

    /** Whether calls are not to be answered whole whose rows cannot be written. */
    boolean areStrict() {
        return settings != null && settings.onFailure() == OnFailure.REFUSE;
    }

    /** This node's id: the same over restarts where it has a ledger. */
    String node() {
        return node;
    }

    /** Says so where a configuration asks for other books than these. */
    void compare(Settings.@Nullable Ledger wanted) {
        if (wanted == null ? settings != null : !wanted.equals(settings)) {
            LOG.log(
                    Level.WARNING,
                    "'ledger' has changed: this node goes on as it was started, until it is started again");
        }
    }

    @Override
    public void close() {
        if (publishing != null) {
            publishing.cancel(false);
        }
        if (reader != null) {
            endReading(reader);
        }
        ledger.close();
        if (usage != null) {
            CompletionStage<Void> last = usage.publish();
            LOG.log(Level.DEBUG, "last totals of usage: {0}", last);
        }
    }
}
