package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.json.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/** The order that SDKs and agents rely on in a stream of OpenAI's Responses. */
final class WellFormedResponse {
    private final List<JsonNode> done = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();
    private final StringBuilder piece = new StringBuilder();
    private String open = "";
    private int sequence;
    private int part = -1;

    private WellFormedResponse() {}

    static void check(List<Frame> frames) {
        WellFormedResponse checked = new WellFormedResponse();
        List<String> types = new ArrayList<>();
        for (Frame frame : frames) {
            JsonNode event = Json.read(frame.data());
            String type = event.path("type").stringValue();
            assertThat(frame.event()).isEqualTo(type);
            types.add(type);
            checked.event(type, event);
        }
        assertThat(types).startsWith("response.created", "response.in_progress");
        assertThat(types).containsOnlyOnce("response.created", "response.in_progress");
        assertThat(types.get(types.size() - 1)).isIn("response.completed", "response.incomplete");
        checked.whole(Json.read(frames.get(frames.size() - 1).data()).path("response"));
    }

    private void event(String type, JsonNode event) {
        assertThat(event.path("sequence_number").intValue()).isEqualTo(sequence++);
        switch (type) {
            case "response.output_item.added" -> added(event);
            case "response.output_item.done" -> {
                assertThat(event.at("/item/id").stringValue()).isEqualTo(open);
                done.add(event.path("item"));
                open = "";
            }
            case "response.content_part.added", "response.reasoning_summary_part.added" -> {
                assertThat(part).as("the part before is closed").isEqualTo(-1);
                part = index(event);
                piece.setLength(0);
            }
            case "response.content_part.done", "response.reasoning_summary_part.done" -> {
                assertThat(index(event)).isEqualTo(part);
                part = -1;
            }
            default -> ofItem(type, event);
        }
    }

    private void added(JsonNode event) {
        assertThat(open).as("the item before is closed").isEmpty();
        assertThat(event.path("output_index").intValue()).isEqualTo(done.size());
        open = event.at("/item/id").stringValue();
        assertThat(ids.add(open)).as("the id is new").isTrue();
        piece.setLength(0);
    }

    private static int index(JsonNode event) {
        return event.path("content_index").asInt(event.path("summary_index").asInt(-2));
    }

    private void ofItem(String type, JsonNode event) {
        if (!event.has("item_id")) {
            assertThat(open).isEmpty();
            return;
        }
        assertThat(event.path("item_id").stringValue()).isEqualTo(open);
        assertThat(event.path("output_index").intValue()).isEqualTo(done.size());
        if (type.endsWith(".delta")) {
            piece.append(event.path("delta").stringValue());
        } else if (type.endsWith(".done")) {
            for (String member : new String[] {"text", "refusal", "arguments", "input"}) {
                if (event.has(member)) {
                    assertThat(event.path(member).stringValue()).isEqualTo(piece.toString());
                }
            }
        }
    }

    private void whole(JsonNode response) {
        assertThat(open).isEmpty();
        assertThat(response.path("output").values()).containsExactlyElementsOf(done);
        assertThat(response.at("/usage/input_tokens").isNumber()).isTrue();
        assertThat(response.at("/usage/input_tokens_details/cached_tokens").isNumber())
                .isTrue();
        assertThat(response.at("/usage/output_tokens_details/reasoning_tokens").isNumber())
                .isTrue();
        assertThat(response.path("status").stringValue()).isIn("completed", "incomplete");
    }
}
