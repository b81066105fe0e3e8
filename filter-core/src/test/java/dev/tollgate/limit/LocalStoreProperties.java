package dev.tollgate.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore.Verdict;
import dev.tollgate.testing.ManualTime;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.lifecycle.BeforeTry;

class LocalStoreProperties {
    private ManualTime time;
    private LocalStore store;

    @BeforeTry
    void open() {
        time = new ManualTime();
        store = new LocalStore(time, time, 1_000);
    }

    @Property(tries = 300)
    void noMoreIsAdmittedInAnyIntervalThanCapacityAndRefill(
            @ForAll @LongRange(min = 1, max = 50) long capacity,
            @ForAll @IntRange(min = 1, max = 100_000) int periodMillis,
            @ForAll @Size(min = 1, max = 120) List<@LongRange(max = 20_000) Long> pausesMillis) {
        Shape.Bucket shape = new Shape.Bucket(capacity, Duration.ofMillis(periodMillis));
        List<Long> admittedAt = new ArrayList<>();
        for (long pause : pausesMillis) {
            if (take(shape).taken()) {
                admittedAt.add(time.getAsLong());
            }
            // Most calls come in bursts; pauses also give the sweep occasion to drop the bucket.
            time.passNanos(pause % 3 == 0 ? Duration.ofMillis(pause).toNanos() : 0);
            store.take(allowance("another-" + pause, shape), 1, 0);
        }
        for (int from = 0; from < admittedAt.size(); from++) {
            for (int to = from; to < admittedAt.size(); to++) {
                BigInteger admitted = BigInteger.valueOf(to - from + 1L);
                long interval = admittedAt.get(to) - admittedAt.get(from);
                assertThat(admitted.multiply(BigInteger.valueOf(shape.period().toNanos())))
                        .isLessThanOrEqualTo(BigInteger.valueOf(capacity)
                                .multiply(BigInteger.valueOf(shape.period().toNanos())
                                        .add(BigInteger.valueOf(interval))));
            }
        }
    }

    @Property(tries = 300)
    void whoWaitsAsLongAsToldGetsThrough(
            @ForAll @LongRange(min = 1, max = 1_000_000) long capacity,
            @ForAll @LongRange(min = 1, max = 90_000) long periodSeconds,
            @ForAll @LongRange(max = 1_000_000_000) long nanosBefore) {
        Shape.Bucket shape = new Shape.Bucket(capacity, Duration.ofSeconds(periodSeconds));
        store.take(allowance("bucket", shape), capacity, 0);
        time.passNanos(nanosBefore);
        Verdict verdict = take(shape);
        while (verdict.taken()) {
            verdict = take(shape);
        }

        time.passNanos(verdict.waitNanos() + 1);

        assertThat(take(shape).taken()).isTrue();
    }

    @Property(tries = 200)
    void changingTheAmountNeverGivesMoreThanTheLargestAmount(
            @ForAll @Size(min = 1, max = 60) List<@LongRange(min = 1, max = 30) Long> amounts) {
        long admitted = 0;
        long largest = 0;
        for (long amount : amounts) {
            largest = Math.max(largest, amount);
            admitted += take(new Shape.Bucket(amount, Duration.ofDays(1))).taken() ? 1 : 0;
        }
        assertThat(admitted).isLessThanOrEqualTo(largest);
    }

    private Verdict take(Shape shape) {
        return store.take(allowance("bucket", shape), 1, 0)
                .toCompletableFuture()
                .join();
    }

    private static Allowance allowance(String name, Shape shape) {
        return new Allowance(name, shape, OnLoss.STRICT);
    }
}
