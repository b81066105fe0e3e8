package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class BulkheadTest {
    private final List<String> went = new ArrayList<>();
    private int most = 2;
    private int mostWaiting = 2;
    private final Bulkhead bulkhead = new Bulkhead(() -> most, () -> mostWaiting);

    private Bulkhead.Berth berth(String name) {
        return bulkhead.berth(() -> went.add(name));
    }

    @Test
    void whoLeavesHandsThePlaceToWhoHasWaitedLongest() {
        Bulkhead.Berth a = berth("a");
        Bulkhead.Berth b = berth("b");
        Bulkhead.Berth c = berth("c");
        Bulkhead.Berth d = berth("d");
        assertThat(List.of(a.enter(), b.enter(), c.enter(), d.enter())).containsOnly(true);
        assertThat(went).containsExactly("a", "b");
        assertThat(bulkhead.waiting()).isEqualTo(2);

        b.leave();
        assertThat(went).containsExactly("a", "b", "c");
        a.leave();
        assertThat(went).containsExactly("a", "b", "c", "d");
        assertThat(bulkhead.inside()).isEqualTo(2);
    }

    @Test
    void aTurnThatFailsKeepsNobodyElseFromTheirs() {
        Bulkhead.Berth broken = bulkhead.berth(() -> {
            throw new OutOfMemoryError("no thread left");
        });

        assertThat(broken.enter()).isTrue();
        assertThat(berth("next").enter()).isTrue();
        assertThat(went).containsExactly("next");
        broken.leave();
        assertThat(bulkhead.inside()).isEqualTo(1);
    }

    @Test
    void whoFindsTooManyWaitingIsTurnedAwayAtOnce() {
        for (int i = 0; i < 4; i++) {
            assertThat(berth("in").enter()).isTrue();
        }
        assertThat(berth("fifth").enter()).isFalse();
        assertThat(went).hasSize(2);
    }

    @Test
    void whoGivesUpWaitingIsNotLetInAndLeavesRoomToWait() {
        Bulkhead.Berth a = berth("a");
        a.enter();
        berth("b").enter();
        Bulkhead.Berth c = berth("c");
        c.enter();
        c.leave();
        c.leave();
        berth("d").enter();
        a.leave();
        assertThat(went).containsExactly("a", "b", "d");
    }

    @Test
    void leavingTwiceMakesOnePlaceFree() {
        Bulkhead.Berth a = berth("a");
        a.enter();
        berth("b").enter();
        a.leave();
        a.leave();
        assertThat(bulkhead.inside()).isEqualTo(1);
    }

    @Test
    void moreAreLetInWhenMoreAreAllowed() {
        Bulkhead.Berth a = berth("a");
        a.enter();
        berth("b").enter();
        berth("c").enter();
        berth("d").enter();
        most = 4;
        a.leave();
        assertThat(went).containsExactly("a", "b", "c", "d");
        assertThat(bulkhead.inside()).isEqualTo(3);
    }

    /** Were turns nested, the stack would not suffice. */
    @Test
    void turnsThatEndAtOnceAreTakenOneAfterTheOther() {
        most = 1;
        mostWaiting = 100_000;
        Bulkhead.Berth first = berth("first");
        first.enter();
        AtomicInteger turns = new AtomicInteger();
        for (int i = 0; i < 100_000; i++) {
            Bulkhead.Berth[] own = new Bulkhead.Berth[1];
            own[0] = bulkhead.berth(() -> {
                turns.incrementAndGet();
                own[0].leave();
            });
            own[0].enter();
        }
        first.leave();
        assertThat(turns).hasValue(100_000);
        assertThat(bulkhead.inside()).isZero();
    }

    @Test
    void neverAreMoreInsideThanAllowedAndInTheEndNobodyIs() throws Exception {
        most = 3;
        mostWaiting = 5;
        AtomicInteger highest = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int thread = 0; thread < 8; thread++) {
                all.add(threads.submit(() -> {
                    start.await();
                    for (int i = 0; i < 5_000; i++) {
                        Bulkhead.Berth berth = bulkhead.berth(() -> {});
                        if (berth.enter()) {
                            highest.accumulateAndGet(bulkhead.inside(), Math::max);
                        }
                        berth.leave();
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(highest.get()).isBetween(1, 3);
        assertThat(bulkhead.inside()).isZero();
        assertThat(bulkhead.waiting()).isZero();
    }
}
