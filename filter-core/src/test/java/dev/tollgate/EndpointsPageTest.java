package dev.tollgate;

import dev.tollgate.Endpoint.Kind;
import dev.tollgate.dialect.Dialects;
import dev.tollgate.provider.Operation;
import dev.tollgate.testing.GeneratedPart;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The checked-in table of paths is the one that calls are found by. {@code mvn -pl filter-core test -Dtest=EndpointsPageTest
 * -Dtollgate.regenerate=true} writes it anew.
 */
class EndpointsPageTest {
    private final Dialects dialects = new Dialects(InstantSource.system());

    @Test
    void theCheckedInTableIsTheOneThatCallsAreFoundBy() throws IOException {
        StringBuilder table =
                new StringBuilder("| | path | for | format | streamed | also behind |\n|---|---|---|---|---|---|\n");
        Endpoints.ROUTES.stream()
                .filter(this::isSpoken)
                .forEach(route -> table.append(line(
                        methods(route),
                        "`" + route.template() + "`",
                        purpose(route),
                        format(route),
                        streamed(route),
                        bases(route))));
        new GeneratedPart("endpoints.md", "table").mustBe(table.toString());
    }

    /** Paths of formats that there are not are not served. */
    private boolean isSpoken(Route route) {
        return route.kind() != Kind.CALL
                || dialects.format(route.operation(), route.format()).isPresent();
    }

    private static String line(String... cells) {
        return Stream.of(cells).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String methods(Route route) {
        return route.methods().stream()
                .filter(method -> !method.equals("HEAD"))
                .sorted()
                .collect(Collectors.joining(", "));
    }

    private static String purpose(Route route) {
        if (route.kind() != Kind.CALL) {
            return route.kind() == Kind.MODELS ? "the models that the key may use" : "one model";
        }
        return switch (route.operation()) {
            case CHAT -> "chat";
            case COUNT_TOKENS -> "token count";
            case EMBED -> "embeddings";
            case RERANK -> "rerank";
            case RELAY -> "passed through";
        };
    }

    private static String format(Route route) {
        String dialect = route.dialect();
        if (dialect == null) {
            return "the caller's";
        }
        if (route.operation() == Operation.RELAY) {
            return "–";
        }
        return route.kind() == Kind.CALL ? "`" + route.format() + "`" : "`" + dialect + "`";
    }

    private static String streamed(Route route) {
        if (route.operation() == Operation.RELAY) {
            return "as it comes";
        }
        Boolean always = route.streamed();
        if (route.kind() != Kind.CALL || Boolean.FALSE.equals(always)) {
            return "";
        }
        return framing(route) + (always == null ? ", if `stream` says so" : "");
    }

    private static String framing(Route route) {
        String name = route.stream().name();
        return switch (name) {
            case "EVENTS" -> "events";
            case "LIST_OR_EVENTS" -> "JSON array; events with `?alt=sse`";
            case "AWS_EVENTS" -> "AWS event stream";
            default -> name.toLowerCase(Locale.ROOT).replace('_', ' ');
        };
    }

    private static String bases(Route route) {
        return Endpoints.BASES.stream()
                .filter(base -> base.has(route))
                .map(base -> "`" + base.prefix() + "`")
                .collect(Collectors.joining(", "));
    }
}
