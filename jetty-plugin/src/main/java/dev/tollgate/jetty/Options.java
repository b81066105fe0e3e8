package dev.tollgate.jetty;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the command line asks for.
 *
 * @param config the configuration file, or null for the built-in set-up
 * @param host the address to listen on, or null for the default: loopback without a configuration, all with one
 * @param question the file with the call to explain, or "-" for standard input; null for none
 */
record Options(
        Action action,
        @Nullable Path config,
        int port,
        @Nullable String host,
        @Nullable String question) {
    /** The word of the command that reads ledgers; it has options of its own. */
    static final String LEDGER = "ledger";

    static final String USAGE = """
            Usage: java -jar tollgate.jar [options]
                   java -jar tollgate.jar ledger --help

              --config FILE    the configuration; without it: the offline provider "echo", the providers
                               whose keys the environment holds, and a key made for this run
              --port N         the port to listen on (default 8080; 0 for any that is free)
              --host ADDRESS   the address to listen on (default: 127.0.0.1 without --config, all with it)
              --check-config   say whether the configuration is good, and where it is not; needs --config
              --explain FILE   say what would become of a call, without making it: who asks, which limits
                               concern it, what it may cost, which targets it would go to and what they
                               would be sent. FILE is JSON, as {"endpoint": "/v1/chat/completions",
                               "key": "name of a key", "body": {...}}; - is standard input
              --version        print the version
              --help           print this
            """;

    private static final int DEFAULT_PORT = 8080;

    /** What to do. */
    enum Action {
        SERVE,
        CHECK_CONFIG,
        EXPLAIN,
        VERSION,
        HELP
    }

    /** A command line that cannot be understood; the message says why. */
    static final class Misuse extends Exception {
        private static final long serialVersionUID = 1L;

        Misuse(String message) {
            super(message);
        }
    }

    static Options parse(List<String> arguments) throws Misuse {
        Deque<String> rest = new ArrayDeque<>(arguments);
        Options options = new Options(Action.SERVE, null, DEFAULT_PORT, null, null);
        while (!rest.isEmpty()) {
            options = options.with(rest.removeFirst(), rest);
        }
        if (options.action == Action.CHECK_CONFIG && options.config == null) {
            throw new Misuse("--check-config needs --config FILE");
        }
        return options;
    }

    private Options with(String option, Deque<String> rest) throws Misuse {
        int equals = option.indexOf('=');
        if (option.startsWith("--") && equals > 0) {
            rest.addFirst(option.substring(equals + 1));
            return with(option.substring(0, equals), rest);
        }
        return switch (option) {
            case "--config" -> new Options(action, Path.of(value(option, rest)), port, host, question);
            case "--port" -> new Options(action, config, port(value(option, rest)), host, question);
            case "--host" -> new Options(action, config, port, value(option, rest), question);
            case "--check-config" -> new Options(Action.CHECK_CONFIG, config, port, host, question);
            case "--explain" -> new Options(Action.EXPLAIN, config, port, host, value(option, rest));
            case "--version" -> new Options(Action.VERSION, config, port, host, question);
            case "--help", "-h" -> new Options(Action.HELP, config, port, host, question);
            default -> throw new Misuse("unknown option '" + option + "'");
        };
    }

    private static String value(String option, Deque<String> rest) throws Misuse {
        String value = rest.pollFirst();
        if (value == null || value.isEmpty()) {
            throw new Misuse(option + " needs a value");
        }
        return value;
    }

    private static int port(String text) throws Misuse {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // told below, as any other that is no port
        }
        throw new Misuse("'" + text + "' is not a port (0 to 65535)");
    }
}
