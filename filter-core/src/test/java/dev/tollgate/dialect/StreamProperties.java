package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Quirks;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What holds of every stream, however its provider cuts and mixes it. */
class StreamProperties {
    private final Dialects dialects = new Dialects(InstantSource.fixed(Instant.EPOCH));

    private static WriteTerms terms() {
        return new WriteTerms(Quirks.NONE, "any", 4096);
    }

    @Provide
    Arbitrary<List<String>> arguments() {
        Arbitrary<String> text =
                Arbitraries.strings().withChars("ab {}[]\"\\:,é").ofMaxLength(12);
        Arbitrary<String> json = text.map(value -> {
            ObjectNode object = JsonNodeFactory.instance.objectNode().put("value", value);
            object.putArray("list").add(value);
            return Json.text(object);
        });
        return json.list().ofMinSize(1).ofMaxSize(5);
    }

    @Property(tries = 300)
    void mixedCallsComeOutOneAfterTheOther(
            @ForAll("arguments") List<String> arguments, @ForAll boolean endsAreTold, @ForAll long seed)
            throws BadAnswer {
        Interleaved stream = Interleaved.of(arguments, endsAreTold, seed);
        for (String id : dialects.ids()) {
            if (SmallDialectsTest.IDS.contains(id)) {
                continue;
            }
            Dialect callers = dialects.byId(id);
            ChatRequest request = Streams.request(callers);
            List<Frame> frames = Streams.write(callers.eventWriter(request, terms()), stream.events());
            Streams.assertWellFormed(callers, frames);
            assertThat(argumentsByName(Streams.read(callers, frames)))
                    .as("calls in %s", id)
                    .isEqualTo(argumentsByName(stream.events()));
        }
    }

    private static Map<String, String> argumentsByName(List<StreamEvent> events) {
        Map<Integer, String> names = new TreeMap<>();
        Map<String, String> arguments = new TreeMap<>();
        for (StreamEvent event : events) {
            if (event instanceof StreamEvent.ToolCallStart start) {
                names.put(start.part(), start.name());
                arguments.put(start.name(), "");
            } else if (event instanceof StreamEvent.ToolCallDelta delta) {
                arguments.merge(names.get(delta.part()), delta.arguments(), String::concat);
            }
        }
        return arguments;
    }

    @Example
    void whatCannotBeSortedIsABadAnswerAndNoSuccess() throws BadAnswer {
        Dialect anthropic = dialects.byId("anthropic");
        Dialect.EventWriter writer = anthropic.eventWriter(Streams.request(anthropic), terms());
        writer.write(new StreamEvent.Start("id", "m", null, null, Extras.NONE));
        writer.write(new StreamEvent.ToolCallStart(0, 0, "a", "never_ends"));
        writer.write(new StreamEvent.ToolCallStart(0, 1, "b", "waits"));
        StreamEvent piece = new StreamEvent.ToolCallDelta(0, 1, "x".repeat(100_000));
        assertThat(writer.write(piece)).isEmpty();
        assertThat(writer.write(piece)).isEmpty();
        assertThatThrownBy(() -> writer.write(piece)).isInstanceOf(BadAnswer.class);
        assertThat(writer.write(new StreamEvent.Done())).isEmpty();
    }

    @Example
    void usageIsShownToWhoAskedForItOnly() throws BadAnswer {
        Dialect chat = dialects.byId("openai-chat");
        ObjectNode body =
                JsonNodeFactory.instance.objectNode().put("model", "m").put("stream", true);
        body.putArray("messages");
        Dialect.EventWriter writer = chat.eventWriter(chat.readRequest(body), terms());
        writer.write(new StreamEvent.Start("id", "m", null, null, Extras.NONE));
        writer.write(new StreamEvent.UsageReport(Usage.NONE));
        assertThat(writer.write(new StreamEvent.Done())).containsExactly(new Frame(null, "[DONE]"));
        assertThat(writer.write(new StreamEvent.Done())).isEmpty();
    }
}
