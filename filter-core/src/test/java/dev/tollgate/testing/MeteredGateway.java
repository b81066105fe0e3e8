package dev.tollgate.testing;

import dev.tollgate.ledger.Entry;
import dev.tollgate.ledger.LedgerReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The gateway in a real server with limits, budgets, prices and a ledger, before providers that keep an invoice of their own. A
 * token costs {@link #TOKEN} at each of them. Every key is called by its name, and is limited as that says.
 */
public final class MeteredGateway implements AutoCloseable {
    /** What a token costs, in nano-USD: a thousandth of a dollar. */
    public static final long TOKEN = 1_000_000;

    /** What the usual answer costs, in nano-USD. */
    public static final long CALL = (Talk.INPUT + Talk.OUTPUT) * TOKEN;

    private final Servers kind;
    private final String name;
    private final Path ledger;
    private final FakeUpstream upstream = new FakeUpstream().always(this::answer);
    private final AtomicLong invoice = new AtomicLong();
    private ServerProcess server;

    private MeteredGateway(Servers kind, String name) throws IOException {
        this.kind = kind;
        this.name = name;
        this.ledger = Files.createTempDirectory("tollgate-ledger-");
        this.server = launch();
    }

    /** @param name what the server's base folder is called */
    public static MeteredGateway start(Servers kind, String name) {
        try {
            return new MeteredGateway(kind, name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ServerProcess launch() {
        Webapp app = Webapp.named("ai").withGateway().with("WEB-INF/tollgate.yaml", configuration());
        return ServerProcess.start(kind, name, Map.of("FAKE_KEY", "fake-key-of-the-provider"), app);
    }

    /** Ends the server and starts another with the same ledger. */
    public void restart() {
        server.close();
        server = launch();
    }

    private String configuration() {
        StringBuilder keys = new StringBuilder();
        for (String each : List.of(
                "poor", "poor2", "few", "few2", "shadow", "ten", "cut", "cut2", "cut3", "leaver", "single", "failing",
                "free", "kept", "kept2")) {
            keys.append("  - { name: %s, sha256: \"%s\", models: [\"*\"] }%n"
                    .formatted(each, RealGateway.sha256(key(each))));
        }
        return """
                providers:
                  oai: { like: openai, base-url: "%1$s/v1", api-key: "${env:FAKE_KEY}" }
                  ant: { like: anthropic, base-url: "%1$s", api-key: "${env:FAKE_KEY}" }
                  small: { like: openai-compatible, base-url: "%1$s/v1", api-key: "${env:FAKE_KEY}" }
                models:
                  oai: { targets: [ { use: oai/plain } ], max-output-tokens: 20 }
                  once: { targets: [ { use: oai/plain } ], max-output-tokens: 20, attempts: 1 }
                  ant: { targets: [ { use: ant/plain } ] }
                  hasty: { targets: [ { use: oai/plain } ], timeouts: { first-byte: 300ms } }
                  frugal: { targets: [ { use: small/plain } ], fallback: [ ant/plain ] }
                  painter: { targets: [ { use: oai/painter } ] }
                  voice: { targets: [ { use: oai/voice } ] }
                prices:
                  oai/*: { input: 1000, output: 1000, image-output: 1000, audio-output: 1000 }
                  ant/*: { input: 1000, output: 1000 }
                  small/*: { input: 1000, output: 1000 }
                keys:
                  - { name: all, sha256: "%2$s", models: ["*"] }
                %3$slimits:
                  - { per: key, of: "key:poor", spend: 0.06 USD/year }
                  - { per: key, of: "key:poor2", spend: 0.06 USD/year }
                  - { per: key, of: "key:kept", spend: 0.06 USD/year }
                  - { per: key, of: "key:few", tokens: 1200/min, requests: 100/min }
                  - { per: key, of: "key:few2", tokens: 1200/min, requests: 100/min }
                  - { per: key, of: "key:shadow", tokens: 10/day, mode: shadow }
                  - { per: key, of: "key:ten", spend: 0.49 USD/year }
                  - { per: key, of: "key:cut", spend: 0.15 USD/year }
                  - { per: key, of: "key:cut2", spend: 0.15 USD/year }
                  - { per: key, of: "key:cut3", spend: 0.15 USD/year }
                  - { per: key, of: "key:leaver", concurrent: 1, spend: 100 USD/year }
                  - { per: key, of: "key:single", concurrent: 1 }
                  - { per: key, of: "key:failing", concurrent: 1, tokens: 1000/day }
                  - { per: key, of: "key:kept2", concurrent: 1, tokens: 1000/day }
                  - { per: provider, of: "provider:small", requests: 1/day }
                ledger: { directory: "%4$s" }
                server:
                  metrics: { path: /tollgate/metrics }
                  relays: { files: oai }
                """.formatted(upstream.uri(), RealGateway.sha256(RealGateway.KEY), keys, ledger);
    }

    /** The text of the key of a name. */
    public static String key(String name) {
        return "tg-" + name + "-0123456789abcdef0123456789abcdef";
    }

    /** What answers when a test does not say otherwise: a short talk in the provider's dialect. */
    public void answer(Peer peer) throws IOException {
        Talk talk = talk(peer.request());
        if (peer.request().text().contains("\"stream\":true")) {
            peer.stream().chunk(talk.opening("Hello")).chunk(talk.closing()).endChunks();
        } else {
            peer.json(200, talk.whole("Hello"));
        }
        invoice.addAndGet(CALL);
    }

    /** The dialect of a request. */
    public static Talk talk(Received request) {
        return request.line().contains("/messages") ? Talk.ANTHROPIC : Talk.OPENAI;
    }

    /** What the providers want to be paid for answers that they gave whole, in nano-USD. */
    public long invoice() {
        return invoice.get();
    }

    public FakeUpstream upstream() {
        return upstream;
    }

    public URI uri(String path) {
        return server.uri("/ai" + path);
    }

    public ServerProcess server() {
        return server;
    }

    /** The sum of the series of a metric that have a text in their labels. */
    public long metric(String metric, String label) {
        return (long) RealGateway.metrics(server, "/ai")
                .lines()
                .filter(line -> line.startsWith(metric + "{") || line.startsWith(metric + " "))
                .filter(line -> line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    /** The rows of ended attempts that are charged to a key, as they stand on the disk now. */
    public List<Entry.Ended> attempts(String key) {
        return rows(Entry.Ended.class, key);
    }

    /** The rows of calls of a key, as they stand on the disk now. */
    public List<Entry.Called> calls(String key) {
        return rows(Entry.Called.class, key);
    }

    private <T extends Entry> List<T> rows(Class<T> type, String key) {
        List<T> rows = new ArrayList<>();
        try {
            new LedgerReader(List.of(ledger))
                    .read(
                            Instant.EPOCH,
                            Instant.MAX,
                            row -> {
                                if (type.isInstance(row)
                                        && key.equals(row.party().key())) {
                                    rows.add(type.cast(row));
                                }
                            },
                            damage -> {
                                throw new IllegalStateException(damage.toString());
                            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }

    /** What the ledger says that a key has cost, in nano-USD. */
    public long charged(String key) {
        return attempts(key).stream()
                .mapToLong(row -> row.costNanoUsd().orElseThrow())
                .sum();
    }

    @Override
    public void close() {
        server.close();
        upstream.close();
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT);
    }
}
