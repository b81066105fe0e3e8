package dev.tollgate.ledger;

import dev.tollgate.config.ConfigException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The command that reads ledgers: {@code tollgate ledger --directory DIR --by team}, or beside a filter
 * {@code java -cp tollgate-filter.jar dev.tollgate.ledger.LedgerCommand …}. The gateways may write meanwhile.
 */
public final class LedgerCommand {
    private static final int OK = 0;
    private static final int UNREADABLE = 1;
    private static final int MISUSE = 2;
    private static final int DAMAGED = 3;

    private final Map<String, String> environment;
    private final PrintStream out;
    private final PrintStream err;

    /** @param environment the environment variables that a configuration's references refer to */
    public LedgerCommand(Map<String, String> environment, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) {
        int status = new LedgerCommand(System.getenv(), System.out, System.err).run(List.of(arguments));
        if (status != OK) {
            System.exit(status);
        }
    }

    /** Does what the arguments ask for; returns the process's exit status. */
    public int run(List<String> arguments) {
        if (arguments.contains("--help") || arguments.contains("-h")) {
            out.print(LedgerOptions.USAGE);
            return OK;
        }
        try {
            return answer(LedgerOptions.parse(arguments, environment));
        } catch (LedgerOptions.Misuse e) {
            err.println(e.getMessage());
            err.print(LedgerOptions.USAGE);
            return MISUSE;
        } catch (ConfigException e) {
            err.println(e.getMessage());
            return MISUSE;
        } catch (IOException e) {
            err.println(why(e));
            return UNREADABLE;
        }
    }

    private int answer(LedgerQuery query) throws IOException {
        AtomicBoolean damaged = new AtomicBoolean();
        Writer text = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        new LedgerReport(query, text).write(damage -> {
            err.println(damage.atEnd() ? damage + ": a row that is being written, or never was" : damage);
            damaged.compareAndSet(false, !damage.atEnd());
        });
        text.flush();
        return damaged.get() ? DAMAGED : OK;
    }

    private static String why(IOException e) {
        if (e instanceof NoSuchFileException) {
            return e.getMessage() + " does not exist";
        }
        return e instanceof NotDirectoryException ? e.getMessage() + " is no folder" : String.valueOf(e.getMessage());
    }
}
