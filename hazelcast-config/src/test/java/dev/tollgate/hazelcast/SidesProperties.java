package dev.tollgate.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.limit.Allowance.Shape;
import java.time.Duration;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;

/** Whatever the sides of a divided cluster do, together they hand out no more than there was, and joined they know it. */
class SidesProperties {
    private static final long NOW = 1_000_000_000L;

    @Property
    void twoSidesOfAWindowKeepTheLimit(
            @ForAll @LongRange(min = 1, max = 1_000) long limit,
            @ForAll @LongRange(min = 0, max = 1_000) long before,
            @ForAll @IntRange(min = 1, max = 4) int here,
            @ForAll @IntRange(min = 1, max = 4) int there,
            @ForAll @Size(max = 40) List<@IntRange(min = -20, max = 20) Integer> steps) {
        WindowEntry window = WindowEntry.fresh(limit, Portion.WHOLE);
        take(window, "one", Math.min(limit, before));
        WindowEntry one = WindowEntry.of(window.bytes());
        WindowEntry two = WindowEntry.of(window.bytes());
        one.adapt(limit, Portion.of(here, here + there));
        two.adapt(limit, Portion.of(there, here + there));

        long sequence = 1;
        long outside = window.used();
        for (int step : steps) {
            // Odd steps are of the first side. One that gives back gives what it took itself.
            WindowEntry side = step % 2 != 0 ? one : two;
            String node = side == one ? "one" : "two";
            outside += step >= 0 ? take(side, node, step) : -giveBack(side, node, -step, sequence++);
            assertThat(outside).isLessThanOrEqualTo(limit);
        }

        WindowEntry joined = one.joinedWith(two);
        assertThat(joined.used()).isEqualTo(outside);
        assertThat(WindowEntry.of(two.joinedWith(one).bytes()).used()).isEqualTo(outside);
        joined.adapt(limit, Portion.WHOLE);
        assertThat(joined.left()).isEqualTo(limit - outside);
    }

    @Property
    void aSideThatFallsApartAgainKeepsTheLimitToo(
            @ForAll @LongRange(min = 1, max = 1_000) long limit,
            @ForAll @LongRange(min = 0, max = 1_000) long before,
            @ForAll @LongRange(min = 0, max = 1_000) long between) {
        WindowEntry all = WindowEntry.fresh(limit, Portion.WHOLE);
        take(all, "one", Math.min(limit, before));
        WindowEntry three = WindowEntry.of(all.bytes());
        three.adapt(limit, Portion.of(1, 3));
        all.adapt(limit, Portion.of(2, 3));
        take(all, "one", Math.min(all.left(), between));
        WindowEntry two = WindowEntry.of(all.bytes());
        all.adapt(limit, Portion.of(1, 3));
        two.adapt(limit, Portion.of(1, 3));

        assertThat(all.used() + all.left() + two.left() + three.left()).isLessThanOrEqualTo(limit);
    }

    @Property
    void aChangedLimitIsSharedToo(
            @ForAll @LongRange(min = 1, max = 1_000) long limit,
            @ForAll @LongRange(min = 1, max = 1_000) long changed,
            @ForAll @LongRange(min = 0, max = 1_000) long before) {
        WindowEntry one = WindowEntry.fresh(limit, Portion.WHOLE);
        take(one, "one", Math.min(limit, before));
        WindowEntry two = WindowEntry.of(one.bytes());
        one.adapt(limit, Portion.of(1, 2));
        two.adapt(limit, Portion.of(1, 2));
        one.adapt(changed, Portion.of(1, 2));
        two.adapt(changed, Portion.of(1, 2));

        assertThat(one.used() + one.left() + two.left()).isLessThanOrEqualTo(changed);
    }

    @Property
    void twoSidesOfABucketHoldNoMoreThanItHeld(
            @ForAll @LongRange(min = 2, max = 1_000) long capacity,
            @ForAll @LongRange(min = 0, max = 1_000) long used,
            @ForAll @LongRange(min = 0, max = 500) long usedByOne,
            @ForAll @LongRange(min = 0, max = 500) long usedByTwo) {
        Shape.Bucket shape = new Shape.Bucket(capacity, Duration.ofDays(1));
        BucketEntry whole = BucketEntry.fresh(shape, Portion.WHOLE, NOW);
        whole.charge(Math.min(used, capacity));
        long left = whole.left();
        BucketEntry one = BucketEntry.of(whole.bytes());
        BucketEntry two = BucketEntry.of(whole.bytes());
        one.adapt(shape, Portion.of(1, 2), NOW);
        two.adapt(shape, Portion.of(1, 2), NOW);
        assertThat(one.left() + two.left()).isLessThanOrEqualTo(left);

        long usedByBoth = charge(one, usedByOne) + charge(two, usedByTwo);
        BucketEntry joined = one.joinedWith(two);
        joined.adapt(shape, Portion.WHOLE, NOW);

        assertThat(joined.left()).isLessThanOrEqualTo(left - usedByBoth);
    }

    private static long charge(BucketEntry bucket, long wanted) {
        long amount = Math.max(0, Math.min(wanted, bucket.left()));
        bucket.charge(amount);
        return amount;
    }

    private static long take(WindowEntry window, String node, long amount) {
        if (amount > window.left()) {
            return 0;
        }
        window.charge(node, amount);
        return amount;
    }

    private static long giveBack(WindowEntry window, String node, long amount, long sequence) {
        long before = window.used();
        window.giveBack(node, amount, sequence);
        return before - window.used();
    }
}
