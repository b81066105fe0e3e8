package dev.tollgate.bench;

import dev.tollgate.config.ConfigException;
import dev.tollgate.config.ConfigLoader;
import dev.tollgate.config.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** The gateway's configuration in the benchmark: all that a call goes through in earnest, with limits that are never met. */
public final class GatewayConfig {
    /** The key that all calls show. */
    static final String KEY = "tg-benchmark-0123456789abcdef0123456789abcdef";

    /** The environment variables that the configuration refers to. */
    static final Map<String, String> ENVIRONMENT = Map.of("BENCH_PROVIDER_KEY", "sk-benchmark");

    private GatewayConfig() {}

    /** The configuration as the gateway reads it. */
    public static Settings settings(int providerPort) throws IOException, ConfigException {
        Path file = Files.createTempFile("tollgate", ".yaml");
        try {
            Files.writeString(file, text(providerPort));
            return ConfigLoader.load(file, ENVIRONMENT);
        } finally {
            Files.delete(file);
        }
    }

    static String text(int providerPort) {
        return text(providerPort, """
                limits:
                  - { per: key, requests: 100000000/min, concurrent: 100000 }
                  - { per: team, requests: 100000000/min }
                """);
    }

    /** Limits of every kind, and the price that spend is counted by. */
    static String withAllLimits(int providerPort) {
        return text(providerPort, """
                limits:
                  - { per: key, requests: 100000000/min, tokens: 50000M/min, concurrent: 100000 }
                  - { per: team, requests: 100000000/min, spend: 100000000 USD/month }
                prices:
                  house/bench-gpt-2026-11: { input: 1.25, output: 10 }
                """);
    }

    private static String text(int providerPort, String limits) {
        return """
                providers:
                  house: { like: openai-compatible, base-url: "http://127.0.0.1:%1$d/v1", api-key: "${env:BENCH_PROVIDER_KEY}" }
                  home: { like: anthropic-compatible, base-url: "http://127.0.0.1:%1$d", api-key: "${env:BENCH_PROVIDER_KEY}" }
                models:
                  gpt-bench: { targets: [ { use: house/bench-gpt-2026-11 } ] }
                  claude-bench: { targets: [ { use: home/bench-claude-2026-11 } ] }
                  held-gpt: { targets: [ { use: house/held-gpt-2026-11 } ] }
                  held-claude: { targets: [ { use: home/held-claude-2026-11 } ] }
                keys:
                  - { name: bench, sha256: "%2$s", team: bench, models: ["*"] }
                server:
                  metrics: { path: /tollgate/metrics }
                %3$s""".formatted(providerPort, sha256(KEY), limits);
    }

    /** What makes a node a member of a cluster on this machine. */
    static String cluster(List<Integer> ports, int self) {
        List<String> members =
                ports.stream().map(port -> "\"127.0.0.1:" + port + "\"").toList();
        return "cluster: { members: [" + String.join(", ", members) + "], bind: " + members.get(self) + " }\n";
    }

    private static String sha256(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
