package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.dialect.StreamObserver.Sight;
import dev.tollgate.json.Json;
import java.time.InstantSource;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What is seen of a stream that passes by. */
class ObserverTest {
    private final Dialects dialects = new Dialects(InstantSource.system());
    private final StreamObserver chat = dialects.byId("openai-chat").observer();
    private final StreamObserver messages = dialects.byId("anthropic").observer();

    private static Frame chunk(String choice) {
        return new Frame(null, "{\"id\":\"1\",\"model\":\"m\",\"choices\":[" + choice + "]}");
    }

    @Test
    void aChunkIsWhatItSays() {
        assertThat(chat.see(new Frame(null, ""))).isEqualTo(Sight.PREAMBLE);
        assertThat(chat.see(chunk(
                        "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null}")))
                .isEqualTo(Sight.PREAMBLE);
        assertThat(chat.see(chunk("{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}")))
                .isEqualTo(Sight.CONTENT);
        assertThat(chat.see(chunk("{\"index\": 0, \"delta\": {}, \"finish_reason\": \"stop\"}")))
                .isEqualTo(Sight.CONTENT);
        assertThat(chat.see(new Frame(
                        null,
                        "{\"model\":\"m\",\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":2}}")))
                .isEqualTo(Sight.USAGE_ONLY);
        assertThat(chat.see(new Frame(null, "[DONE]"))).isEqualTo(Sight.END);
        assertThat(chat.facts().model()).isEqualTo("m");
        assertThat(chat.facts().usage()).isNotNull();
        assertThat(chat.characters()).isEqualTo(2);
    }

    @Test
    void anAnswerWithoutItsMarkIsWholeOnceEveryAlternativeHasFinished() {
        chat.see(chunk("{\"index\":0,\"delta\":{\"content\":\"a\"}}"));
        chat.see(chunk("{\"index\":1,\"delta\":{\"content\":\"b\"}}"));
        chat.see(chunk("{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}"));
        assertThat(chat.complete()).isFalse();
        chat.see(chunk("{\"index\":1,\"delta\":{},\"finish_reason\":\"length\"}"));
        assertThat(chat.complete()).isTrue();
        assertThat(chat.facts().finish().raw()).isEqualTo("stop");
    }

    @Test
    void anErrorIsTheEndOfNothing() {
        chat.see(chunk("{\"index\":0,\"delta\":{},\"finish_reason\":\"error\"}"));
        assertThat(chat.see(new Frame("error", "{\"error\":{\"message\":\"lost\",\"type\":\"t\",\"code\":429}}")))
                .isEqualTo(Sight.ERROR);
        assertThat(chat.see(new Frame(null, "[DONE]"))).isEqualTo(Sight.END);
        assertThat(chat.complete()).isFalse();
        assertThat(chat.failure().code()).isEqualTo("429");

        messages.see(new Frame(
                "error", "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"busy\"}}"));
        messages.see(new Frame("message_stop", "{\"type\":\"message_stop\"}"));
        assertThat(messages.complete()).isFalse();
        assertThat(messages.failure().type()).isEqualTo("overloaded_error");
    }

    @Test
    void usageIsCumulativeFieldByField() {
        messages.see(new Frame(
                "message_start",
                "{\"type\":\"message_start\",\"message\":{\"model\":\"c\",\"usage\":{\"input_tokens\":10,"
                        + "\"cache_read_input_tokens\":5,\"output_tokens\":1}}}"));
        assertThat(
                        messages.see(
                                new Frame(
                                        "message_delta",
                                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":7}}")))
                .isEqualTo(Sight.CONTENT);
        assertThat(messages.facts().usage().input()).isEqualTo(15);
        assertThat(messages.facts().usage().output()).isEqualTo(7);
        assertThat(messages.complete()).isFalse();
        assertThat(messages.see(new Frame("message_stop", "{\"type\":\"message_stop\"}")))
                .isEqualTo(Sight.END);
        assertThat(messages.complete()).isTrue();
    }

    @Test
    void anEventWithoutANameIsKnownByItsType() {
        assertThat(messages.see(new Frame(null, "{\"type\":\"message_stop\"}"))).isEqualTo(Sight.END);
    }

    @Property
    void everyCharacterOfTheAnswerCountsOnce(@ForAll @StringLength(max = 60) String text) {
        StreamObserver observer = dialects.byId("openai-chat").observer();
        ObjectNode chunk = JsonNodeFactory.instance.objectNode();
        chunk.putArray("choices").addObject().put("index", 0).putObject("delta").put("content", text);
        observer.see(new Frame(null, Json.text(chunk)));
        assertThat(observer.characters()).isEqualTo(text.length());
    }

    @Property
    void nothingThatPassesByCanBreakTheWatcher(@ForAll String event, @ForAll String data) {
        for (String id : dialects.ids()) {
            StreamObserver observer = dialects.byId(id).observer();
            observer.see(new Frame(event, data));
            observer.see(new Frame(null, data));
            observer.see(new Frame(null, "{\"choices\":[" + data));
            observer.see(new Frame("message_delta", "{\"type\":\"message_delta\",\"usage\":" + data + "}"));
            assertThat(observer.facts()).isNotNull();
        }
    }
}
