package dev.tollgate.dialect.gemini;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Opaque;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.StreamObserver;
import dev.tollgate.dialect.StreamObserver.Sight;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Quirks;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

/** What streams say, read, watched and written. */
class GeminiStreamTest {
    private final Gemini gemini = new Gemini();
    private final WriteTerms terms = new WriteTerms(Quirks.NONE, "gemini", 4096);

    private static Frame chunk(String parts, String beside) {
        String candidate = "{'content': {'role': 'model', 'parts': [" + parts + "]}" + beside + ", 'index': 0}";
        return frame("{'candidates': [" + candidate + "], 'modelVersion': 'm', 'responseId': 'r'}");
    }

    private static Frame frame(String json) {
        return new Frame(null, json.replace('\'', '"'));
    }

    private static List<StreamEvent> read(Dialect.EventReader reader, Frame... frames) throws BadAnswer {
        List<StreamEvent> events = new ArrayList<>();
        for (Frame frame : frames) {
            events.addAll(reader.read(frame));
        }
        return events;
    }

    private boolean isWhole(Frame... frames) {
        StreamObserver observer = gemini.observer();
        for (Frame frame : frames) {
            observer.see(frame);
        }
        return observer.complete();
    }

    @Test
    void aStreamIsWholeWhenItEndsAfterItsReason() throws BadAnswer {
        Frame text = chunk("{'text': 'Hi'}", "");
        Frame last = chunk("{'text': '!'}", ", 'finishReason': 'STOP'");
        Dialect.EventReader reader = gemini.eventReader();
        assertThat(read(reader, text, last)).noneMatch(event -> event instanceof StreamEvent.Finish);
        List<StreamEvent> end = reader.end();
        assertThat(end).anyMatch(event -> event instanceof StreamEvent.Finish);
        assertThat(end).last().isInstanceOf(StreamEvent.Done.class);
        assertThat(isWhole(text, last)).isTrue();
    }

    @Test
    void aStreamIsCutWhenItEndsWithoutAReason() throws BadAnswer {
        Frame text = chunk("{'text': 'Hi'}", "");
        Dialect.EventReader reader = gemini.eventReader();
        read(reader, text);
        assertThat(reader.end()).isEmpty();
        assertThat(isWhole(text)).isFalse();
        assertThat(gemini.eventReader().end()).isEmpty();
        assertThat(isWhole()).isFalse();
    }

    @Test
    void aReasonInEveryChunkFinishesOnce() throws BadAnswer {
        Dialect.EventReader reader = gemini.eventReader();
        Frame one = chunk("{'text': 'a'}", ", 'finishReason': 'STOP'");
        Frame two = chunk("{'text': 'b'}", ", 'finishReason': 'MAX_TOKENS'");
        List<StreamEvent> events = read(reader, one, two);
        events.addAll(reader.end());
        assertThat(events)
                .filteredOn(event -> event instanceof StreamEvent.Finish)
                .singleElement()
                .isInstanceOfSatisfying(
                        StreamEvent.Finish.class,
                        finish -> assertThat(finish.reason().raw()).isEqualTo("MAX_TOKENS"));
        assertThat(isWhole(one, two)).isTrue();
        assertThat(isWhole(one, chunk("{'text': 'cut'}", ""))).isFalse();
    }

    @Test
    void aCandidateWithoutItsReasonKeepsTheStreamOpen() throws BadAnswer {
        Frame first = chunk("{'text': 'a'}", ", 'finishReason': 'STOP'");
        Frame second = frame("{'candidates': [{'content': {'parts': [{'text': 'b'}]}, 'index': 1}]}");
        Dialect.EventReader reader = gemini.eventReader();
        read(reader, first, second);
        assertThat(reader.end()).isEmpty();
        assertThat(isWhole(first, second)).isFalse();
    }

    @Test
    void aBlockedPromptEndsAStream() throws BadAnswer {
        Frame blocked = frame("{'promptFeedback': {'blockReason': 'SAFETY'}, 'modelVersion': 'm', 'responseId': 'r'}");
        Dialect.EventReader reader = gemini.eventReader();
        List<StreamEvent> events = read(reader, blocked);
        events.addAll(reader.end());
        assertThat(events)
                .anyMatch(event -> event instanceof StreamEvent.Finish finish
                        && finish.reason().kind() == FinishReason.Kind.CONTENT_FILTER);
        assertThat(isWhole(blocked)).isTrue();
        List<Frame> again = write(events);
        assertThat(again)
                .singleElement()
                .satisfies(frame -> assertThat(Json.read(frame.data())
                                .at("/promptFeedback/blockReason")
                                .asString(""))
                        .isEqualTo("SAFETY"));
    }

    @Test
    void anErrorInAStreamIsItsEnd() throws BadAnswer {
        Frame last = chunk("{'text': '!'}", ", 'finishReason': 'STOP'");
        Frame error = frame("[{'error': {'code': 503, 'message': 'busy', 'status': 'UNAVAILABLE'}}]");
        Dialect.EventReader reader = gemini.eventReader();
        assertThat(read(reader, last, error)).last().isEqualTo(new StreamEvent.Failed("UNAVAILABLE", "503", "busy"));
        assertThat(reader.end()).isEmpty();
        StreamObserver observer = gemini.observer();
        assertThat(observer.see(last)).isEqualTo(Sight.CONTENT);
        assertThat(observer.see(error)).isEqualTo(Sight.ERROR);
        assertThat(observer.complete()).isFalse();
        assertThat(observer.failure().message()).isEqualTo("busy");
    }

    @Test
    void usageIsCumulativeMemberByMember() throws BadAnswer {
        Frame one = frame("{'usageMetadata': {'promptTokenCount': 9, 'candidatesTokenCount': 1}}");
        Frame two = frame("{'usageMetadata': {'candidatesTokenCount': 5, 'thoughtsTokenCount': 2}}");
        Usage usage = null;
        for (StreamEvent event : read(gemini.eventReader(), one, two)) {
            usage = event instanceof StreamEvent.UsageReport report ? report.usage() : usage;
        }
        assertThat(usage.input()).isEqualTo(9);
        assertThat(usage.output()).isEqualTo(7);
        StreamObserver observer = gemini.observer();
        assertThat(observer.see(one)).isEqualTo(Sight.USAGE_ONLY);
        observer.see(two);
        assertThat(observer.facts().usage()).isEqualTo(usage);
    }

    @Test
    void signaturesStayWithTheirParts() throws BadAnswer {
        List<StreamEvent> events = read(
                gemini.eventReader(),
                chunk("{'text': 'hm', 'thought': true, 'thoughtSignature': 'YQ=='}, {'text': 'So'}", ""),
                chunk("{'functionCall': {'name': 'f', 'args': {'a': 1}}, 'thoughtSignature': 'Yg=='}", ""),
                chunk("{'text': '', 'thoughtSignature': 'Yw=='}", ", 'finishReason': 'STOP'"));
        assertThat(events)
                .filteredOn(event -> event instanceof StreamEvent.ReasoningProof)
                .singleElement()
                .isInstanceOfSatisfying(
                        StreamEvent.ReasoningProof.class,
                        proof -> assertThat(proof.part()).isZero());
        assertThat(events)
                .filteredOn(event -> event instanceof StreamEvent.ToolCallProof)
                .singleElement()
                .isInstanceOfSatisfying(
                        StreamEvent.ToolCallProof.class,
                        proof -> assertThat(proof.part()).isEqualTo(2));
        assertThat(events)
                .anyMatch(event -> event instanceof StreamEvent.ForeignDelta foreign
                        && foreign.type().equals("thoughtSignature"));
        List<String> signatures = new ArrayList<>();
        write(events)
                .forEach(frame -> Json.read(frame.data())
                        .at("/candidates/0/content/parts")
                        .forEach(part ->
                                signatures.add(part.path("thoughtSignature").asString(""))));
        assertThat(signatures).containsSubsequence("YQ==", "Yg==", "Yw==");
    }

    private List<Frame> write(List<StreamEvent> events) throws BadAnswer {
        Dialect.EventWriter writer = gemini.eventWriter(
                gemini.readRequest((tools.jackson.databind.node.ObjectNode) Json.read("{\"contents\":[]}")), terms);
        List<Frame> frames = new ArrayList<>();
        for (StreamEvent event : events) {
            frames.addAll(writer.write(event));
        }
        return frames;
    }

    @Test
    void anotherProvidersStreamEndsWithReasonAndUsageInOneChunk() throws BadAnswer {
        Opaque proof = new Opaque("anthropic", "anthropic", "s", StringNode.valueOf("sig"));
        List<StreamEvent> events = List.of(
                new StreamEvent.Start("id", "m", 1L, null, Extras.NONE),
                new StreamEvent.ReasoningDelta(0, 0, "hm"),
                new StreamEvent.ReasoningProof(0, 0, proof),
                new StreamEvent.PartEnd(0, 0),
                new StreamEvent.TextDelta(0, 1, "Hi"),
                new StreamEvent.ToolCallStart(0, 2, "call-1", "f"),
                new StreamEvent.ToolCallDelta(0, 2, "{\"a\":"),
                new StreamEvent.ToolCallDelta(0, 2, "1}"),
                new StreamEvent.PartEnd(0, 2),
                new StreamEvent.Finish(0, new FinishReason(FinishReason.Kind.TOOL_CALLS, "tool_use", ""), Extras.NONE),
                new StreamEvent.UsageReport(new Usage(5, 0, 0, 0, 7, 0, 0, 0, Extras.NONE)),
                new StreamEvent.Done());
        List<Frame> frames = write(events);
        assertThat(frames).hasSize(5);
        JsonNode call = Json.read(frames.get(3).data()).at("/candidates/0/content/parts/0/functionCall");
        assertThat(call.toString()).isEqualTo("{\"id\":\"call-1\",\"name\":\"f\",\"args\":{\"a\":1}}");
        JsonNode last = Json.read(frames.get(4).data());
        assertThat(last.at("/candidates/0/finishReason").asString("")).isEqualTo("STOP");
        assertThat(last.at("/usageMetadata/totalTokenCount").asLong(0)).isEqualTo(12);
        assertThat(terms.dropped()).isEmpty();
        assertThat(write(events.subList(0, 11)).toString()).doesNotContain("finishReason");
    }

    @Test
    void aFailedStreamGetsNoMarkOfSuccess() throws BadAnswer {
        List<Frame> frames = write(List.of(
                new StreamEvent.Start("id", "m", 1L, null, Extras.NONE),
                new StreamEvent.TextDelta(0, 0, "Hi"),
                new StreamEvent.Failed("overloaded_error", null, "busy"),
                new StreamEvent.Done()));
        assertThat(frames).hasSize(1);
        assertThat(frames.toString()).doesNotContain("finishReason");
    }
}
