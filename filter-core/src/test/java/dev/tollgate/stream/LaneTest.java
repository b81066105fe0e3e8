package dev.tollgate.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LaneTest {
    private final List<Throwable> errors = new ArrayList<>();
    private final Lane lane = new Lane(errors::add);

    @Test
    void aTaskRunsAtOnceWhenNoneIsRunning() {
        List<String> ran = new ArrayList<>();
        lane.run(() -> ran.add("a"));
        assertThat(ran).containsExactly("a");
    }

    @Test
    void aTaskBroughtByARunningOneComesAfterIt() {
        List<String> ran = new ArrayList<>();
        lane.run(() -> {
            lane.run(() -> ran.add("inner"));
            ran.add("outer");
        });
        assertThat(ran).containsExactly("outer", "inner");
    }

    @Test
    void aFaultyTaskStopsNobody() {
        List<String> ran = new ArrayList<>();
        lane.run(() -> {
            lane.run(() -> ran.add("next"));
            throw new AssertionError("a fault");
        });
        assertThat(errors).singleElement().isInstanceOf(AssertionError.class);
        assertThat(ran).containsExactly("next");
    }

    @Test
    void aFaultThatCannotBeToldStopsNobodyEither() {
        List<String> ran = new ArrayList<>();
        Lane deaf = new Lane(fault -> {
            throw new IllegalStateException("a second fault", fault);
        });
        deaf.run(() -> {
            throw new AssertionError("a fault");
        });
        deaf.run(() -> ran.add("next"));
        assertThat(ran).containsExactly("next");
    }

    @Test
    void tasksOfManyThreadsRunOneAtATimeAndNoneIsLost() throws InterruptedException {
        int threads = 4;
        int each = 20_000;
        int[] unguarded = new int[1];
        CountDownLatch start = new CountDownLatch(1);
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        for (int t = 0; t < threads; t++) {
            pool.execute(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int i = 0; i < each; i++) {
                    lane.run(() -> unguarded[0]++);
                }
            });
        }
        start.countDown();
        pool.shutdown();
        assertThat(pool.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        CountDownLatch last = new CountDownLatch(1);
        lane.run(last::countDown);
        assertThat(last.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(unguarded[0]).isEqualTo(threads * each);
    }
}
