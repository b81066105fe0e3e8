package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AddressesTest {
    private final AtomicInteger lookups = new AtomicInteger();
    private final AtomicLong now = new AtomicLong();
    private volatile boolean broken;
    private volatile boolean mad;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private final Addresses addresses = new Addresses(
            host -> {
                lookups.incrementAndGet();
                try {
                    gate.await();
                } catch (InterruptedException e) {
                    throw new UnknownHostException(host);
                }
                if (broken) {
                    throw new UnknownHostException(host);
                }
                if (mad) {
                    throw new LinkageError("as if");
                }
                return new InetAddress[] {InetAddress.getLoopbackAddress()};
            },
            now::get);

    @AfterEach
    void close() {
        gate.countDown();
        addresses.close();
    }

    private void known() {
        addresses.ready("a").join();
    }

    @Test
    void aNameIsLookedUpOnceForAllWhoAsk() throws Exception {
        gate = new CountDownLatch(1);
        CompletableFuture<Void> one = addresses.ready("a");
        CompletableFuture<Void> two = addresses.ready("a");
        assertThat(one).isNotDone();
        gate.countDown();
        CompletableFuture.allOf(one, two).join();
        assertThat(lookups).hasValue(1);
        assertThat(addresses.resolve("a")).containsExactly(InetAddress.getLoopbackAddress());
    }

    @Test
    void aKnownNameIsReadyAtOnce() {
        known();
        now.addAndGet(TimeUnit.SECONDS.toNanos(29));
        assertThat(addresses.ready("a")).isDone();
        assertThat(lookups).hasValue(1);
    }

    @Test
    void anOldNameServesWhileItIsLookedUpAgain() {
        known();
        gate = new CountDownLatch(1);
        now.addAndGet(TimeUnit.SECONDS.toNanos(31));
        assertThat(addresses.ready("a")).isDone();
        await().until(() -> lookups.get() == 2);
        assertThat(addresses.underWay()).containsExactly("a");
    }

    @Test
    void theLastGoodAddressesServeForTenMinutesOfABrokenNameServer() {
        known();
        broken = true;
        now.addAndGet(TimeUnit.MINUTES.toNanos(9));
        assertThat(addresses.ready("a")).isDone().isNotCompletedExceptionally();
        await().until(() -> addresses.underWay().isEmpty());
        now.addAndGet(TimeUnit.MINUTES.toNanos(2));
        assertThatThrownBy(() -> addresses.ready("a").get()).hasCauseInstanceOf(UnknownHostException.class);
    }

    @Test
    void aFailureIsNotRemembered() {
        broken = true;
        assertThatThrownBy(() -> addresses.ready("a").get()).hasCauseInstanceOf(UnknownHostException.class);
        broken = false;
        assertThat(addresses.ready("a")).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void anErrorOfTheJvmIsNotRememberedEither() {
        mad = true;
        assertThatThrownBy(() -> addresses.ready("a").get()).hasCauseInstanceOf(LinkageError.class);
        mad = false;
        assertThat(addresses.ready("a")).succeedsWithin(Duration.ofSeconds(5));
    }

    @Test
    void anUnknownNameIsNeverLookedUpByTheClientItself() {
        assertThatThrownBy(() -> addresses.resolve("b")).isInstanceOf(UnknownHostException.class);
        assertThat(lookups).hasValue(0);
    }
}
