package dev.tollgate.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;

/** Real recorded traffic of providers, which lies beside the repository or is absent. */
public final class Recordings {
    private Recordings() {}

    /**
     * One recorded interaction.
     *
     * @param request the request's body, or an empty object where none was recorded
     * @param streamed whether the answer is a stream of events, messages or lines
     * @param answer the answer's body
     */
    public record Recording(String name, JsonNode request, int status, boolean streamed, byte[] answer) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** All recordings of one interface, for example "openai/chat.completions"; the test is skipped where there are none. */
    public static List<Recording> of(String api) {
        Path folder = Path.of(System.getProperty("tollgate.recorded", "../../shared/recorded"), api);
        Assumptions.assumeTrue(Files.isDirectory(folder), () -> "no recordings of " + api);
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(Recordings::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Recording read(Path file) {
        try {
            JsonNode recorded = Json.read(Files.readAllBytes(file));
            JsonNode response = recorded.path("response");
            JsonNode body = response.path("body");
            String format = response.path("body_format").asString("");
            String text = body.isString() ? body.stringValue() : Json.text(body);
            byte[] answer = format.equals("eventstream") ? Base64.getDecoder().decode(text) : text.getBytes(UTF_8);
            JsonNode request = recorded.at("/request/body");
            return new Recording(
                    file.getFileName().toString(),
                    request.isObject() ? request : Json.read("{}"),
                    response.path("status").intValue(),
                    Set.of("sse", "ndjson", "eventstream").contains(format),
                    answer);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
