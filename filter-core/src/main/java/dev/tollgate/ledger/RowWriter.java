package dev.tollgate.ledger;

import dev.tollgate.config.Settings;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts rows into the current file, and begins the next when that is full, of another day, or has failed. Used by one thread.
 *
 * <p>A file gets its name once its beginning is on the disk: its head and the attempts that are open then. So the newest file
 * always tells which attempts are.
 */
final class RowWriter {
    private static final System.Logger LOG = System.getLogger(RowWriter.class.getName());

    private final LedgerFolder folder;
    private final Volume volume;
    private final Settings.Ledger settings;
    private final InstantSource clock;
    private final OpenAttempts open;
    private final Frames frames = new Frames();

    /** Rows that a failure may take with it, because they have not been forced to the disk. */
    private final List<Entry> unforced = new ArrayList<>();

    private long nextNumber;
    private @Nullable LedgerFile file;
    private Volume.@Nullable Writing writing;
    private long length;
    private long forces;

    /** @param nextNumber the number of the file to begin with */
    RowWriter(
            LedgerFolder folder,
            Volume volume,
            Settings.Ledger settings,
            InstantSource clock,
            OpenAttempts open,
            long nextNumber) {
        this.folder = folder;
        this.volume = volume;
        this.settings = settings;
        this.clock = clock;
        this.open = open;
        this.nextNumber = nextNumber;
    }

    /** Begins a file with rows, which are on the disk when this is done. */
    void begin(List<Entry> rows) throws IOException {
        finish();
        Instant now = clock.instant();
        LedgerFile next = LedgerFile.begun(folder.path(), nextNumber, now);
        frames.clear();
        frames.add(new FileHead(folder.node(), next.number(), now));
        open.carriedAt(now).forEach(frames::add);
        rows.forEach(frames::add);
        Path unfinished = LedgerFolder.unfinished(next);
        Volume.Writing fresh = volume.create(unfinished);
        try {
            fresh.append(frames.content());
            fresh.force();
            volume.rename(unfinished, next.path());
        } catch (IOException e) {
            fresh.close();
            throw e;
        }
        forces++;
        nextNumber++;
        file = next;
        writing = fresh;
        length = frames.length();
        unforced.clear();
        removeOld(now, next);
    }

    private void removeOld(Instant now, LedgerFile current) {
        try {
            folder.removeBefore(LocalDate.ofInstant(now.minus(settings.keep()), ZoneOffset.UTC), current);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "old files of the ledger could not be removed", e);
        }
    }

    /** Appends rows. They survive the end of the process, and a loss of power once {@link #force} is done. */
    void write(List<Entry> rows) throws IOException {
        frames.clear();
        rows.forEach(frames::add);
        if (!fits(frames.length())) {
            begin(rows);
            return;
        }
        current().append(frames.content());
        length += frames.length();
        if (settings.sync()) {
            unforced.addAll(rows);
        }
    }

    private boolean fits(int more) {
        LedgerFile now = file;
        return now != null
                && length + more <= settings.rotateBytes()
                && now.day().equals(LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC));
    }

    boolean hasUnforced() {
        return !unforced.isEmpty();
    }

    void force() throws IOException {
        if (hasUnforced()) {
            current().force();
            forces++;
            unforced.clear();
        }
    }

    long forces() {
        return forces;
    }

    /**
     * Gives up the current file, since nobody knows what of it a failing disk has kept.
     *
     * @return the rows that have to be written again
     */
    List<Entry> abandon() {
        List<Entry> again = List.copyOf(unforced);
        unforced.clear();
        Volume.Writing broken = writing;
        writing = null;
        file = null;
        if (broken != null) {
            try (broken) {
                broken.truncate(length);
            } catch (IOException asWasToBeExpected) {
                return again; // what is left of a row there is passed over by readers
            }
        }
        return again;
    }

    /** Ends the current file, if there is one. */
    void finish() throws IOException {
        Volume.Writing last = writing;
        if (last != null) {
            force();
            writing = null;
            file = null;
            last.close();
        }
    }

    private Volume.Writing current() throws IOException {
        Volume.Writing now = writing;
        if (now == null) {
            throw new IOException("no file is open");
        }
        return now;
    }
}
