package dev.tollgate.ledger;

import dev.tollgate.ErrorCode;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** Rows for tests, and what becomes of them. */
final class Rows {
    static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
    static final Party PARTY = new Party("ci", "search", "ann", "smart");

    private Rows() {}

    static Entry.Started started(String attempt) {
        return new Entry.Started(attempt, NOON, PARTY, "openai/gpt-5.1", 100, 50, OptionalLong.of(700));
    }

    static Entry.Ended ended(String attempt) {
        return ended(attempt, 690);
    }

    static Entry.Ended ended(String attempt, long cost) {
        Usage usage = new Usage(90, 5, 0, 0, 20, 3, 0, 0, Extras.NONE);
        return new Entry.Ended(attempt, NOON, PARTY, "openai/gpt-5.1", 200, null, usage, false, OptionalLong.of(cost));
    }

    static Entry.Called called(String call) {
        Usage usage = new Usage(90, 5, 0, 0, 20, 3, 0, 0, Extras.NONE);
        return new Entry.Called(
                call,
                NOON,
                PARTY,
                "openai/gpt-5.1",
                1,
                200,
                ErrorCode.CALLER_CANCELLED,
                usage,
                true,
                OptionalLong.empty(),
                1_234_567);
    }

    /** The bytes of a file with these rows. */
    static byte[] file(Entry... rows) {
        Frames frames = new Frames();
        frames.add(new FileHead("0123456789abcdef", 1, NOON));
        Arrays.stream(rows).forEach(frames::add);
        return Arrays.copyOf(frames.content().array(), frames.length());
    }

    /** The bytes of one row. */
    static byte[] line(Entry row) {
        Frames frames = new Frames();
        frames.add(row);
        return Arrays.copyOf(frames.content().array(), frames.length());
    }

    /** What a reading came to. */
    record Read(List<Entry> rows, List<Damage> damages, long soundUpTo) {}

    static Read read(byte[] file) {
        List<Entry> rows = new ArrayList<>();
        List<Damage> damages = new ArrayList<>();
        try {
            LedgerFile.Scan scan = LedgerFile.read(
                    new RowReader(Path.of("f"), new ByteArrayInputStream(file), damages::add, true), rows::add);
            return new Read(rows, damages, scan.soundUpTo());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All rows in a folder, each once; nothing may be damaged but the end. */
    static List<Entry> in(Path directory) throws IOException {
        List<Entry> rows = new ArrayList<>();
        Once once = new Once(rows::add);
        for (LedgerFile file : LedgerFile.in(directory)) {
            LedgerFile.Scan unused = file.read(once, damage -> {
                if (!damage.atEnd()) {
                    throw new AssertionError(damage);
                }
            });
        }
        once.flush();
        return rows;
    }

    static List<Path> files(Path directory) throws IOException {
        return LedgerFile.in(directory).stream().map(LedgerFile::path).toList();
    }

    static byte[] newest(Path directory) throws IOException {
        List<Path> files = files(directory);
        return Files.readAllBytes(files.get(files.size() - 1));
    }
}
