package dev.tollgate.testing;

import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.Framing;
import dev.tollgate.json.Json;
import dev.tollgate.stream.Framings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.function.ThrowingConsumer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One recorded interaction with a provider. */
public record Recording(String name, JsonNode whole) {

    /**
     * A test for each recording of some APIs ("openai/chat.completions"); one test that is reported as skipped where the
     * recordings are not there.
     */
    public static Stream<DynamicTest> each(
            Predicate<String> apis, Predicate<Recording> fit, ThrowingConsumer<Recording> test) {
        Path folder = folder();
        if (!Files.isDirectory(folder)) {
            return Stream.of(DynamicTest.dynamicTest(
                    "recordings", () -> Assumptions.abort("no recordings: " + folder.getFileName())));
        }
        return all(folder).stream()
                .filter(each -> apis.test(each.api()) && fit.test(each))
                .map(each -> DynamicTest.dynamicTest(each.name(), () -> test.accept(each)));
    }

    private static Path folder() {
        return Path.of(System.getProperty("tollgate.recorded", "../../shared/recorded"));
    }

    private static List<Recording> all(Path folder) {
        try (Stream<Path> files = Files.walk(folder, 3)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .map(file -> read(folder, file))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Recording read(Path folder, Path file) {
        try {
            String name = folder.relativize(file).toString().replace('\\', '/');
            return new Recording(name, Json.read(Files.readAllBytes(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The provider and the API, as the folders name them. */
    public String api() {
        return name.contains("/") ? name.substring(0, name.lastIndexOf('/')) : "";
    }

    /** The request's body, if it is an object. */
    public boolean hasRequest() {
        return whole.path("request").path("body") instanceof ObjectNode body
                && (body.has("messages") || body.has("input"));
    }

    public ObjectNode request() {
        return (ObjectNode) whole.path("request").path("body");
    }

    public int status() {
        return whole.path("response").path("status").asInt(0);
    }

    public boolean isJson() {
        return whole.path("response").path("body_format").asString("").equals("json");
    }

    public boolean isStream() {
        return framing() != null;
    }

    public boolean hasFeature(String feature) {
        return whole.path("features").toString().contains('"' + feature + '"');
    }

    public JsonNode response() {
        return whole.path("response").path("body");
    }

    /** How a streamed answer was put on the wire; null for a whole one. */
    private @Nullable Framing framing() {
        return switch (whole.path("response").path("body_format").asString("")) {
            case "sse" -> Framings.SSE;
            case "eventstream" -> Framings.EVENT_STREAM;
            default -> null;
        };
    }

    /** The frames of a streamed answer that say something. */
    public List<Frame> frames() {
        String text = response().stringValue();
        return framing() == Framings.EVENT_STREAM
                ? frames(Framings.EVENT_STREAM, Base64.getDecoder().decode(text))
                : frames(text);
    }

    /** The frames of an event stream that say something. */
    public static List<Frame> frames(String stream) {
        return frames(Framings.SSE, stream.getBytes(StandardCharsets.UTF_8));
    }

    private static List<Frame> frames(Framing framing, byte[] stream) {
        List<Frame> frames = new ArrayList<>();
        try {
            framing.reader().feed(ByteBuffer.wrap(stream), (frame, raw) -> {
                if (!frame.equals(Frame.COMMENT)) {
                    frames.add(frame);
                }
            });
        } catch (BadAnswer e) {
            throw new AssertionError(e);
        }
        return frames;
    }
}
