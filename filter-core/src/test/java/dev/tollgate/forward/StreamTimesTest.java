package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Call;
import dev.tollgate.CallFixture;
import dev.tollgate.ErrorCode;
import dev.tollgate.forward.HandFed.Feed;
import dev.tollgate.provider.Handling.OnAbort;
import dev.tollgate.stream.Framings;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When streams are shown, kept alive and given up. */
class StreamTimesTest extends HandFedBase {
    private static final String BEAT = ":\n\n";

    private CompletableFuture<Void> outcome;

    private Feed begun(Call call) {
        outcome = run(call);
        return upstreams.feed(0).sse();
    }

    private Feed flowing(Call call) {
        Feed feed = begun(call).data(ROLE).data(delta("hello"));
        assertThat(exchange.text()).endsWith(event(delta("hello")));
        return feed;
    }

    private void assertInterrupted(String why) {
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.PROVIDER_STREAM_INTERRUPTED);
        assertThat(exchange.text()).contains("\"error\"").contains(why).doesNotContain(DONE);
        assertThat(exchange.isEnded()).isTrue();
        assertThat(upstreams.feed(0).isAborted()).isTrue();
    }

    private void finish(Feed feed) {
        feed.data(STOP).data(DONE).end();
        assertThat(outcome).isCompleted();
        assertThat(exchange.text()).endsWith(event(STOP) + event(DONE));
    }

    // --- how long it is held

    @Test
    void aStreamWithoutContentIsHeldTenSecondsFromItsFirstEventAndThenKeptAlive() {
        Feed feed = begun(chat().call());
        pass(20);
        feed.data(ROLE);
        pass(9);
        assertThat(exchange.status()).isZero();
        pass(1);
        assertThat(exchange.text()).isEqualTo(event(ROLE));
        pass(4);
        assertThat(exchange.text()).isEqualTo(event(ROLE));
        pass(1);
        assertThat(exchange.text()).as("the first half").isEqualTo(event(ROLE) + ":");
        pass(1);
        assertThat(exchange.text()).isEqualTo(event(ROLE) + BEAT);
        feed.data(delta("x"));
        finish(feed);
    }

    @Test
    void aCommentAloneBeginsAStreamToo() {
        Feed feed = begun(chat().call()).text(": processing\n\n");
        pass(10);
        assertThat(exchange.status()).isEqualTo(200);
        feed.data(delta("x"));
        finish(feed);
    }

    @Test
    void halfAnEventBeginsNoStream() {
        begun(chat().call()).text("data: {");
        pass(30);
        assertThat(exchange.status()).isZero();
        assertThat(upstreams.sent()).isEqualTo(2);
        upstreams.feed(1).sse().data(delta("x"));
        finish(upstreams.feed(1));
    }

    @Test
    void anErrorWhileAStreamIsHeldGoesToTheNext() {
        begun(chat().call())
                .data(ROLE)
                .data("{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":null}}");
        assertThat(exchange.status()).isZero();
        upstreams.feed(1).sse().data(delta("x"));
        finish(upstreams.feed(1));
    }

    @Test
    void theWholeTimeEndsAStreamThatIsHeld() {
        Call call = chat().timeouts(
                        Duration.ofSeconds(1), Duration.ofSeconds(5), Duration.ofSeconds(60), Duration.ofSeconds(9))
                .attempts(1)
                .call();
        begun(call).data(ROLE);
        pass(9);
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.PROVIDER_TIMEOUT);
        assertThat(exchange.status()).isZero();
        assertThat(upstreams.feed(0).isAborted()).isTrue();
    }

    @Test
    void aLongHoldDoesNotKeepADeadStream() {
        Call call = chat().hold(Duration.ofMinutes(2)).call();
        begun(call).data(ROLE);
        pass(59);
        assertThat(upstreams.sent()).isEqualTo(1);
        pass(1);
        assertThat(upstreams.sent()).isEqualTo(2);
        upstreams.feed(1).sse().data(delta("x"));
        finish(upstreams.feed(1));
    }

    @Test
    void whatIsHeldIsBounded() {
        Feed feed = begun(chat().call());
        String comment = ": " + "x".repeat(1_021) + "\n\n";
        for (int i = 0; i < 31; i++) {
            feed.text(comment);
        }
        assertThat(exchange.status()).isZero();
        feed.text(comment);
        assertThat(exchange.status()).isEqualTo(200);
        feed.data(delta("x"));
        finish(feed);
    }

    // --- what keeps it alive

    @Test
    void signsOfLifeFromTheProviderAreNoAnswer() {
        Feed feed = flowing(chat().call());
        for (int i = 0; i < 12; i++) {
            assertThat(outcome).isNotDone();
            feed.text(": still there\n\n").data(CHUNK.formatted("{\"content\":\"\"}", "null"));
            pass(5);
        }
        assertInterrupted("stopped for 60 s");
    }

    @Test
    void contentNowAndThenIsEnough() {
        Feed feed = flowing(chat().call());
        for (int i = 0; i < 5; i++) {
            pass(59);
            feed.data(delta("x"));
        }
        finish(feed);
    }

    /** An event of a stream of Anthropic's that is being asked for. */
    private Feed thinking(String target, String caller) {
        Call call = calling(caller, provider("one", target, OnAbort.CANCEL))
                .streamed()
                .timeouts(
                        Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(600))
                .body("{\"model\":\"smart\",\"stream\":true,\"max_tokens\":99,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                .call();
        outcome = run(call);
        return upstreams.feed(0).sse();
    }

    private static Feed ping(Feed feed) {
        return feed.event("ping", "{\"type\":\"ping\"}");
    }

    private static Feed messageStart(Feed feed) {
        return feed.event(
                "message_start",
                "{\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"type\":\"message\",\"role\":\"assistant\","
                        + "\"model\":\"c\",\"content\":[],\"usage\":{\"input_tokens\":3,\"output_tokens\":1}}}");
    }

    private static Feed block(Feed feed, int index, String block) {
        return feed.event(
                "content_block_start",
                "{\"type\":\"content_block_start\",\"index\":" + index + ",\"content_block\":" + block + "}");
    }

    private static Feed blockStop(Feed feed, int index) {
        return feed.event("content_block_stop", "{\"type\":\"content_block_stop\",\"index\":" + index + "}");
    }

    private void endClaude(Feed feed) {
        feed.event(
                "message_delta",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}");
        feed.event("message_stop", "{\"type\":\"message_stop\"}").end();
        assertThat(outcome).isCompleted();
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai-chat"})
    void whileAModelThinksUnseenItsPingsCount(String caller) {
        Feed feed = messageStart(thinking("anthropic", caller));
        block(feed, 0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}");
        for (int i = 0; i < 8; i++) {
            pass(30);
            ping(feed);
            assertThat(outcome).isNotDone();
        }
        blockStop(feed, 0);
        block(feed, 1, "{\"type\":\"text\",\"text\":\"\"}");
        feed.event(
                "content_block_delta",
                "{\"type\":\"content_block_delta\",\"index\":1,\"delta\":{\"type\":\"text_delta\",\"text\":\"x\"}}");
        blockStop(feed, 1);
        endClaude(feed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai-chat"})
    void aModelThatThinksInSilenceIsGivenUp(String caller) {
        Feed feed = messageStart(thinking("anthropic", caller));
        block(feed, 0, "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}");
        pass(60);
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.PROVIDER_STREAM_INTERRUPTED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai-chat"})
    void pingsOutsideOfThoughtsDoNotCount(String caller) {
        Feed feed = messageStart(thinking("anthropic", caller));
        block(feed, 0, "{\"type\":\"text\",\"text\":\"a\"}");
        for (int i = 0; i < 12; i++) {
            assertThat(outcome).isNotDone();
            ping(feed);
            pass(5);
        }
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.PROVIDER_STREAM_INTERRUPTED);
    }

    @Test
    void whileAToolOfTheProvidersRunsItsPingsCount() {
        Feed feed = messageStart(thinking("anthropic", "anthropic"));
        block(feed, 0, "{\"type\":\"server_tool_use\",\"id\":\"s\",\"name\":\"web_search\",\"input\":{}}");
        blockStop(feed, 0);
        for (int i = 0; i < 4; i++) {
            pass(30);
            ping(feed);
        }
        block(feed, 1, "{\"type\":\"web_search_tool_result\",\"tool_use_id\":\"s\",\"content\":[]}");
        blockStop(feed, 1);
        block(feed, 2, "{\"type\":\"text\",\"text\":\"x\"}");
        blockStop(feed, 2);
        endClaude(feed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"openai-responses", "openai-chat"})
    void whileAnItemIsMadeUnseenWhateverIsSaidCounts(String caller) {
        Call call = calling(caller, provider("one", "openai-responses", OnAbort.CANCEL))
                .body("{\"model\":\"smart\",\"stream\":true,\"input\":\"hi\","
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}")
                .asked(true)
                .timeouts(
                        Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(600))
                .call();
        outcome = run(call);
        Feed feed = upstreams.feed(0).sse();
        String response = "{\"type\":\"%s\",\"response\":{\"id\":\"r\",\"object\":\"response\",\"created_at\":1,"
                + "\"model\":\"m\",\"status\":\"%s\",\"output\":[]}}";
        feed.event("response.created", response.formatted("response.created", "in_progress"));
        feed.event(
                "response.output_item.added",
                "{\"type\":\"response.output_item.added\",\"output_index\":0,"
                        + "\"item\":{\"id\":\"rs\",\"type\":\"reasoning\",\"summary\":[]}}");
        for (int i = 0; i < 4; i++) {
            pass(50);
            feed.event("keepalive", "{\"type\":\"keepalive\",\"sequence_number\":" + i + "}");
            assertThat(outcome).isNotDone();
        }
        feed.event(
                "response.output_item.done",
                "{\"type\":\"response.output_item.done\",\"output_index\":0,"
                        + "\"item\":{\"id\":\"rs\",\"type\":\"reasoning\",\"summary\":[]}}");
        pass(50);
        feed.event("keepalive", "{\"type\":\"keepalive\",\"sequence_number\":9}");
        pass(10);
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.PROVIDER_STREAM_INTERRUPTED);
    }

    /** Every framing that has a sign of life gives it; the others say nothing, and break at the same time. */
    @ParameterizedTest
    @CsvSource({
        "openai-chat, SSE, ':'",
        "openai-responses, SSE, ':'",
        "anthropic, SSE, 'event: ping'",
        "gemini, SSE, ':'",
        "gemini, JSON_ARRAY, ''",
        "bedrock, EVENT_STREAM, -"
    })
    void aQuietStreamIsKeptAliveInItsFraming(String dialect, Framings framing, String sign) {
        Call call = calling(dialect, provider("one", "openai-chat", OnAbort.CANCEL))
                .body(request(dialect))
                .asked(true)
                .framed(framing)
                .heartbeat(Duration.ofSeconds(5))
                .timeouts(
                        Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(600))
                .call();
        outcome = run(call);
        upstreams.feed(0).sse().data(ROLE).data(delta("hello"));
        int before = exchange.bytes().length;
        pass(6);
        byte[] now = exchange.bytes();
        String beat = new String(now, before, now.length - before, StandardCharsets.UTF_8);
        if (sign.equals("-")) {
            assertThat(beat).isEmpty();
        } else {
            assertThat(beat).isNotEmpty().startsWith(sign).endsWith("\n");
        }
        pass(5);
        assertThat(exchange.bytes().length - before).isEqualTo(2 * beat.length());
        pass(49);
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.PROVIDER_STREAM_INTERRUPTED);
        assertThat(exchange.isEnded()).isTrue();
    }

    @Test
    void whatComesInTheMiddleOfASignOfLifeComesAfterIt() {
        Feed feed = flowing(chat().call());
        pass(5);
        assertThat(exchange.text()).endsWith("\n\n:");
        feed.data(delta("x"));
        assertThat(exchange.text()).endsWith("\n\n" + BEAT + event(delta("x")));
        finish(feed);
    }

    static String request(String dialect) {
        return switch (dialect) {
            case "openai-responses" -> "{\"model\":\"smart\",\"stream\":true,\"input\":\"hi\"}";
            case "gemini" -> "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";
            case "bedrock" -> "{\"messages\":[{\"role\":\"user\",\"content\":[{\"text\":\"hi\"}]}]}";
            default ->
                "{\"model\":\"smart\",\"stream\":true,\"max_tokens\":99,"
                        + "\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
        };
    }

    // --- what comes after its end

    @Test
    void theFirstEndCountsAndNothingAfterIt() {
        Feed feed = flowing(chat().call());
        feed.text(event(STOP) + event(DONE) + event(delta("late")) + event(STOP) + event(DONE));
        feed.data(ForwardingBase.ERROR.formatted("late", "server_error")).end();
        assertThat(outcome).isCompleted();
        assertThat(exchange.text()).endsWith(event(delta("hello")) + event(STOP) + event(DONE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"anthropic", "openai-chat"})
    void theFirstEndCountsInOtherDialectsToo(String caller) {
        Feed feed = messageStart(thinking("anthropic", caller));
        block(feed, 0, "{\"type\":\"text\",\"text\":\"x\"}");
        blockStop(feed, 0);
        String end = "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
        feed.event(
                "message_delta",
                "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":2}}");
        feed.text(end
                + "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\",\"message\":\"late\"}}\n\n"
                + end);
        feed.cut();
        assertThat(outcome).isCompleted();
        String mark = caller.equals("anthropic") ? "event: message_stop" : DONE;
        assertThat(exchange.text()).containsOnlyOnce(mark).doesNotContain("late");
    }

    // --- how fast it is

    @Test
    void aStreamThatIsTooSlowIsEndedWithAReason() {
        Feed feed = flowing(chat().minThroughput(10).call());
        pass(3);
        feed.data(delta("x".repeat(45)));
        pass(2);
        assertThat(outcome).isNotDone();
        feed.data(delta("x".repeat(49)));
        pass(5);
        assertInterrupted("slower than 10 characters a second");
    }

    @Test
    void aStreamThatIsFastEnoughGoesOn() {
        Feed feed = flowing(chat().minThroughput(10).call());
        feed.data(delta("x".repeat(45)));
        for (int i = 0; i < 5; i++) {
            pass(5);
            feed.data(delta("x".repeat(50)));
        }
        finish(feed);
    }

    @Test
    void whatIsHeldBackByItsCallerIsNotTooSlow() {
        exchange.stall();
        Feed feed = begun(chat().minThroughput(10).call()).data(ROLE).data(delta("hello"));
        pass(30);
        assertThat(outcome).isNotDone();
        exchange.resume();
        pass(4);
        feed.data(delta("x".repeat(50)));
        finish(feed);
    }

    @Test
    void beforeItsContentAStreamIsNotTooSlow() {
        Feed feed = begun(chat().minThroughput(10).call()).data(ROLE);
        pass(40);
        assertThat(outcome).isNotDone();
        feed.data(delta("x"));
        finish(feed);
    }

    // --- callers who do not read

    @Test
    void aCallerWhoHasNotReadItsStreamInTheWholeTimeIsGivenUp() {
        Call call = chat().timeouts(
                        Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(100))
                .call();
        exchange.stall();
        Feed feed = begun(call);
        String large = delta("x".repeat(20_000));
        feed.data(large)
                .data(large)
                .data(large)
                .data(large)
                .data(STOP)
                .data(DONE)
                .end();
        pass(50);
        exchange.take();
        pass(49);
        assertThat(outcome).isNotDone();
        pass(1);
        assertThat(refusalOf(outcome).message()).contains("100 s");
        assertThat(exchange.isAborted()).isTrue();
    }

    private static final int LARGE = 1_000_000;

    private CompletableFuture<Void> wholeAnswer(Duration total) {
        Call call = calling("openai-chat", provider("one", "openai-chat", OnAbort.CANCEL))
                .timeouts(Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(60), total)
                .call();
        exchange.stall();
        CompletableFuture<Void> answered = run(call);
        upstreams
                .feed(0)
                .head("application/json")
                .text(ForwardingBase.WHOLE.replace("hello", "x".repeat(LARGE)))
                .end();
        return answered;
    }

    @Test
    void aCallerWhoDoesNotReadAWholeAnswerIsGivenUp() {
        outcome = wholeAnswer(Duration.ofMinutes(10));
        for (int i = 0; i < 5; i++) {
            pass(59);
            assertThat(outcome).isNotDone();
            exchange.take();
        }
        pass(60);
        assertThat(refusalOf(outcome).message()).contains("60 s");
        assertThat(exchange.isAborted()).isTrue();
    }

    @Test
    void aCallerWhoReadsAWholeAnswerSlowlyHasTheWholeTime() {
        outcome = wholeAnswer(Duration.ofSeconds(200));
        for (int i = 0; i < 3; i++) {
            pass(59);
            exchange.take();
        }
        pass(22);
        assertThat(outcome).isNotDone();
        pass(1);
        assertThat(refusalOf(outcome).message()).contains("200 s");
        assertThat(exchange.isAborted()).isTrue();
    }

    @Test
    void aCallerWhoReadsAWholeAnswerGetsAllOfIt() {
        outcome = wholeAnswer(Duration.ofMinutes(10));
        exchange.take();
        exchange.resume();
        assertThat(outcome).isCompleted();
        assertThat(exchange.bytes()).hasSize(ForwardingBase.WHOLE.length() - "hello".length() + LARGE);
        assertThat(exchange.isEnded()).isTrue();
    }

    // --- whole answers that come slowly

    @Test
    void whiteSpaceBeforeAWholeAnswerKeepsNobodyWaitingAndHarmsNothing() {
        CallFixture fixture = calling(
                        "openai-chat",
                        provider("one", "openai-chat", OnAbort.CANCEL),
                        provider("two", "openai-chat", OnAbort.CANCEL))
                .timeouts(
                        Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(600));
        outcome = run(fixture.call());
        Feed feed = upstreams.feed(0).head("application/json");
        for (int i = 0; i < 6; i++) {
            assertThat(upstreams.sent()).isEqualTo(1);
            feed.text("\n");
            pass(10);
        }
        assertThat(upstreams.sent()).isEqualTo(2);
        Feed next = upstreams.feed(1).head("application/json").text("\n\n  \r\n");
        pass(20);
        next.text(ForwardingBase.WHOLE).end();
        assertThat(outcome).isCompleted();
        assertThat(exchange.text()).endsWith(ForwardingBase.WHOLE);
    }
}
