package dev.tollgate.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import java.math.BigInteger;
import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class LendingProperties {

    @Property(tries = 500)
    void allNodesTogetherHoldATwentiethOfABucketAtMost(
            @ForAll @LongRange(min = 1) long capacity,
            @ForAll @LongRange(min = 1, max = 400L * 86_400) long periodSeconds,
            @ForAll @IntRange(min = 1, max = 100) int members) {
        Shape shape = new Shape.Bucket(capacity, Duration.ofSeconds(periodSeconds));
        Lending lending = new Lending(members);

        long most = lending.most(shape);
        Allowance shared = lending.shared(new Allowance("name", shape, OnLoss.STRICT));

        assertThat(most).isNotNegative().isNotEqualTo(1);
        assertThat(capacity - Lending.full(shared)).isEqualTo(most * members).isLessThanOrEqualTo(capacity / 20);
        assertThat(shared.shape().capacity()).isEqualTo(capacity);
    }

    @Property(tries = 500)
    void scalingIsExactAndDoesNotOverflow(
            @ForAll @LongRange(min = 0) long amount,
            @ForAll @LongRange(min = 0) long times,
            @ForAll @LongRange(min = 1) long parts) {
        BigInteger exact =
                BigInteger.valueOf(amount).multiply(BigInteger.valueOf(times)).divide(BigInteger.valueOf(parts));

        assertThat(Lending.scaled(amount, times, parts))
                .isEqualTo(exact.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue());
    }

    @Property(tries = 300)
    void theLongerAWaitHasBeenKnownTheShorterItIs(
            @ForAll @LongRange(min = 1, max = 1_000_000) long capacity,
            @ForAll @LongRange(min = 1, max = 86_400) long periodSeconds,
            @ForAll @LongRange(min = 1, max = 1_000_000_000_000L) long wait,
            @ForAll @LongRange(min = 0, max = 100_000_000) long since,
            @ForAll @LongRange(min = 0, max = 1_000) long more) {
        Shape shape = new Shape.Bucket(capacity, Duration.ofSeconds(periodSeconds));
        Allowance shared = new Allowance("name", shape, OnLoss.STRICT);
        RememberedRefusal refusal = RememberedRefusal.of(5, wait, 0);

        long told = refusal.waitNanos(shared, 5 + more, since);

        assertThat(told - Math.max(1, wait - since))
                .isEqualTo(more * Duration.ofSeconds(periodSeconds).toNanos() / capacity);
        assertThat(refusal.holds(4, since)).isFalse();
    }
}
