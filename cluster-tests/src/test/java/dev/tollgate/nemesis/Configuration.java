package dev.tollgate.nemesis;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The nodes' configuration: each subject has a key and a limit of its own. */
record Configuration(Network network, int size, List<Subject> subjects) {

    /** @param edition a number that makes the text another one and changes nothing else */
    String text(Node node, int edition) {
        String members =
                IntStream.rangeClosed(1, size).mapToObj(network::member).collect(Collectors.joining(", "));
        return "# edition " + edition + "\n"
                + "providers:\n" + provider("main", node) + provider("spare", node)
                + "models:\n"
                + "  m: { targets: [main/fake], fallback: [spare/fake], timeouts: { first-byte: 2s, total: 30s } }\n"
                + "prices:\n" + price("main") + price("spare")
                + "keys:\n" + subjects.stream().map(Configuration::key).collect(Collectors.joining())
                + "limits:\n" + subjects.stream().map(Configuration::limit).collect(Collectors.joining())
                + "cluster: { name: nemesis, members: [" + members + "], bind: " + network.member(node.number())
                + " }\n"
                + (Features.LEDGER ? "ledger: { directory: '" + node.ledger() + "' }\n" : "")
                + "server: { log: false, metrics: { open: true } }\n";
    }

    private String provider(String name, Node node) {
        return "  " + name + ": { like: openai-compatible, base-url: '" + FakeProvider.base(network.hub(), name)
                + "', api-key: '${file:" + node.config().resolveSibling("secret") + "}' }\n";
    }

    private static String price(String provider) {
        Money.Price price = FakeProvider.PRICES.get(provider);
        return "  " + provider + "/fake: { input: " + price.input() + ", cached-input: " + price.cached() + ", output: "
                + price.output() + " }\n";
    }

    private static String key(Subject subject) {
        return "  - { name: " + subject.name() + ", sha256: " + subject.sha256() + ", models: ['*'] }\n";
    }

    private static String limit(Subject subject) {
        return "  - { per: key, of: 'key:" + subject.name() + "', " + subject.limit() + " }\n";
    }
}
