package dev.tollgate.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Refusal;
import dev.tollgate.Secret;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Dialects;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.FrameReader;
import dev.tollgate.dialect.Passage;
import dev.tollgate.dialect.SseFrames;
import dev.tollgate.dialect.Translation;
import dev.tollgate.dialect.Translations;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Operation;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.ProviderRow;
import dev.tollgate.provider.ProviderRows;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import dev.tollgate.stream.Framings;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What of a call reaches a provider, and what of its answer a caller, for every dialect of callers, every provider and every
 * feature: kept, reported or refused, but never lost in silence. {@code mvn -pl filter-core test -Dtest=ConformanceTest
 * -Dtollgate.regenerate=true} writes the table in docs/ anew.
 */
class ConformanceTest {
    private static final Path PAGE = Path.of("../docs/conformance.md");
    private static final String BEGIN = "<!-- matrix: generated, do not edit -->\n";
    private static final String END = "<!-- end of the matrix -->";
    private static final InstantSource CLOCK = InstantSource.fixed(Instant.parse("2026-01-02T03:04:05Z"));
    private static final Dialects DIALECTS = new Dialects(CLOCK);
    private static final String MODEL = "model";
    private static final Map<String, String> SETTINGS =
            Map.of("project", "p", "location", "global", "region", "eu-central-1", "api-version", "v1");

    /** What becomes of a feature. */
    private enum Fate {
        KEPT("kept"),
        REPORTED("reported"),
        REFUSED("refused"),
        UNSAYABLE("–"),
        LOST("LOST");

        private final String word;

        Fate(String word) {
            this.word = word;
        }
    }

    @TestFactory
    Stream<DynamicTest> nothingIsLostInSilence() {
        return callers()
                .flatMap(caller -> targets(caller)
                        .map(target -> DynamicTest.dynamicTest(
                                caller.id() + " to " + target.label(),
                                () -> assertThat(fates(caller, target))
                                        .as(caller.id() + " to " + target.label())
                                        .doesNotContainValue(Fate.LOST))));
    }

    @Test
    void theCheckedInMatrixIsWhatTheDialectsDo() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        String current = page.substring(0, begin) + tables() + page.substring(page.indexOf(END));
        if (Boolean.getBoolean("tollgate.regenerate")) {
            Files.writeString(PAGE, current);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(current);
    }

    private static Stream<Dialect> callers() {
        return DIALECTS.ids().stream().sorted().map(DIALECTS::byId);
    }

    /** A provider, and the way that it is asked for some of its models. */
    private record Target(String label, Candidate candidate, Way way) {}

    /** Every provider, once for each format that this caller's calls may reach its models in. */
    private static Stream<Target> targets(Dialect caller) {
        return ProviderRows.shipped().all().stream()
                .map(ConformanceTest::provider)
                .flatMap(provider -> targets(caller, provider).values().stream());
    }

    private static Map<String, Target> targets(Dialect caller, Provider provider) {
        Map<String, Target> byDialect = new LinkedHashMap<>();
        provider.ways().stream()
                .filter(way -> way.operation() == Operation.CHAT)
                // These take one text; a conversation is written down in it, so nothing stands where it stood.
                .filter(way -> !way.dialect().equals("openai-completions"))
                .map(ConformanceTest::model)
                .forEach(model -> provider.way(Operation.CHAT, caller.id(), model)
                        .ifPresent(way -> {
                            String label =
                                    byDialect.isEmpty() ? provider.name() : provider.name() + " in " + way.dialect();
                            byDialect.putIfAbsent(
                                    way.dialect(), new Target(label, new Candidate(provider, model), way));
                        }));
        return byDialect;
    }

    private static Provider provider(ProviderRow row) {
        return row.provider(
                row.name(), URI.create("http://127.0.0.1:9"), new Credential.Bearer(new Secret("key")), SETTINGS);
    }

    /** The name of a model that is asked this way. */
    private static String model(Way way) {
        return way.models().stream()
                .filter(pattern -> !pattern.startsWith("!"))
                .findFirst()
                .orElse(MODEL)
                .replace("*", "x");
    }

    // --- the fates

    private static Map<String, Fate> fates(Dialect caller, Target to) {
        Map<String, Fate> fates = new LinkedHashMap<>();
        Candidate candidate = to.candidate();
        Way way = to.way();
        Passing whole = new Passing(caller, DIALECTS.byId(way.dialect()), way, candidate, false);
        Passing streamed = new Passing(caller, DIALECTS.byId(way.dialect()), way, candidate, true);
        for (RequestFeature feature : RequestFeature.all()) {
            fates.put("asks: " + feature.name(), whole.fate(feature));
        }
        for (AnswerFeature feature : AnswerFeature.all()) {
            fates.put("answers: " + feature.name(), whole.fate(feature));
            fates.put("streams: " + feature.name(), streamed.fate(feature));
        }
        return fates;
    }

    /** One caller's way to one provider. */
    private record Passing(Dialect caller, Dialect target, Way way, Candidate candidate, boolean stream) {

        Fate fate(RequestFeature feature) {
            ObjectNode body = caller.writeRequest(feature.request(), terms(""));
            Object said = feature.sign().apply(caller.readRequest(body));
            if (!said.equals(feature.sign().apply(feature.request()))) {
                return Fate.UNSAYABLE;
            }
            Translation translation;
            try {
                translation = translation(body);
            } catch (Refusal refusal) {
                return Fate.REFUSED;
            }
            ObjectNode sent = JsonDocument.parse(translation.requestBody()).tree();
            Object arrived = feature.sign().apply(target.readRequest(complete(sent)));
            return fate(said.equals(arrived), !translation.dropped().isEmpty());
        }

        /** A body with what some ways say elsewhere, and with what Claude does where nothing is said. */
        private ObjectNode complete(ObjectNode body) {
            if (target.id().equals("anthropic") && !body.has("thinking")) {
                body.putObject("thinking").put("type", "disabled");
            }
            if (target.id().equals("bedrock") && !body.has("additionalModelRequestFields")) {
                body.putObject("additionalModelRequestFields")
                        .putObject("thinking")
                        .put("type", "disabled");
            }
            if (!target.modelInPath() && !body.has("model")) {
                body.put("model", candidate.model());
            }
            return body;
        }

        Fate fate(AnswerFeature feature) {
            Translation translation = translation(caller.writeRequest(HELLO, terms("")));
            int before = translation.dropped().size();
            try {
                Object said = feature.sign().apply(stream ? retold(target, feature) : reread(target, feature));
                if (!said.equals(feature.sign().apply(feature.answer()))) {
                    return Fate.UNSAYABLE;
                }
                Object arrived = feature.sign()
                        .apply(stream ? throughStream(translation, feature) : throughWhole(translation, feature));
                return fate(said.equals(arrived), translation.dropped().size() > before);
            } catch (BadAnswer unsayable) {
                return Fate.REFUSED;
            }
        }

        private static Fate fate(boolean same, boolean reported) {
            return same ? Fate.KEPT : reported ? Fate.REPORTED : Fate.LOST;
        }

        private Translation translation(ObjectNode body) {
            Passage passage =
                    new Passage(caller, target, way, candidate, 4096, stream, Framings.SSE, "call", List.of());
            return Translations.of(passage, JsonDocument.parse(Json.write(body)));
        }

        private ChatResponse reread(Dialect dialect, AnswerFeature feature) throws BadAnswer {
            return dialect.readResponse(dialect.writeResponse(feature.answer(), terms("")));
        }

        private ChatResponse retold(Dialect dialect, AnswerFeature feature) throws BadAnswer {
            return Events.gather(read(dialect, frames(feature)));
        }

        private ChatResponse throughWhole(Translation translation, AnswerFeature feature) throws BadAnswer {
            byte[] answer = Json.write(target.writeResponse(feature.answer(), terms("")));
            return caller.readResponse(
                    Json.read(new String(translation.answer(answer).body(), UTF_8)));
        }

        private ChatResponse throughStream(Translation translation, AnswerFeature feature) throws BadAnswer {
            Translation.Streamed streamed = translation.stream(Framings.SSE);
            List<Frame> out = new ArrayList<>();
            FrameReader reader = Framings.SSE.reader();
            for (Frame frame : frames(feature)) {
                for (ByteBuffer bytes :
                        streamed.accept(frame, SseFrames.encode(frame)).out()) {
                    reader.feed(bytes, (one, raw) -> out.add(one));
                }
            }
            for (ByteBuffer bytes : streamed.end()) {
                reader.feed(bytes, (one, raw) -> out.add(one));
            }
            assertThat(streamed.complete()).as("whole").isTrue();
            return Events.gather(read(caller, out));
        }

        private List<Frame> frames(AnswerFeature feature) throws BadAnswer {
            Dialect.EventWriter writer = target.eventWriter(HELLO, terms(""));
            List<Frame> frames = new ArrayList<>();
            for (StreamEvent event : Events.of(feature.answer())) {
                frames.addAll(writer.write(event));
            }
            return frames;
        }

        private static List<StreamEvent> read(Dialect dialect, List<Frame> frames) throws BadAnswer {
            Dialect.EventReader reader = dialect.eventReader();
            List<StreamEvent> events = new ArrayList<>();
            for (Frame frame : frames) {
                if (!frame.equals(Frame.COMMENT)) {
                    events.addAll(reader.read(frame));
                }
            }
            events.addAll(reader.end());
            return events;
        }
    }

    private static final ChatRequest HELLO = new ChatRequest(
            MODEL,
            List.of(new Message(Message.Role.USER, List.of(Part.Text.of("Hi")), Extras.NONE)),
            List.of(),
            null,
            null,
            new Sampling(null, null, null, null, null, null, null, null, null, List.of()),
            null,
            null,
            Hints.NONE,
            true,
            true,
            Extras.NONE);

    private static WriteTerms terms(String family) {
        return new WriteTerms(Quirks.NONE, family, 4096);
    }

    // --- the page

    private static String tables() {
        return callers().map(ConformanceTest::table).collect(Collectors.joining("\n"));
    }

    /** A table for one dialect of callers: providers that agree in all share a column. */
    private static String table(Dialect caller) {
        Map<Map<String, Fate>, List<String>> columns = new LinkedHashMap<>();
        targets(caller)
                .forEach(target -> columns.computeIfAbsent(fates(caller, target), key -> new ArrayList<>())
                        .add(target.label()));
        List<Map<String, Fate>> results = List.copyOf(columns.keySet());
        StringBuilder page = new StringBuilder("### Callers of `" + caller.id() + "`\n\n");
        char letter = 'A';
        for (List<String> names : columns.values()) {
            page.append("- ")
                    .append(letter++)
                    .append(": ")
                    .append(String.join(", ", names))
                    .append('\n');
        }
        page.append("\n| feature |");
        for (int i = 0; i < results.size(); i++) {
            page.append(' ').append((char) ('A' + i)).append(" |");
        }
        page.append("\n|---|").append("---|".repeat(results.size())).append('\n');
        for (String feature : results.get(0).keySet()) {
            row(page, feature, result -> result.get(feature), results);
        }
        return page.toString();
    }

    private static void row(
            StringBuilder page,
            String feature,
            Function<Map<String, Fate>, Fate> fate,
            List<Map<String, Fate>> results) {
        page.append("| ").append(feature).append(" |");
        results.forEach(result -> page.append(' ')
                .append(Optional.ofNullable(fate.apply(result))
                        .map(each -> each.word)
                        .orElse(""))
                .append(" |"));
        page.append('\n');
    }
}
