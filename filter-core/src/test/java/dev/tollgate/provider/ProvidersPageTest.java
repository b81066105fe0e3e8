package dev.tollgate.provider;

import dev.tollgate.testing.GeneratedPart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The checked-in tables of providers are what {@code providers.yaml} says. {@code mvn -pl filter-core test
 * -Dtest=ProvidersPageTest -Dtollgate.regenerate=true} writes them anew.
 */
class ProvidersPageTest {
    private static final String PAGE = "providers.md";

    private final Iterable<ProviderRow> rows = ProviderRows.shipped().all();

    @Test
    void theCheckedInTableIsWhatTheRowsSay() throws IOException {
        StringBuilder table =
                new StringBuilder("| provider | base URL | chat formats | besides chat | credential | settings |\n");
        table.append("|---|---|---|---|---|---|\n");
        rows.forEach(row -> table.append(
                line(code(row.name()), baseUrl(row), chat(row), besides(row), credential(row), settings(row))));
        new GeneratedPart(PAGE, "table").mustBe(table.toString());
    }

    @Test
    void theCheckedInListOfModelsIsWhatTheRowsSay() throws IOException {
        StringBuilder table = new StringBuilder("| provider | asked for | format | models |\n|---|---|---|---|\n");
        for (ProviderRow row : rows) {
            Map<String, Way> ways = new LinkedHashMap<>();
            row.ways().stream()
                    .filter(way -> !way.models().isEmpty())
                    .forEach(way -> ways.putIfAbsent(way.operation() + way.dialect() + way.models(), way));
            ways.values()
                    .forEach(way -> table.append(
                            line(code(row.name()), word(way.operation()), code(way.dialect()), models(way))));
        }
        new GeneratedPart(PAGE, "models").mustBe(table.toString());
    }

    private static String line(String... cells) {
        return Stream.of(cells).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String code(String text) {
        return "`" + text + "`";
    }

    private static String codes(Stream<String> texts) {
        return texts.map(ProvidersPageTest::code).collect(Collectors.joining(", "));
    }

    private static String baseUrl(ProviderRow row) {
        if (row.baseUrl() == null) {
            return "must be set";
        }
        Stream<String> others = row.baseUrls().values().stream()
                .flatMap(each -> each.values().stream())
                .sorted();
        return codes(Stream.concat(Stream.of(row.baseUrl()), others));
    }

    private static String chat(ProviderRow row) {
        return codes(row.ways().stream()
                .filter(way -> way.operation() == Operation.CHAT)
                .map(Way::dialect)
                .distinct());
    }

    private static String besides(ProviderRow row) {
        List<String> able = new ArrayList<>(row.ways().stream()
                .map(Way::operation)
                .filter(operation -> operation != Operation.CHAT && operation != Operation.RELAY)
                .distinct()
                .map(ProvidersPageTest::word)
                .toList());
        row.ways().stream()
                .filter(way -> way.operation() == Operation.RELAY)
                .map(way -> way.path().substring(1).replaceFirst("^openai/v1/", ""))
                .distinct()
                .forEach(able::add);
        return String.join(", ", able);
    }

    private static String word(Operation operation) {
        return switch (operation) {
            case CHAT -> "chat";
            case COUNT_TOKENS -> "token counts";
            case EMBED -> "embeddings";
            case RERANK -> "rerank";
            case RELAY -> "relays";
        };
    }

    private static String credential(ProviderRow row) {
        List<String> either = new ArrayList<>();
        if (row.takesKey()) {
            String header = row.credential().equals("bearer") ? "`Authorization: Bearer`" : code(row.credential());
            String variables = row.keyVariables().isEmpty() ? "" : ", as in " + codes(row.keyVariables().stream());
            either.add(header + variables);
        }
        Identity identity = row.identity();
        if (identity != null) {
            either.add(
                    switch (identity.kind()) {
                        case AWS -> "AWS keys, service " + code(identity.scope());
                        case GOOGLE -> "a Google account";
                        case ENTRA -> "an Entra ID application";
                    });
        } else if (!row.takesKey() || !row.keyRequired()) {
            either.add("none");
        }
        return String.join("; or ", either);
    }

    private static String settings(ProviderRow row) {
        return row.settings().values().stream()
                .map(setting -> code(setting.name()) + defaultOf(setting))
                .collect(Collectors.joining("; "));
    }

    private static String defaultOf(RowSetting setting) {
        List<String> sources = new ArrayList<>(
                setting.variables().stream().map(ProvidersPageTest::code).toList());
        if (setting.fallback() != null) {
            sources.add(code(setting.fallback()));
        }
        String found = sources.isEmpty() ? "" : " (else " + String.join(", ", sources) + ")";
        return setting.required() || setting.fallback() != null ? found : " (optional)" + found;
    }

    private static String models(Way way) {
        List<String> only =
                way.models().stream().filter(each -> !each.startsWith("!")).toList();
        List<String> not = way.models().stream()
                .filter(each -> each.startsWith("!"))
                .map(each -> each.substring(1))
                .toList();
        String all = only.isEmpty() ? "all" : codes(only.stream());
        return not.isEmpty() ? all : all + " but " + codes(not.stream());
    }
}
