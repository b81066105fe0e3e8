package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Tool;
import dev.tollgate.conformance.Events;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import dev.tollgate.stream.Framings;
import dev.tollgate.testing.Targets;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A client of every dialect runs tools for a model behind every other: two turns of two calls each, whose requests hold all
 * that the provider demands, in its order, with the proofs it gave out.
 */
class ToolLoopsTest {
    private static final List<String> DIALECTS =
            List.of("openai-chat", "openai-responses", "anthropic", "gemini", "bedrock", "cohere", "ollama");
    /** The dialects with a place for a proof in what their clients send back. */
    private static final List<String> CARRIERS =
            List.of("openai-chat", "openai-responses", "anthropic", "gemini", "bedrock");

    private final Dialects dialects = new Dialects(InstantSource.system());

    @TestFactory
    Stream<DynamicTest> aToolLoopGoesOnOverWholeAnswers() {
        return loops(false);
    }

    @TestFactory
    Stream<DynamicTest> aToolLoopGoesOnOverStreamedAnswers() {
        return loops(true);
    }

    private Stream<DynamicTest> loops(boolean stream) {
        return DIALECTS.stream()
                .flatMap(caller -> DIALECTS.stream()
                        .filter(target -> !target.equals(caller))
                        .map(target ->
                                DynamicTest.dynamicTest(caller + " to " + target, () -> run(caller, target, stream))));
    }

    /** Coding agents begin with what was captured of them, where captures lie beside the recordings. */
    @TestFactory
    Stream<DynamicTest> aCodingAgentsToolLoopGoesOn() {
        Map<String, String> agents = Map.of(
                "claude-code-basic", "anthropic", "codex-basic", "openai-responses", "gemini-cli-basic", "gemini");
        return agents.entrySet().stream()
                .flatMap(agent -> DIALECTS.stream()
                        .filter(target -> !target.equals(agent.getValue()))
                        .map(target -> DynamicTest.dynamicTest(agent.getKey() + " to " + target, () -> {
                            LoopClient client = new LoopClient(agent.getValue(), captured(agent.getKey()));
                            run(client, agent.getValue(), target, true);
                        })));
    }

    private static ObjectNode captured(String name) throws IOException {
        Path file = Path.of(System.getProperty("tollgate.recorded", "../../shared/recorded"))
                .resolveSibling("clients")
                .resolve(name + ".json");
        Assumptions.assumeTrue(Files.exists(file), "no captures");
        for (JsonNode call : Json.read(Files.readAllBytes(file))) {
            boolean chat = call.path("request").asString("").startsWith("POST ");
            if (chat && call.path("body") instanceof ObjectNode body && body.has("tools")) {
                // A capture says in a text how many tools it leaves out.
                if (body.path("tools") instanceof ArrayNode tools) {
                    tools.removeIf(JsonNode::isString);
                    tools.forEach(tool -> {
                        if (tool.path("functionDeclarations") instanceof ArrayNode functions) {
                            functions.removeIf(JsonNode::isString);
                        }
                    });
                }
                return body;
            }
        }
        throw new AssertionError("no chat in " + file);
    }

    private void run(String caller, String target, boolean stream) throws BadAnswer {
        run(new LoopClient(caller, first(dialects.byId(caller), stream)), caller, target, stream);
    }

    private void run(LoopClient client, String caller, String target, boolean stream) throws BadAnswer {
        LoopTarget provider = new LoopTarget(target);
        turn(client, provider, caller, target, stream, provider.answer(1, "Bern", "Rome"));
        JsonNode second = turn(client, provider, caller, target, stream, provider.answer(2, "Oslo", "Bern"));
        assertThat(provider.answered(second)).containsExactly("Bern", "Rome");
        assertProven(second, provider, caller, 1);
        client.say("And now?");
        JsonNode third = sent(client, provider, caller, target, stream);
        assertThat(provider.answered(third)).containsExactly("Bern", "Rome", "Oslo", "Bern");
        assertProven(third, provider, caller, 2);
        assertThat(third.toString()).contains("Looking 1.", "Looking 2.", "And now?");
    }

    private static void assertProven(JsonNode request, LoopTarget provider, String caller, int turns) {
        boolean onCalls = provider.family().equals("google");
        if (CARRIERS.contains(caller) && !(onCalls && caller.equals("bedrock"))) {
            for (int turn = 1; turn <= turns; turn++) {
                assertThat(request.toString()).contains(provider.proof(turn));
            }
        }
        assertThat(request.toString()).doesNotContain("tollgate.v1.");
    }

    /** Asks the provider and gives its answer to the client. Returns what the provider was asked. */
    private JsonNode turn(
            LoopClient client, LoopTarget provider, String caller, String target, boolean stream, JsonNode answer)
            throws BadAnswer {
        Translation translation = translation(client.request(), provider, caller, target, stream);
        int calls = stream
                ? client.take(streamed(translation, dialects.byId(target), answer))
                : client.take(Json.read(translation.answer(Json.write(answer)).body()));
        assertThat(calls).isEqualTo(2);
        return Json.read(translation.requestBody());
    }

    private JsonNode sent(LoopClient client, LoopTarget provider, String caller, String target, boolean stream) {
        return Json.read(
                translation(client.request(), provider, caller, target, stream).requestBody());
    }

    private Translation translation(
            ObjectNode body, LoopTarget provider, String caller, String target, boolean stream) {
        Candidate candidate = Targets.of(provider.family(), target, provider.model(), Quirks.NONE);
        return Translations.of(
                new Passage(
                        dialects.byId(caller),
                        dialects.byId(target),
                        Way.chat(target, "/chat"),
                        candidate,
                        4096,
                        stream,
                        Framings.SSE,
                        "call",
                        List.of()),
                JsonDocument.parse(Json.write(body)));
    }

    private static List<Frame> streamed(Translation translation, Dialect target, JsonNode answer) throws BadAnswer {
        Translation.Streamed streamed = translation.stream(Framings.SSE);
        List<Frame> out = new ArrayList<>();
        FrameReader reader = Framings.SSE.reader();
        for (Frame frame : frames(target, answer)) {
            for (ByteBuffer bytes :
                    streamed.accept(frame, SseFrames.encode(frame)).out()) {
                reader.feed(bytes, (one, raw) -> out.add(one));
            }
        }
        for (ByteBuffer bytes : streamed.end()) {
            reader.feed(bytes, (one, raw) -> out.add(one));
        }
        assertThat(streamed.complete()).isTrue();
        return out;
    }

    /** The answer as its provider streams it. */
    private static List<Frame> frames(Dialect target, JsonNode answer) throws BadAnswer {
        ChatResponse response = target.readResponse(answer);
        Extras own = new Extras(target.id(), "response", response.extras().fields());
        ChatResponse labelled = new ChatResponse(
                response.id(), response.model(), response.created(), response.choices(), response.usage(), own);
        Dialect.EventWriter writer = target.eventWriter(
                Streams.request(target), new WriteTerms(Quirks.NONE, new LoopTarget(target.id()).family(), 4096));
        List<Frame> frames = new ArrayList<>();
        for (StreamEvent event : Events.of(labelled)) {
            frames.addAll(writer.write(event));
        }
        return frames;
    }

    private static ObjectNode first(Dialect caller, boolean stream) {
        Tool tool = new Tool.Function(
                "weather",
                "Tells the weather",
                Json.read("{\"type\":\"object\",\"properties\":{\"city\":{\"type\":\"string\"}}}"),
                null,
                null,
                Extras.NONE);
        ChatRequest request = new ChatRequest(
                "m",
                List.of(
                        new Message(Role.SYSTEM, List.of(Part.Text.of("Be brief.")), Extras.NONE),
                        new Message(Role.USER, List.of(Part.Text.of("How is the weather?")), Extras.NONE)),
                List.of(tool),
                null,
                null,
                new Sampling(9000L, null, null, null, null, null, null, null, null, List.of()),
                null,
                new Thinking(Thinking.Mode.ON, "high", 4000L, true),
                Hints.NONE,
                stream,
                stream,
                Extras.NONE);
        return caller.writeRequest(request, new WriteTerms(Quirks.NONE, "any", 4096));
    }
}
