package dev.tollgate.jetty;

import dev.tollgate.Gateway;
import dev.tollgate.GatewayFactory;
import dev.tollgate.OfflineExplainer;
import dev.tollgate.Refusal;
import dev.tollgate.Version;
import dev.tollgate.access.KeyText;
import dev.tollgate.config.ConfigException;
import dev.tollgate.config.ConfigLoader;
import dev.tollgate.config.Settings;
import dev.tollgate.ledger.LedgerCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.logging.LogManager;
import org.jspecify.annotations.Nullable;

/** The stand-alone gateway: {@code java -jar tollgate.jar [--config FILE] [--port N]}, and what else can be asked of it. */
public final class Main {
    /** Set where the process that started this one may be killed without a chance to end it. */
    private static final String STOP_WITH_PARENT = "tollgate.stop-with-parent";

    private static final String LOOPBACK = "127.0.0.1";
    private static final int OK = 0;
    private static final int CANNOT_LISTEN = 1;
    private static final int MISUSE = 2;
    private static final int BAD_CONFIG = 2;
    private static final int BAD_QUESTION = 2;

    private final Map<String, String> environment;
    private final InputStream in;
    private final PrintStream out;
    private final PrintStream err;

    Main(Map<String, String> environment, InputStream in, PrintStream out, PrintStream err) {
        this.environment = environment;
        this.in = in;
        this.out = out;
        this.err = err;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        logOneLineEach();
        int status = new Main(System.getenv(), System.in, System.out, System.err).run(List.of(arguments));
        if (status != OK) {
            System.exit(status);
        }
    }

    /** Does what the arguments ask for; returns the process's exit status. Serves until the process is told to stop. */
    int run(List<String> arguments) throws InterruptedException {
        if (!arguments.isEmpty() && arguments.get(0).equals(Options.LEDGER)) {
            return new LedgerCommand(environment, out, err).run(arguments.subList(1, arguments.size()));
        }
        try {
            Options options = Options.parse(arguments);
            return switch (options.action()) {
                case HELP -> say(Options.USAGE);
                case VERSION -> say("Tollgate " + Version.TEXT + "\n");
                case CHECK_CONFIG -> check(options.config());
                case EXPLAIN -> explain(options);
                case SERVE -> serve(options);
            };
        } catch (Options.Misuse e) {
            err.println(e.getMessage());
            err.print(Options.USAGE);
            return MISUSE;
        } catch (ConfigException e) {
            err.println(e.getMessage());
            return BAD_CONFIG;
        }
    }

    private int say(String text) {
        out.print(text);
        out.flush();
        return OK;
    }

    private int check(@Nullable Path config) throws ConfigException {
        if (config == null) {
            return MISUSE;
        }
        ConfigLoader.load(config, environment);
        return say(config + " is good\n");
    }

    private int explain(Options options) throws ConfigException {
        Path config = options.config();
        Settings settings = config == null
                ? ConfigLoader.builtIn(
                        environment, KeyText.generate(new SecureRandom()).sha256())
                : ConfigLoader.load(config, environment);
        try {
            byte[] question = question(String.valueOf(options.question()));
            return say(new OfflineExplainer(settings).explain(question).toPrettyString() + "\n");
        } catch (IOException e) {
            err.println("the question cannot be read: " + e.getMessage());
        } catch (Refusal e) {
            err.println("the question cannot be answered: " + e.wholeMessage());
        }
        return BAD_QUESTION;
    }

    private byte[] question(String from) throws IOException {
        return from.equals("-") ? in.readAllBytes() : Files.readAllBytes(Path.of(from));
    }

    private int serve(Options options) throws ConfigException, InterruptedException {
        Path config = options.config();
        if (config != null) {
            return serve(GatewayFactory.open(config), options.host(), options.port(), null);
        }
        KeyText key = KeyText.generate(new SecureRandom());
        String host = options.host() == null ? LOOPBACK : options.host();
        return serve(GatewayFactory.builtIn(environment, key.sha256()), host, options.port(), key);
    }

    private int serve(Gateway gateway, @Nullable String host, int port, @Nullable KeyText key)
            throws InterruptedException {
        StandAlone server = new StandAlone(gateway, host, port);
        try {
            server.start();
        } catch (IOException e) {
            err.println(cannotListen(port, e));
            return CANNOT_LISTEN;
        }
        stopWithTheProcess(server);
        say(Banner.text(server.at(), gateway.settings(), key));
        server.join();
        return OK;
    }

    private static String cannotListen(int port, IOException e) {
        Throwable cause = e.getCause() instanceof BindException bind ? bind : e;
        return "Tollgate cannot listen on port " + port + ": " + cause.getMessage() + "; choose another with --port N";
    }

    private static void stopWithTheProcess(StandAlone server) {
        Runtime.getRuntime().addShutdownHook(new Thread(server::close, "tollgate-stop"));
        if (Boolean.getBoolean(STOP_WITH_PARENT)) {
            ProcessHandle.current().parent().ifPresent(Main::stopWith);
        }
    }

    private static void stopWith(ProcessHandle parent) {
        CompletableFuture<Void> unused = parent.onExit().thenRun(() -> System.exit(OK));
    }

    /** One line per message on standard error, unless the process is told otherwise in the JDK's own way. */
    private static void logOneLineEach() throws IOException {
        if (System.getProperty("java.util.logging.config.file") == null
                && System.getProperty("java.util.logging.config.class") == null) {
            try (InputStream defaults = Main.class.getResourceAsStream("logging.properties")) {
                LogManager.getLogManager().readConfiguration(defaults);
            }
        }
    }
}
