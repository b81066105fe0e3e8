package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Quirks;
import dev.tollgate.testing.Recording;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The wire cases: {@code wire/<dialect of the caller>/<case>/}. Of a case, {@code request.json} is what the caller sends and
 * {@code sent.json} what a provider of the other dialect gets; {@code upstream.json} or {@code .sse} is what that provider
 * answers and {@code client.json} or {@code .sse} what the caller gets; {@code dropped.txt} names what was lost on the way.
 * {@code -Dtollgate.regenerate=true} writes what comes out anew, to be looked over.
 */
class WireTest {
    private final Dialects dialects = new Dialects(InstantSource.fixed(Instant.EPOCH));

    @TestFactory
    Stream<DynamicTest> bothSidesSayWhatTheCaseSays() throws IOException {
        List<Path> cases = new ArrayList<>();
        for (String callers : List.of("openai-chat", "anthropic")) {
            try (Stream<Path> folders = Files.list(Path.of("src/test/resources/wire", callers))) {
                folders.sorted().forEach(cases::add);
            }
        }
        return cases.stream().map(each -> DynamicTest.dynamicTest(each.toString(), () -> run(each)));
    }

    private void run(Path folder) throws Exception {
        String callersId = folder.getParent().getFileName().toString();
        Dialect callers = dialects.byId(callersId);
        Dialect targets = dialects.byId(callersId.equals("anthropic") ? "openai-chat" : "anthropic");
        ObjectNode asked = (ObjectNode) json(folder, "request.json");
        WriteTerms terms =
                new WriteTerms(Quirks.NONE, "any", 4096, callers.words().in(asked));

        ChatRequest request = callers.readRequest(asked);
        check(folder, "sent.json", targets.writeRequest(request, terms));
        if (Files.exists(folder.resolve("upstream.json"))) {
            JsonNode upstream = json(folder, "upstream.json");
            check(folder, "client.json", callers.writeResponse(targets.readResponse(upstream), terms));
        }
        if (Files.exists(folder.resolve("upstream.sse"))) {
            List<StreamEvent> events = Streams.read(targets, Recording.frames(text(folder, "upstream.sse")));
            List<Frame> frames = Streams.write(callers.eventWriter(request, terms), events);
            check(folder, "client.sse", encoded(frames), text -> text);
        }
        check(folder, "dropped.txt", String.join("\n", terms.dropped()) + '\n', String::strip);
    }

    private static void check(Path folder, String name, ObjectNode actual) throws IOException {
        check(
                folder,
                name,
                actual.toPrettyString() + '\n',
                text -> Json.read(text).toPrettyString());
    }

    private static void check(Path folder, String name, String actual, UnaryOperator<String> meaning)
            throws IOException {
        if (Boolean.getBoolean("tollgate.regenerate")) {
            Files.writeString(folder.resolve(name), actual);
        }
        assertThat(meaning.apply(actual)).isEqualTo(meaning.apply(text(folder, name)));
    }

    private static String encoded(List<Frame> frames) {
        StringBuilder text = new StringBuilder();
        frames.forEach(frame -> text.append(StandardCharsets.UTF_8.decode(SseFrames.encode(frame))));
        return text.toString();
    }

    private static JsonNode json(Path folder, String name) throws IOException {
        return Json.read(Files.readAllBytes(folder.resolve(name)));
    }

    private static String text(Path folder, String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }
}
