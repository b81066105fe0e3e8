package dev.tollgate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every file under {@code config/bad} is refused with exactly the messages beside it, and every file under {@code
 * config/good} is taken. {@code -Dtollgate.regenerate=true} writes the messages anew.
 */
class ConfigCorpusTest {
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(ConfigSchema.text());

    @TestFactory
    Stream<DynamicTest> everyBadFileIsRefusedWithItsMessages() throws IOException {
        return Corpus.files("bad").stream()
                .map(file -> DynamicTest.dynamicTest(nameOf(file), () -> {
                    String problems = problemsOf(file);
                    Path expected = Path.of(file.toString().replace(".yaml", ".expected"));
                    if (Boolean.getBoolean("tollgate.regenerate")) {
                        Files.writeString(expected, problems);
                    }
                    assertThat(problems).isEqualTo(Files.readString(expected)).doesNotContain("canary");
                }));
    }

    @TestFactory
    Stream<DynamicTest> everyGoodFileIsTaken() throws IOException {
        return Corpus.files("good").stream()
                .map(file -> DynamicTest.dynamicTest(
                        nameOf(file),
                        () -> assertThatCode(() -> new ConfigLoader(Corpus.surroundings()).load(file))
                                .doesNotThrowAnyException()));
    }

    @TestFactory
    Stream<DynamicTest> theSchemaAllowsEveryGoodFile() throws IOException {
        return Corpus.files("good").stream()
                .map(file -> DynamicTest.dynamicTest(
                        nameOf(file), () -> assertThat(schemaErrors(file)).isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> theSchemaRefusesEveryFileOfTheWrongShape() throws IOException {
        return Corpus.files("bad/shape").stream()
                .map(file -> DynamicTest.dynamicTest(
                        nameOf(file), () -> assertThat(schemaErrors(file)).isNotEmpty()));
    }

    private static String nameOf(Path file) {
        return Corpus.ROOT.relativize(file).toString();
    }

    private static String problemsOf(Path file) {
        try {
            return "taken: " + new ConfigLoader(Corpus.surroundings()).load(file);
        } catch (ConfigException e) {
            return e.getMessage() + "\n";
        }
    }

    private static List<Error> schemaErrors(Path file) throws IOException {
        Object document = new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file));
        return SCHEMA.validate(JsonMapper.shared().writeValueAsString(document), InputFormat.JSON);
    }
}
