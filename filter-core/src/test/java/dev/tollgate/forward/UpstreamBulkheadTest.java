package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.provider.Handling;
import dev.tollgate.provider.Provider;
import dev.tollgate.testing.FakeUpstream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Providers that hang, and their neighbours. */
class UpstreamBulkheadTest extends UpstreamBase {
    private final FakeUpstream hung =
            new FakeUpstream().always(peer -> peer.await(gate).json(200, "{}"));
    private final FakeUpstream well = new FakeUpstream().always(peer -> peer.json(200, "{}"));

    @AfterEach
    void closeProviders() {
        hung.close();
        well.close();
    }

    private List<Heard> fifty(Provider provider) {
        List<Heard> all = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            Heard heard = new Heard();
            send(provider, heard);
            all.add(heard);
        }
        return all;
    }

    private static void isFull(Heard heard) {
        assertThat(heard.failure().kind()).isEqualTo(UpstreamFailure.Kind.POOL_EXHAUSTED);
        assertThat(heard.failure().isUnsent()).isTrue();
    }

    @Test
    void callersOfAProviderThatHangsAreToldWithinASecondAndTheOthersNotice() {
        Provider slow = provider("slow", hung.uri(), limits(2, 4));
        Provider quick = provider("quick", well.uri(), limits(2, 4));
        long start = System.nanoTime();
        List<Heard> all = fifty(slow);

        // those who find the queue full know at once
        assertThat(all.stream().filter(Heard::isOver)).hasSize(44).allSatisfy(UpstreamBulkheadTest::isFull);
        assertThat(use("slow")).isEqualTo(new UpstreamUse("slow", 2, 0, 4));
        for (int i = 0; i < 200; i++) {
            assertThat(sendAndWait(quick).failure()).isNull();
        }

        await().until(() -> all.stream().filter(Heard::isOver).count() == 48);
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
        assertThat(all.stream().filter(Heard::isOver)).allSatisfy(UpstreamBulkheadTest::isFull);
        assertThat(hung.requests()).hasSize(2);

        gate.countDown();
        await().until(() -> all.stream().allMatch(Heard::isOver));
        assertThat(all.stream().filter(Heard::hasEnded)).hasSize(2);
    }

    /** One host may stand for several accounts, regions or limits. */
    @Test
    void twoProvidersAtOneAddressDoNotShareTheirPlaces() {
        fifty(provider("slow", hung.uri(), limits(2, 4)));
        await().until(() -> hung.playing() == 2);
        hung.always(peer -> peer.json(200, "{}"));

        assertThat(sendAndWait(provider("other", hung.uri(), limits(2, 4))).failure())
                .isNull();
    }

    @Test
    void whoWaitsGoesInWhenAnotherEnds() {
        Provider slow = provider("slow", hung.uri(), limits(1, 1));
        Heard first = new Heard();
        Heard second = new Heard();
        send(slow, first);
        await().until(() -> hung.requests().size() == 1);
        send(slow, second);
        assertThat(use("slow").pending()).isEqualTo(1);

        gate.countDown();

        await().until(second::hasEnded);
        assertThat(first.hasEnded()).isTrue();
        assertThat(hung.connections()).isEqualTo(1);
    }

    @Test
    void whoIsCalledOffMakesRoomForWhoWaits() {
        Provider slow = provider("slow", hung.uri(), limits(1, 1));
        Heard second = new Heard();
        Flight first = send(slow, new Heard());
        await().until(() -> hung.requests().size() == 1);
        send(slow, second);
        first.abort();
        await().until(() -> hung.requests().size() == 2);
        gate.countDown();
        await().until(second::hasEnded);
    }

    @Test
    void noPlacesToWaitMeansNoWaiting() {
        Provider slow = provider("slow", hung.uri(), limits(1, 0));
        send(slow, new Heard());
        Heard second = new Heard();
        send(slow, second);
        isFull(second);
        gate.countDown();
        await().until(() -> use("slow").leased() == 0);
    }

    @Test
    void newLimitsHoldForTheNextCall() {
        send(provider("slow", hung.uri(), limits(1, 0)), new Heard());
        Heard second = new Heard();
        send(provider("slow", hung.uri(), limits(2, 0)), second);
        await().until(() -> hung.requests().size() == 2);
        gate.countDown();
        await().until(second::hasEnded);
    }

    @Test
    void whatIsHeldIsShown() {
        Provider quick = provider("quick", well.uri(), Handling.Transport.DEFAULT);
        sendAndWait(quick);
        await().untilAsserted(() -> assertThat(use("quick")).isEqualTo(new UpstreamUse("quick", 0, 1, 0)));
        http.keep(List.of(quick));
        assertThat(http.use()).hasSize(1);
        http.keep(List.of());
        assertThat(http.use()).isEmpty();
    }

    /** Neither turns nor failures nest, however many wait. */
    @Test
    void thousandsWhoWaitForAProviderThatIsGoneEnd() {
        Provider gone = provider("gone", hung.uri(), limits(1, 8_000));
        hung.close();
        List<Heard> all = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            Heard heard = new Heard();
            send(gone, heard);
            all.add(heard);
        }
        await().until(() -> all.stream().allMatch(Heard::isOver));
        assertThat(all)
                .allSatisfy(heard -> assertThat(heard.failure().isUnsent()).isTrue());
    }
}
