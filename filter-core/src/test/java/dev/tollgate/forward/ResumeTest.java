package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Call;
import dev.tollgate.CallFixture;
import dev.tollgate.ErrorCode;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.FrameReader;
import dev.tollgate.forward.HandFed.Feed;
import dev.tollgate.json.Json;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.provider.Handling.OnAbort;
import dev.tollgate.provider.Prefill;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.stream.Framings;
import dev.tollgate.testing.FakeExchange;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Streams that break off and are gone on with by another target. */
class ResumeTest extends HandFedBase {
    private static final String ANSWER = "One, two.\n\n  Three:\n - four\t\n\n\nfive  \u00fcber \ud83d\ude00 end ";
    private static final Quirks GOES_ON = new Quirks(
            true,
            "max_tokens",
            Set.of(),
            Map.of(),
            List.of(),
            List.of(),
            null,
            false,
            new Prefill(List.of("m-*"), Map.of()));

    private FakeExchange caller = exchange;
    private Call call;
    private CompletableFuture<Void> outcome;
    private CallFixture fixture;

    // --- the property

    @ParameterizedTest
    @CsvSource({
        "openai-chat, SSE, openai-chat, anthropic",
        "openai-chat, SSE, openai-chat, openai-chat",
        "openai-chat, SSE, anthropic, openai-chat",
        "anthropic, SSE, anthropic, anthropic",
        "anthropic, SSE, anthropic, openai-chat",
        "anthropic, SSE, openai-chat, anthropic",
        "openai-responses, SSE, openai-chat, anthropic",
        "gemini, SSE, openai-chat, anthropic",
        "gemini, JSON_ARRAY, anthropic, openai-chat",
        "bedrock, EVENT_STREAM, openai-chat, anthropic"
    })
    void textIsNeitherLostNorDoubledWhereverItBreaksOff(String dialect, Framings framing, String first, String second)
            throws BadAnswer {
        for (int cut = 0; cut <= ANSWER.length(); cut++) {
            if (cut > 0 && cut < ANSWER.length() && Character.isLowSurrogate(ANSWER.charAt(cut))) {
                continue;
            }
            caller = new FakeExchange();
            forwarder = forwarder(); // one budget for what is tried again would be spent
            int sent = upstreams.sent();
            ask(dialect, framing, provider("one", first, OnAbort.CANCEL), goesOn("two", second));
            Feed broken = begin(upstreams.feed(sent).sse(), first);
            sayInPieces(broken, first, ANSWER.substring(0, cut));
            pass(10);
            broken.cut();

            Feed rest = upstreams.feed(sent + 1);
            String prefix = prefix(rest);
            assertThat(ANSWER).startsWith(prefix);
            assertThat(prefix).isEqualTo(ANSWER.substring(0, cut).stripTrailing());
            begin(rest.sse(), second);
            sayInPieces(rest, second, ANSWER.substring(prefix.length()));
            finish(rest, second);

            assertThat(outcome).as("cut at %d", cut).isCompleted();
            assertOneAnswer(dialect, framing, cut);
            assertThat(caller.fault()).isEmpty();
            assertThat(caller.isEnded()).isTrue();
        }
    }

    private void assertOneAnswer(String dialect, Framings framing, int cut) throws BadAnswer {
        List<StreamEvent> events = read(dialect, framing, caller.bytes());
        assertThat(text(events)).as("cut at %d", cut).isEqualTo(ANSWER);
        assertThat(events.stream().filter(StreamEvent.Start.class::isInstance)).hasSize(1);
        assertThat(events.stream().filter(StreamEvent.Finish.class::isInstance)).hasSize(1);
        assertThat(events).noneMatch(StreamEvent.Failed.class::isInstance);
        List<Integer> parts = events.stream()
                .filter(StreamEvent.TextDelta.class::isInstance)
                .map(event -> ((StreamEvent.TextDelta) event).part())
                .distinct()
                .toList();
        assertThat(parts).as("the parts of text").hasSize(1);
    }

    // --- what is told of it

    @Test
    void bothAttemptsAreAccountedForAndTheResumptionIsMarked() {
        ask("openai-chat", Framings.SSE, provider("one", "openai-chat", OnAbort.CANCEL), goesOn("two", "anthropic"));
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "one two three four");
        first.cut();
        Feed rest = begin(upstreams.feed(1).sse(), "anthropic");
        say(rest, "anthropic", " five");
        finish(rest, "anthropic");

        assertThat(outcome).isCompleted();
        assertThat(caller.answerHeader("x-tollgate-resumable")).contains("true");
        assertThat(caller.text()).contains("\n: resumed by two/m-two\n\n").contains("[DONE]");
        CallRecord record = CallFixture.record(call);
        assertThat(record.attempts()).hasSize(2);
        assertThat(record.attempts().get(0).error()).isEqualTo(ErrorCode.PROVIDER_STREAM_INTERRUPTED);
        assertThat(record.attempts().get(1).error()).isNull();
        assertThat(record.usage().output()).isGreaterThan(2);
        assertThat(record.target()).isEqualTo("two/m-two");
        assertThat(fixture.limits().isEven()).isTrue();
    }

    @Test
    void theRestMayBeAsLongAsIsLeft() {
        fixture = fixture("openai-chat", provider("one", "openai-chat", OnAbort.CANCEL), goesOn("two", "anthropic"))
                .body("{\"model\":\"smart\",\"stream\":true,\"max_tokens\":100,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        run(fixture);
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "x".repeat(200));
        first.cut();
        assertThat(Json.read(upstreams.feed(1).body()).path("max_tokens").asInt())
                .isBetween(1, 70);
        finish(begin(upstreams.feed(1).sse(), "anthropic"), "anthropic");
        assertThat(outcome).isCompleted();
    }

    // --- when it is done

    @ParameterizedTest
    @ValueSource(strings = {"cut", "end", "stall", "malformed", "overloaded"})
    void anAnswerIsGoneOnWithHoweverItBreaksOff(String how) {
        ask("openai-chat", Framings.SSE, provider("one", "openai-chat", OnAbort.CANCEL), goesOn("two", "openai-chat"));
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "one");
        switch (how) {
            case "cut" -> first.cut();
            case "end" -> first.end();
            case "stall" -> pass(60);
            case "malformed" -> first.data("{\"id\":");
            default -> first.data(ForwardingBase.ERROR.formatted("overloaded", "server_error"));
        }
        assertThat(upstreams.sent()).isEqualTo(2);
        assertThat(prefix(upstreams.feed(1))).isEqualTo("one");
        Feed rest = begin(upstreams.feed(1).sse(), "openai-chat");
        say(rest, "openai-chat", " two");
        finish(rest, "openai-chat");
        assertThat(outcome).isCompleted();
        assertThat(caller.text()).contains("two").doesNotContain("\"error\"");
    }

    @Test
    void whileAnotherIsAskedTheCallerIsKeptAlive() {
        fixture = fixture("openai-chat", provider("one", "openai-chat", OnAbort.CANCEL), goesOn("two", "openai-chat"))
                .heartbeat(Duration.ofSeconds(5));
        run(fixture);
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "one");
        first.cut();
        String before = caller.text();
        pass(11);
        assertThat(caller.text().substring(before.length())).isEqualTo(":\n\n:\n\n");
        Feed rest = begin(upstreams.feed(1).sse(), "openai-chat");
        say(rest, "openai-chat", " two");
        finish(rest, "openai-chat");
        assertThat(outcome).isCompleted();
    }

    @Test
    void whereTheNextCannotGoOnTheOneAfterItIsAsked() {
        ask(
                "openai-chat",
                Framings.SSE,
                provider("one", "openai-chat", OnAbort.CANCEL),
                provider("two", "openai-chat", OnAbort.CANCEL),
                goesOn("three", "openai-chat"));
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "one");
        first.cut();
        assertThat(prefix(upstreams.feed(1))).isEqualTo("one");
        assertThat(upstreams.feed(1).request().provider().name()).isEqualTo("three");
        finish(begin(upstreams.feed(1).sse(), "openai-chat"), "openai-chat");
        assertThat(outcome).isCompleted();
    }

    @Test
    void whatIsGoneOnWithMayBreakOffAgain() {
        ask(
                "openai-chat",
                Framings.SSE,
                provider("one", "openai-chat", OnAbort.CANCEL),
                goesOn("two", "openai-chat"),
                goesOn("three", "anthropic"));
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "one ");
        first.cut();
        Feed second = begin(upstreams.feed(1).sse(), "openai-chat");
        say(second, "openai-chat", " two");
        second.cut();
        assertThat(prefix(upstreams.feed(2))).isEqualTo("one two");
        Feed third = begin(upstreams.feed(2).sse(), "anthropic");
        say(third, "anthropic", " three");
        finish(third, "anthropic");
        assertThat(outcome).isCompleted();
        assertThat(CallFixture.record(call).attempts()).hasSize(3);
    }

    @Test
    void aTargetThatFailsToGoOnIsFollowedByTheNext() {
        ask(
                "openai-chat",
                Framings.SSE,
                provider("one", "openai-chat", OnAbort.CANCEL),
                goesOn("two", "openai-chat"),
                goesOn("three", "openai-chat"));
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "one");
        first.cut();
        begin(upstreams.feed(1).sse(), "openai-chat")
                .data(ForwardingBase.ERROR.formatted("overloaded", "server_error"));
        assertThat(prefix(upstreams.feed(2))).isEqualTo("one");
        finish(begin(upstreams.feed(2).sse(), "openai-chat"), "openai-chat");
        assertThat(outcome).isCompleted();
        assertThat(CallFixture.record(call).attempts()).hasSize(3);
    }

    // --- when it is not

    @Test
    void whenNobodyIsLeftTheCallerIsToldWhatBrokeOff() {
        ask("openai-chat", Framings.SSE, provider("one", "openai-chat", OnAbort.CANCEL), goesOn("two", "openai-chat"));
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "one");
        first.cut();
        upstreams.feed(1).head(500, "application/json").text("{}").end();

        assertInterrupted();
        assertThat(CallFixture.record(call).attempts()).hasSize(2);
        assertThat(fixture.limits().isEven()).isTrue();
    }

    private void assertInterrupted() {
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.PROVIDER_STREAM_INTERRUPTED);
        assertThat(caller.text()).contains("\"error\"").doesNotContain("[DONE]");
        assertThat(caller.isEnded()).isTrue();
    }

    @Test
    void aTargetThatCannotGoOnIsNotAsked() {
        ask(
                "openai-chat",
                Framings.SSE,
                provider("one", "openai-chat", OnAbort.CANCEL),
                provider("two", "openai-chat", OnAbort.CANCEL));
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "one");
        first.cut();
        assertThat(upstreams.sent()).isEqualTo(1);
        assertInterrupted();
    }

    @Test
    void anAnswerThatCallsAToolIsNotGoneOnWith() {
        ask("openai-chat", Framings.SSE, provider("one", "openai-chat", OnAbort.CANCEL), goesOn("two", "openai-chat"));
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "one");
        first.data(CHUNK.formatted(
                "{\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"type\":\"function\","
                        + "\"function\":{\"name\":\"f\",\"arguments\":\"\"}}]}",
                "null"));
        first.cut();
        assertThat(upstreams.sent()).isEqualTo(1);
        assertInterrupted();
    }

    @Test
    void anAnswerThatHasBeenThoughtAboutIsNotGoneOnWith() {
        ask("openai-chat", Framings.SSE, provider("one", "openai-chat", OnAbort.CANCEL), goesOn("two", "openai-chat"));
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        first.data(CHUNK.formatted("{\"reasoning_content\":\"hm\"}", "null"));
        say(first, "openai-chat", "one");
        first.cut();
        assertThat(upstreams.sent()).isEqualTo(1);
        assertInterrupted();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"response_format\":{\"type\":\"json_object\"},",
                "\"n\":2,",
                "\"reasoning_effort\":\"high\",\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024},",
                "\"logprobs\":true,"
            })
    void requestsThatAskForMoreThanTextArePassedThrough(String field) {
        fixture = fixture("openai-chat", provider("one", "openai-chat", OnAbort.CANCEL), goesOn("two", "openai-chat"))
                .body("{\"model\":\"smart\"," + field
                        + "\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}");
        run(fixture);
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "one");
        assertThat(caller.answerHeader("x-tollgate-resumable")).isEmpty();
        first.cut();
        assertThat(upstreams.sent()).isEqualTo(1);
        assertInterrupted();
    }

    @Test
    void modelsThatAreNotResumedArePassedThrough() {
        fixture = calling("openai-chat", provider("one", "openai-chat", OnAbort.CANCEL), goesOn("two", "openai-chat"))
                .streamed();
        run(fixture);
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "one");
        first.cut();
        assertThat(upstreams.sent()).isEqualTo(1);
        assertInterrupted();
    }

    @Test
    void moreAttemptsThanAllowedAreNotMade() {
        fixture = fixture("openai-chat", provider("one", "openai-chat", OnAbort.CANCEL), goesOn("two", "openai-chat"))
                .attempts(1);
        run(fixture);
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "one");
        first.cut();
        assertThat(upstreams.sent()).isEqualTo(1);
        assertInterrupted();
    }

    @Test
    void aCallerWhoLeavesWhileAnotherIsAskedEndsThatToo() {
        ask("openai-chat", Framings.SSE, provider("one", "openai-chat", OnAbort.CANCEL), goesOn("two", "openai-chat"));
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "one");
        first.cut();
        caller.leave(true);
        assertThat(upstreams.feed(1).isAborted()).isTrue();
        assertThat(outcome).isCompletedExceptionally();
        assertThat(fixture.limits().isEven()).isTrue();
        assertThat(CallFixture.record(call).attempts()).hasSize(2);
    }

    @Test
    void theWholeTimeEndsTheRestToo() {
        ask("openai-chat", Framings.SSE, provider("one", "openai-chat", OnAbort.CANCEL), goesOn("two", "openai-chat"));
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "one");
        for (int i = 0; i < 19; i++) {
            pass(30);
            say(first, "openai-chat", " more");
        }
        pass(20);
        first.cut();
        assertThat(upstreams.sent()).isEqualTo(2);
        pass(10);
        assertInterrupted();
        assertThat(upstreams.feed(1).isAborted()).isTrue();
    }

    @Test
    void theWholeTimeEndsARestThatHasOnlyBegun() {
        ask("openai-chat", Framings.SSE, provider("one", "openai-chat", OnAbort.CANCEL), goesOn("two", "openai-chat"));
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "one");
        for (int i = 0; i < 19; i++) {
            pass(30);
            say(first, "openai-chat", " more");
        }
        pass(20);
        first.cut();
        begin(upstreams.feed(1).sse(), "openai-chat");
        pass(10);
        assertInterrupted();
        assertThat(upstreams.feed(1).isAborted()).isTrue();
    }

    @Test
    @SuppressWarnings("UnnecessaryMethodReference") // only translate() is handed on, so that it knows no rest
    void aFaultInAskingForTheRestEndsTheCall() {
        forwarder = forwarder(Translator.between(dialects::byId)::translate);
        ask("openai-chat", Framings.SSE, provider("one", "openai-chat", OnAbort.CANCEL), goesOn("two", "openai-chat"));
        Feed first = begin(upstreams.feed(0).sse(), "openai-chat");
        say(first, "openai-chat", "one");
        first.cut();
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.PROVIDER_STREAM_INTERRUPTED);
        assertThat(fixture.limits().isEven()).isTrue();
    }

    // --- providers and callers

    private static Provider goesOn(String name, String dialect) {
        return provider(name, dialect, OnAbort.CANCEL, GOES_ON);
    }

    private CallFixture fixture(String dialect, Provider... providers) {
        return new CallFixture(caller, dialects.byId(dialect))
                .clock(time)
                .to(providers)
                .body(StreamTimesTest.request(dialect))
                .asked(true)
                .resumed()
                .attempts(5)
                .timeouts(
                        Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(600));
    }

    private void ask(String dialect, Framings framing, Provider... providers) {
        run(fixture(dialect, providers).framed(framing));
    }

    private void run(CallFixture asked) {
        fixture = asked;
        call = asked.call();
        outcome = run(call);
    }

    private static Feed begin(Feed feed, String dialect) {
        if (dialect.equals("openai-chat")) {
            return feed.data(ROLE);
        }
        feed.event(
                "message_start",
                "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\","
                        + "\"model\":\"c\",\"content\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}");
        return feed.event(
                "content_block_start",
                "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}");
    }

    private static void sayInPieces(Feed feed, String dialect, String text) {
        int at = 0;
        while (at < text.length()) {
            int end = Math.min(at + 3, text.length());
            if (end < text.length() && Character.isLowSurrogate(text.charAt(end))) {
                end++;
            }
            say(feed, dialect, text.substring(at, end));
            at = end;
        }
    }

    private static void say(Feed feed, String dialect, String text) {
        String json = Json.text(tools.jackson.databind.node.StringNode.valueOf(text));
        if (text.isEmpty()) {
            return;
        }
        if (dialect.equals("openai-chat")) {
            feed.data(CHUNK.formatted("{\"content\":" + json + "}", "null"));
        } else {
            feed.event(
                    "content_block_delta",
                    "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":" + json
                            + "}}");
        }
    }

    private static void finish(Feed feed, String dialect) {
        if (dialect.equals("openai-chat")) {
            feed.data(STOP).data(USAGE).data(DONE).end();
            return;
        }
        feed.event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":0}");
        feed.event(
                "message_delta",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}");
        feed.event("message_stop", "{\"type\":\"message_stop\"}").end();
    }

    /** What a target is asked to go on from; empty where it is asked from the start. */
    private static String prefix(Feed feed) {
        JsonNode messages = Json.read(feed.body()).path("messages");
        JsonNode last = messages.get(messages.size() - 1);
        if (!last.path("role").asString("").equals("assistant")) {
            return "";
        }
        JsonNode content = last.path("content");
        return content.isString()
                ? content.stringValue()
                : content.path(0).path("text").asString("");
    }

    private List<StreamEvent> read(String dialect, Framings framing, byte[] bytes) throws BadAnswer {
        FrameReader frames = framing.reader();
        Dialect.EventReader reader = dialects.byId(dialect).eventReader();
        List<StreamEvent> events = new ArrayList<>();
        frames.feed(ByteBuffer.wrap(bytes), (frame, raw) -> events.addAll(reader.read(frame)));
        frames.end((frame, raw) -> events.addAll(reader.read(frame)));
        events.addAll(reader.end());
        return events;
    }

    private static String text(List<StreamEvent> events) {
        StringBuilder text = new StringBuilder();
        for (StreamEvent event : events) {
            if (event instanceof StreamEvent.TextDelta delta) {
                text.append(delta.text());
            }
        }
        return text.toString();
    }
}
