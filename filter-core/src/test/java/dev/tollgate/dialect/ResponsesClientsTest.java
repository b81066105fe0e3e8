package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Quirks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What SDKs and agents really send to OpenAI's Responses, where captures of it lie beside the recordings. */
class ResponsesClientsTest {
    private final Dialects dialects = new Dialects(InstantSource.system());

    @TestFactory
    Stream<DynamicTest> aCapturedRequestReachesEveryDialectWithAllItsTools() throws IOException {
        Path folder = Path.of(System.getProperty("tollgate.recorded", "../../shared/recorded"))
                .resolveSibling("clients");
        if (!Files.isDirectory(folder)) {
            return Stream.of(DynamicTest.dynamicTest("captures", () -> Assumptions.abort("no captures")));
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json")).sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> check(file)));
        }
    }

    private void check(Path file) throws IOException {
        for (JsonNode call : Json.read(Files.readAllBytes(file))) {
            if (call.path("request").asString("").startsWith("POST /v1/responses ")
                    && call.path("body") instanceof ObjectNode body) {
                check(body);
            }
        }
    }

    private void check(ObjectNode body) {
        // A capture says in a text how many tools it leaves out.
        if (body.get("tools") instanceof ArrayNode tools) {
            tools.removeIf(JsonNode::isString);
        }
        Dialect responses = dialects.byId("openai-responses");
        responses.refuseUntranslatable(body);
        ChatRequest request = responses.readRequest(body);
        assertThat(Sameness.differences(responses.writeRequest(request, terms()), body))
                .isEmpty();
        for (String id : List.of("openai-chat", "anthropic")) {
            WriteTerms terms = terms();
            ChatRequest understood =
                    dialects.byId(id).readRequest(dialects.byId(id).writeRequest(request, terms));
            Gist.assertSameConversation(understood, request);
            List<String> lost = new ArrayList<>(terms.dropped());
            lost.removeIf(name -> !name.startsWith("tools[]"));
            assertThat(understood.tools().size() + lost.size())
                    .as("tools kept or reported %s", lost)
                    .isGreaterThanOrEqualTo(request.tools().size());
        }
    }

    private static WriteTerms terms() {
        return new WriteTerms(Quirks.NONE, "any", 4096);
    }
}
