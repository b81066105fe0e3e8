package dev.tollgate.config;

import dev.tollgate.provider.ProviderRows;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Configuration files to try things on, and surroundings that are the same on every machine. */
final class Corpus {
    static final Path ROOT = Path.of("src/test/resources/config");

    static final Map<String, String> ENVIRONMENT = Map.of(
            "OPENAI_API_KEY", "sk-canary-openai",
            "ANTHROPIC_API_KEY", "sk-canary-anthropic",
            "EMPTY", "",
            "TWO_LINES", "sk-canary-a\nsk-canary-b",
            "SECRET_WORD", "canary word",
            "HOST", "eu.api.openai.com",
            "ATTEMPTS", "5",
            "CONNECT", "750ms",
            "OPEN", "true");

    private static final Map<String, List<String>> HOSTS = Map.of(
            "inside.example.com", List.of("10.20.30.40"),
            "api.example.com", List.of("93.184.215.14"),
            "mixed.example.com", List.of("10.0.0.1", "93.184.215.14"));

    private Corpus() {}

    static Surroundings surroundings() {
        return new Surroundings(
                new References(ENVIRONMENT, Surroundings::textOf, Corpus::bound),
                ProviderRows.shipped(),
                Corpus::addresses);
    }

    static Settings parse(String yaml) throws ConfigException {
        return new ConfigLoader(surroundings()).parse("tollgate.yaml", yaml.getBytes(StandardCharsets.UTF_8));
    }

    static List<Path> files(String folder) throws IOException {
        try (Stream<Path> found = Files.walk(ROOT.resolve(folder))) {
            return found.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static Optional<String> bound(String name) {
        return name.equals("java:comp/env/openrouter") ? Optional.of("sk-canary-bound") : Optional.empty();
    }

    private static List<InetAddress> addresses(String host) {
        boolean literal = host.matches("[0-9.]+|\\[.*]");
        return (literal ? List.of(host) : HOSTS.getOrDefault(host, List.of()))
                .stream().map(Corpus::address).toList();
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(literal, e);
        }
    }
}
