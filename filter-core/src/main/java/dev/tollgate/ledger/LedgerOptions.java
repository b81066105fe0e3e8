package dev.tollgate.ledger;

import dev.tollgate.config.ConfigException;
import dev.tollgate.config.ConfigLoader;
import dev.tollgate.config.Settings;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The options of the command, as they are read one by one. */
final class LedgerOptions {
    static final String USAGE = """
            Usage: tollgate ledger --directory DIR [options]

              --directory DIR  a node's ledger; may be given once for each node, whose ledgers are then one
              --config FILE    read the folder from the gateway's configuration instead
              --by NAMES       add rows up by key, team, user, model, provider, target, day or hour;
                               several with commas, as --by day,team
              --rows KIND      list the rows of attempts or calls instead
              --from TIME      leave out what happened before: a date, or a time as 2026-11-24T08:00:00Z
              --to TIME        leave out what happened then or later
              --zone ZONE      where days and hours are counted, as Europe/Berlin (default: UTC)
              --format FORMAT  text, csv or json (default: text)
              --help           print this

            Calls are counted from their own rows; attempts, tokens and cost from those of attempts, each once.
            Exit status: 0; 1 when a folder cannot be read; 2 for a wrong option; 3 when damaged rows were passed over.
            """;

    private final Map<String, String> environment;
    private final List<Path> directories = new ArrayList<>();
    private List<Dimension> by = List.of();
    private LedgerQuery.@Nullable Kind rows;
    private Table.Format format = Table.Format.TEXT;
    private String from = "";
    private String to = "";
    private ZoneId zone = ZoneOffset.UTC;

    /** A command line that cannot be understood; the message says why. */
    static final class Misuse extends Exception {
        private static final long serialVersionUID = 1L;

        Misuse(String message) {
            super(message);
        }
    }

    private LedgerOptions(Map<String, String> environment) {
        this.environment = environment;
    }

    static LedgerQuery parse(List<String> arguments, Map<String, String> environment) throws Misuse, ConfigException {
        LedgerOptions options = new LedgerOptions(environment);
        Deque<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            options.take(rest.removeFirst(), rest);
        }
        return options.query();
    }

    private void take(String option, Deque<String> rest) throws Misuse, ConfigException {
        int equals = option.indexOf('=');
        if (option.startsWith("--") && equals > 0) {
            rest.addFirst(option.substring(equals + 1));
            take(option.substring(0, equals), rest);
            return;
        }
        switch (option) {
            case "--directory" -> directories.add(Path.of(value(option, rest)));
            case "--config" -> directories.add(directoryOf(Path.of(value(option, rest))));
            case "--by" -> by = dimensions(value(option, rest));
            case "--rows" -> rows = choice(option, LedgerQuery.Kind.values(), value(option, rest));
            case "--from" -> from = value(option, rest);
            case "--to" -> to = value(option, rest);
            case "--zone" -> zone = zone(value(option, rest));
            case "--format" -> format = choice(option, Table.Format.values(), value(option, rest));
            default -> throw new Misuse("unknown option '" + option + "'");
        }
    }

    private LedgerQuery query() throws Misuse {
        if (directories.isEmpty()) {
            throw new Misuse("--directory DIR or --config FILE is missing");
        }
        if (rows != null && !by.isEmpty()) {
            throw new Misuse("either --by or --rows, and not both");
        }
        Instant first = from.isEmpty() ? Instant.MIN : time("--from", from, zone);
        Instant end = to.isEmpty() ? Instant.MAX : time("--to", to, zone);
        return new LedgerQuery(directories, first, end, zone, by, rows, format);
    }

    private Path directoryOf(Path config) throws Misuse, ConfigException {
        Settings.Ledger ledger = ConfigLoader.load(config, environment).ledger();
        if (ledger == null) {
            throw new Misuse(config + " has no 'ledger'");
        }
        return ledger.directory();
    }

    private static List<Dimension> dimensions(String names) throws Misuse {
        List<Dimension> dimensions = new ArrayList<>();
        for (String name : names.split(",", -1)) {
            dimensions.add(Dimension.named(name.strip())
                    .orElseThrow(() -> new Misuse("--by takes " + Dimension.ALL + "; '" + name + "' is none")));
        }
        return dimensions;
    }

    private static <E extends Enum<E>> E choice(String option, E[] values, String word) throws Misuse {
        Function<E, String> words = value -> value.name().toLowerCase(Locale.ROOT);
        return Arrays.stream(values)
                .filter(value -> words.apply(value).equals(word))
                .findFirst()
                .orElseThrow(() -> new Misuse(option + " takes "
                        + Arrays.stream(values).map(words).collect(Collectors.joining(", ")) + "; '" + word
                        + "' is none"));
    }

    private static ZoneId zone(String name) throws Misuse {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException e) {
            throw new Misuse("'" + name + "' is no time zone; write it as Europe/Berlin or +01:00");
        }
    }

    private static Instant time(String option, String text, ZoneId zone) throws Misuse {
        try {
            return Times.parse(text, zone);
        } catch (DateTimeException e) {
            throw new Misuse(option + " takes a date or a time, as 2026-11-24 or 2026-11-24T08:00:00Z; '" + text
                    + "' is neither");
        }
    }

    private static String value(String option, Deque<String> rest) throws Misuse {
        String value = rest.pollFirst();
        if (value == null || value.isEmpty()) {
            throw new Misuse(option + " needs a value");
        }
        return value;
    }
}
