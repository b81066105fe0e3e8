package dev.tollgate.testing;

import dev.tollgate.Exchange;
import dev.tollgate.ExchangeHandler;
import dev.tollgate.Gateway;
import dev.tollgate.GatewayFactory;
import dev.tollgate.config.ConfigException;
import dev.tollgate.servlet.TestContainer;
import dev.tollgate.servlet.TollgateFilter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A server, started once, with as many gateways behind it as are wanted, each with a configuration, limits, a ledger and
 * knowledge of its own. A request says in a header which one it is for.
 */
public final class Bench implements AutoCloseable {
    /** The key that every gateway here lets in. */
    public static final String KEY = "tg-canary-0123456789abcdef0123456789abcdef";

    /** The gateways' own key for all providers. */
    public static final String PROVIDER_KEY = "sk-canary-of-the-provider-0123456789";

    /** What is in every prompt. */
    public static final String PROMPT = "canary-of-the-prompt";

    private static final String CASE = "x-case";
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Path folder;
    private final Path providerKey;
    private final Path secondKey;
    private final TestContainer container;
    private final Map<String, Gateway> gateways = new ConcurrentHashMap<>();

    public Bench(TestContainer.Kind kind) throws Exception {
        folder = Files.createTempDirectory("tollgate-bench-");
        providerKey = Files.writeString(folder.resolve("key"), PROVIDER_KEY);
        secondKey = Files.writeString(folder.resolve("key2"), PROVIDER_KEY + "-2");
        container = new TestContainer.App(kind)
                .filter("tollgate", new TollgateFilter(new ByCase()))
                .start();
    }

    private final class ByCase implements ExchangeHandler {
        @Override
        public boolean serves(String method, String mappedPath) {
            return true;
        }

        @Override
        public void handle(Exchange exchange) {
            gateways.get(exchange.header(CASE).orElseThrow()).handle(exchange);
        }

        @Override
        public void close() {
            gateways.values().forEach(Gateway::close);
        }
    }

    /**
     * A gateway.
     *
     * @param name what requests call it
     * @param yaml its providers, models and limits, with {@code @KEY@} for a reference to the gateway's key for providers, and
     *     {@code @KEY2@} for one to a second
     */
    public Running open(String name, String yaml) {
        try {
            Path home = Files.createDirectories(folder.resolve(name));
            Path ledger = home.resolve("ledger");
            Path file = Files.writeString(
                    home.resolve("tollgate.yaml"),
                    yaml.replace("@KEY@", reference(providerKey)).replace("@KEY2@", reference(secondKey))
                            + """
                            keys: [ { name: tester, sha256: %s, models: ['*'] } ]
                            ledger: { directory: '%s', sync: false }
                            server: { metrics: { path: /metrics, open: true }, heartbeat: 100ms }
                            """.formatted(RealGateway.sha256(KEY), ledger));
            gateways.put(name, GatewayFactory.open(file));
            return new Running(this, name, ledger);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ConfigException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static String reference(Path key) {
        return "'${file:" + key + "}'";
    }

    /**
     * A gateway that is open.
     *
     * @param name what requests call it
     * @param ledger the folder of its ledger
     */
    public record Running(Bench bench, String name, Path ledger) implements AutoCloseable {

        public RawCaller.Question question(Talk talk, boolean stream, String model, String text) {
            return new RawCaller.Question(
                    talk, stream, model, PROMPT + " " + text, Map.of(CASE, name, "authorization", "Bearer " + KEY));
        }

        public RawAnswer ask(RawCaller.Question question) {
            return RawCaller.ask(bench.container.port(), question);
        }

        public RawCaller begin(RawCaller.Question question) {
            return RawCaller.begin(bench.container.port(), question);
        }

        /** Its metrics, as text. */
        public String metrics() {
            HttpRequest request = HttpRequest.newBuilder(
                            URI.create("http://127.0.0.1:" + bench.container.port() + "/metrics"))
                    .header(CASE, name)
                    .build();
            try {
                return HTTP.send(request, HttpResponse.BodyHandlers.ofString()).body();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        /** The sum of the series of a metric. */
        public double metric(String metric) {
            return metrics()
                    .lines()
                    .filter(line -> line.startsWith(metric + " ") || line.startsWith(metric + "{"))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .sum();
        }

        @Override
        public void close() {
            Gateway gateway = bench.gateways.remove(name);
            if (gateway != null) {
                gateway.close();
            }
        }
    }

    @Override
    public void close() {
        gateways.values().forEach(Gateway::close);
        container.close();
    }
}
