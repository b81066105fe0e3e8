package dev.tollgate.nemesis;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Gateways that share limits, each in a process of its own. */
final class Cluster implements AutoCloseable {
    private static final Duration FORMS = Duration.ofSeconds(60);
    private static final String LOGGING = """
            handlers = java.util.logging.ConsoleHandler
            java.util.logging.ConsoleHandler.level = ALL
            java.util.logging.ConsoleHandler.formatter = java.util.logging.SimpleFormatter
            java.util.logging.SimpleFormatter.format = %1$tT.%1$tL %4$s %3$s %5$s%6$s%n
            .level = INFO
            """;

    private final Network network;
    private final Configuration configuration;
    private final List<Node> nodes;
    private final Path folder;

    Cluster(Network network, int size, Path folder, List<Subject> subjects) {
        this.network = network;
        this.folder = folder;
        this.configuration = new Configuration(network, size, subjects);
        this.nodes = IntStream.rangeClosed(1, size).mapToObj(this::node).collect(Collectors.toList());
    }

    private Node node(int number) {
        try {
            Path home = Files.createDirectories(folder.resolve("node-" + number));
            Path logging = Files.writeString(home.resolve("logging.properties"), LOGGING);
            Node node = new Node(number, network, home, jvm(logging), WallClock.environment(home));
            Files.writeString(home.resolve("secret"), "none");
            write(node, 0);
            return node;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> jvm(Path logging) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dtollgate.stop-with-parent=true",
                "-Djava.util.logging.config.file=" + logging,
                "-cp",
                System.getProperty("tollgate.stage.gateway"));
    }

    /** Writes a node's configuration; another edition is read as a change. */
    void write(Node node, int edition) {
        try {
            Path next = node.config().resolveSibling("next.yaml");
            Files.writeString(next, configuration.text(node, edition));
            Files.move(next, node.config(), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void start() {
        nodes.forEach(Node::start);
        nodes.forEach(Node::awaitServing);
        awaitWhole();
    }

    void awaitWhole() {
        await("all nodes see each other")
                .atMost(FORMS)
                .until(() -> nodes.stream().allMatch(node -> node.members() == nodes.size()));
    }

    List<Node> nodes() {
        return nodes;
    }

    Node node(long number) {
        return nodes.get(Math.toIntExact(number) - 1);
    }

    Network network() {
        return network;
    }

    Map<String, Integer> numbersByAddress() {
        return nodes.stream()
                .collect(Collectors.toMap(node -> network.front(node.number()), Node::number, (a, b) -> 0));
    }

    @Override
    public void close() {
        List<Node> all = new ArrayList<>(nodes);
        all.forEach(Node::end);
    }
}
