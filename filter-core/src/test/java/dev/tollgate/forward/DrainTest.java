package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Call;
import dev.tollgate.CallFixture;
import dev.tollgate.ErrorCode;
import dev.tollgate.forward.HandFed.Feed;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.provider.Handling.OnAbort;
import dev.tollgate.provider.Provider;
import dev.tollgate.testing.FakeExchange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of streams whose callers leave. */
class DrainTest extends HandFedBase {
    private static final Provider DRAINED = provider("one", "openai-chat", OnAbort.DRAIN);
    private static final Provider CANCELLED = provider("one", "openai-chat", OnAbort.CANCEL);

    private Call call;
    private CallFixture fixture;
    private CompletableFuture<Void> outcome;

    private Feed streaming(Provider provider, FakeExchange caller) {
        fixture = new CallFixture(caller, dialects.byId("openai-chat"))
                .clock(time)
                .to(provider)
                .streamed()
                .timeouts(
                        Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofSeconds(60), Duration.ofSeconds(600));
        call = fixture.call();
        outcome = run(call);
        return upstreams.feed(upstreams.sent() - 1).sse().data(ROLE).data(delta("hello"));
    }

    private void asked() {
        fixture = calling("openai-chat", DRAINED).streamed();
        call = fixture.call();
        outcome = run(call);
    }

    private Feed left(Provider provider) {
        Feed feed = streaming(provider, exchange);
        exchange.leave(true);
        return feed;
    }

    private CallRecord settled() {
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.CALLER_CANCELLED);
        assertThat(fixture.settled()).isEqualTo(1);
        return CallFixture.record(call);
    }

    @Test
    void aStreamWhoseCallerLeavesIsCancelledAtOnce() {
        Feed feed = left(CANCELLED);
        assertThat(feed.isAborted()).isTrue();
        assertThat(settled().estimated()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whereThatIsWantedItIsReadOnForItsUsage(boolean told) {
        Feed feed = streaming(DRAINED, exchange);
        String shown = exchange.text();
        exchange.leave(told);
        feed.data(delta("more"));
        assertThat(outcome).isNotDone();
        assertThat(fixture.settled()).isZero();
        assertThat(exchange.isAborted()).isTrue();
        feed.data(delta("and more")).data(STOP).data(USAGE).data(DONE).end();

        CallRecord record = settled();
        assertThat(record.estimated()).isFalse();
        assertThat(record.usage().input()).isEqualTo(7);
        assertThat(record.usage().output()).isEqualTo(3);
        assertThat(exchange.text()).isEqualTo(shown);
        assertThat(exchange.isEnded()).isFalse();
    }

    @Test
    void itIsReadOnAsFastAsItComes() {
        Feed feed = left(DRAINED);
        String large = delta("x".repeat(30_000));
        for (int i = 0; i < 20; i++) {
            feed.data(large);
        }
        assertThat(feed.credit()).isGreaterThan(20 * 30_000);
        feed.cut();
        assertThat(settled().estimated()).isTrue();
    }

    @Test
    void itIsReadOnForThirtySeconds() {
        Feed feed = left(DRAINED);
        pass(29);
        feed.data(delta("more"));
        assertThat(outcome).isNotDone();
        pass(1);
        assertThat(feed.isAborted()).isTrue();
        assertThat(settled().estimated()).isTrue();
    }

    @Test
    void itIsReadOnForOneMebibyte() {
        Feed feed = left(DRAINED);
        String large = delta("x".repeat(100_000));
        for (int i = 0; i < 10; i++) {
            feed.data(large);
        }
        assertThat(outcome).isNotDone();
        feed.data(large);
        assertThat(feed.isAborted()).isTrue();
        settled();
    }

    @Test
    void aCallerWhoDoesNotReadIsTreatedAsOneWhoLeft() {
        exchange.stall();
        Feed feed = streaming(DRAINED, exchange);
        pass(59);
        feed.data(delta("x"));
        pass(1);
        assertThat(outcome).isNotDone();
        assertThat(feed.isAborted()).isFalse();
        feed.data(STOP).data(USAGE).data(DONE).end();
        assertThat(settled().estimated()).isFalse();
    }

    @Test
    void aCallerWhoLeavesBeforeAnythingIsShownIsTreatedAlike() {
        asked();
        Feed feed = upstreams.feed(0).sse().data(ROLE);
        exchange.leave(true);
        assertThat(feed.isAborted()).isFalse();
        feed.data(delta("x")).data(STOP).data(USAGE).data(DONE).end();
        assertThat(settled().estimated()).isFalse();
        assertThat(exchange.status()).isZero();
    }

    @Test
    void aCallerWhoLeavesBeforeThereIsAStreamEndsTheCall() {
        asked();
        exchange.leave(true);
        assertThat(upstreams.feed(0).isAborted()).isTrue();
        assertThat(refusalOf(outcome).code()).isEqualTo(ErrorCode.CALLER_CANCELLED);
    }

    @Test
    void aClosingGatewayReadsNothingOn() {
        Feed before = left(DRAINED);
        assertThat(before.isAborted()).isFalse();
        forwarder.stopDraining();
        assertThat(before.isAborted()).isTrue();
        assertThat(settled().estimated()).isTrue();

        FakeExchange later = new FakeExchange();
        Feed after = streaming(DRAINED, later);
        later.leave(true);
        assertThat(after.isAborted()).isTrue();
        settled();
    }

    @Test
    void onlySoManyAreReadOnAtOnce() {
        List<Feed> feeds = new ArrayList<>();
        for (int i = 0; i < Drains.MOST + 1; i++) {
            FakeExchange caller = new FakeExchange();
            feeds.add(streaming(DRAINED, caller));
            caller.leave(true);
        }
        assertThat(feeds.subList(0, Drains.MOST)).noneMatch(Feed::isAborted);
        assertThat(feeds.get(Drains.MOST).isAborted()).isTrue();
        settled();

        feeds.get(0).data(STOP).data(USAGE).data(DONE).end();
        FakeExchange next = new FakeExchange();
        Feed room = streaming(DRAINED, next);
        next.leave(true);
        assertThat(room.isAborted()).isFalse();
        pass(30);
        assertThat(feeds.subList(1, Drains.MOST)).allMatch(Feed::isAborted);
    }
}
