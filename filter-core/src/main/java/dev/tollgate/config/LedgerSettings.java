package dev.tollgate.config;

import dev.tollgate.config.Scalar.NotOne;
import dev.tollgate.config.Settings.Ledger;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** The settings of the ledger. */
final class LedgerSettings {
    private static final Scalar<Path> FOLDER = Scalar.text(
            "path of a folder",
            schema -> schema.put("type", "string").put("minLength", 1),
            LedgerSettings::folder,
            Path::toString);

    private static final Setting<Ledger, Path> DIRECTORY = Setting.required(
            "directory",
            FOLDER,
            Ledger::directory,
            "The folder of this node's files. It is made if the folder around it is there. No two nodes share one.");
    private static final Setting<Ledger, Boolean> SYNC = Setting.withDefault(
            "sync",
            Scalars.BOOLEAN,
            true,
            Ledger::sync,
            "Whether rows are forced to the disk before a caller has the last of its answer. With `false` they survive the end "
                    + "of the process, and not a loss of power.");
    private static final Setting<Ledger, Long> ROTATE = Setting.withDefault(
            "rotate",
            Scalars.SIZE,
            Ledger.DEFAULT_ROTATE,
            Ledger::rotateBytes,
            "How large a file grows before the next is begun. Each day (UTC) begins one too.");
    private static final Setting<Ledger, Duration> KEEP = Setting.withDefault(
            "keep",
            Scalars.duration(Duration.ofDays(1), Duration.ofDays(36_500)),
            Ledger.DEFAULT_KEEP,
            Ledger::keep,
            "How long files are kept.");
    private static final Setting<Ledger, Ledger.OnFailure> ON_FAILURE = Setting.withDefault(
            "on-failure",
            Scalars.choice(Ledger.OnFailure.class),
            Ledger.OnFailure.REFUSE,
            Ledger::onFailure,
            "What happens while the disk refuses rows: `refuse` answers calls that cost money with 503, `continue` serves them "
                    + "and says so in the log once a minute.");
    private static final Setting<Ledger, Ledger.Unknown> UNKNOWN = Setting.withDefault(
            "unknown",
            Scalars.choice(Ledger.Unknown.class),
            Ledger.Unknown.CHARGE,
            Ledger::unknown,
            "What an attempt is charged whose node died before it ended: `charge` all that was reserved for it, which is the "
                    + "most it can have cost, or `free` nothing. Either way its row is marked as estimated.");

    static final Section<Ledger> LEDGER = new Section<>(
            "The ledger: a row for every attempt and every call, in files of this node.",
            List.of(DIRECTORY, SYNC, ROTATE, KEEP, ON_FAILURE, UNKNOWN),
            Set.of(),
            LedgerSettings::make);

    private LedgerSettings() {}

    private static Ledger make(Values values) {
        Path directory = values.get(DIRECTORY);
        values.reading().surroundings().folders().apply(directory).ifPresent(wrong -> values.problem(DIRECTORY, wrong));
        return new Ledger(
                directory,
                values.get(SYNC),
                values.get(ROTATE),
                values.get(KEEP),
                values.get(ON_FAILURE),
                values.get(UNKNOWN));
    }

    private static Path folder(String text) throws NotOne {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new NotOne("is not a path");
        }
    }
}
