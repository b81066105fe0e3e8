package dev.tollgate.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.tollgate.provider.ProviderRows;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The checked-in schema and reference are what the settings say, and every example is a configuration that is taken. {@code
 * mvn -pl filter-core test -Dtest=ConfigDocumentsTest -Dtollgate.regenerate=true} writes them anew.
 */
class ConfigDocumentsTest {
    private static final Path ROOT = Path.of("..");
    private static final Path SCHEMA = ROOT.resolve("docs/tollgate.schema.json");
    private static final Path REFERENCE = ROOT.resolve("docs/configuration.md");
    private static final String BEGIN = "<!-- reference: generated, do not edit -->\n";
    private static final String END = "<!-- end of the reference -->";
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{env:([^}]+)}");
    private static final Pattern EXAMPLE = Pattern.compile("```yaml\n(.*?)```", Pattern.DOTALL);

    @Test
    void theCheckedInSchemaIsWhatTheSettingsSay() throws IOException {
        if (Boolean.getBoolean("tollgate.regenerate")) {
            Files.writeString(SCHEMA, ConfigSchema.text());
        }
        assertThat(Files.readString(SCHEMA)).isEqualTo(ConfigSchema.text());
    }

    @Test
    void theCheckedInReferenceIsWhatTheSettingsSay() throws IOException {
        String page = Files.readString(REFERENCE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        int end = page.indexOf(END);
        String current = page.substring(0, begin) + ReferenceTable.markdown() + page.substring(end);
        if (Boolean.getBoolean("tollgate.regenerate")) {
            Files.writeString(REFERENCE, current);
        }
        assertThat(Files.readString(REFERENCE)).isEqualTo(current);
    }

    @TestFactory
    Stream<DynamicTest> everyExampleIsTaken() throws IOException {
        return pages().flatMap(page -> examples(page)
                .map(example -> DynamicTest.dynamicTest(
                        page.getFileName() + ": " + example.lines().findFirst().orElse("empty"),
                        () -> assertThatCode(() -> loader(example).parse("example", example.getBytes(UTF_8)))
                                .doesNotThrowAnyException())));
    }

    private static Stream<Path> pages() throws IOException {
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            List<Path> pages = docs.filter(file -> file.toString().endsWith(".md"))
                    .sorted()
                    .toList();
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), pages.stream());
        }
    }

    @Test
    void thereAreExamples() {
        assertThat(examples(REFERENCE)).hasSizeGreaterThan(3);
    }

    private static Stream<String> examples(Path page) {
        try {
            return EXAMPLE.matcher(Files.readString(page))
                    .results()
                    .map(MatchResult::group)
                    .map(block -> block.substring("```yaml\n".length(), block.length() - "```".length()));
        } catch (IOException e) {
            throw new AssertionError(page.toString(), e);
        }
    }

    /** A loader for which everything that an example refers to is there. */
    private static ConfigLoader loader(String example) {
        Map<String, String> environment = VARIABLE.matcher(example)
                .results()
                .collect(Collectors.toMap(
                        found -> found.group(1), found -> "sk-example-" + found.group(1), (a, b) -> a));
        References references =
                new References(environment, ConfigDocumentsTest::secretIn, name -> Optional.of("sk-example"));
        return new ConfigLoader(
                new Surroundings(references, ProviderRows.shipped(), host -> List.of(), folder -> Optional.empty()));
    }

    private static Optional<String> secretIn(String file) {
        return file.endsWith(".json")
                ? resource("service-account.json")
                : file.endsWith("key.pem")
                        ? resource("pem/client-key.pem")
                        : file.endsWith(".pem") ? resource("pem/client.pem") : Optional.of("sk-example");
    }

    private static Optional<String> resource(String name) {
        try (InputStream key = ConfigDocumentsTest.class.getResourceAsStream("/config/" + name)) {
            return Optional.of(new String(Objects.requireNonNull(key).readAllBytes(), UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
