package dev.tollgate.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import dev.tollgate.tariff.Rates;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class BillTest {
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

    @Property(tries = 5_000)
    void aBillIsTheExactSumRoundedHalfUpOnce(@ForAll("rates") Rates rates, @ForAll("usages") Usage usage) {
        assertThat(Bill.of(rates, usage, 0)).isEqualTo(exact(rates, usage));
    }

    @Property(tries = 2_000)
    void noBillIsMoreThanTheMost(@ForAll("textRates") Rates rates, @ForAll("texts") Usage usage) {
        OptionalLong most = Bill.most(rates, usage.input(), usage.output());
        OptionalLong bill = Bill.of(rates, usage, 0);

        if (most.isPresent()) {
            assertThat(bill.orElseThrow()).isLessThanOrEqualTo(most.getAsLong());
        }
    }

    @Property
    void splittingInputIntoClassesOfOnePriceChangesNothing(@ForAll("usages") Usage usage) {
        Rates same = new Rates(7_777, 7_777, 7_777, 7_777, 9_999, 7_777, 9_999, 7_777, 9_999, 0);
        Usage whole = new Usage(usage.input(), 0, 0, 0, usage.output(), 0, 0, 0, Extras.NONE);

        assertThat(Bill.of(same, usage, 0)).isEqualTo(Bill.of(same, whole, 0));
    }

    @Provide
    Arbitrary<Rates> rates() {
        Arbitrary<Long> rate = Arbitraries.longs().between(0, 1_000_000_000_000_000L);
        return rate.list()
                .ofSize(10)
                .map(r -> new Rates(
                        r.get(0), r.get(1), r.get(2), r.get(3), r.get(4), r.get(5), r.get(6), r.get(7), r.get(8),
                        r.get(9)));
    }

    @Provide
    Arbitrary<Rates> textRates() {
        return Arbitraries.longs()
                .between(0, 100_000_000_000L)
                .list()
                .ofSize(4)
                .map(r -> new Rates(
                        r.get(0),
                        Math.min(r.get(0), r.get(1)),
                        r.get(1),
                        r.get(2),
                        r.get(3),
                        Rates.UNKNOWN,
                        Rates.UNKNOWN,
                        r.get(0),
                        Rates.UNKNOWN,
                        Rates.UNKNOWN));
    }

    @Provide
    Arbitrary<Usage> usages() {
        Arbitrary<Long> tokens = Arbitraries.longs().between(0, 1L << 40);
        return Combinators.combine(tokens.list().ofSize(5), tokens.list().ofSize(4))
                .as((t, kinds) -> new Usage(
                        t.get(0),
                        t.get(1),
                        t.get(2),
                        t.get(3),
                        t.get(4),
                        0,
                        kinds.get(0),
                        kinds.get(1),
                        kinds.get(2),
                        kinds.get(3),
                        Extras.NONE));
    }

    @Provide
    Arbitrary<Usage> texts() {
        return Arbitraries.longs()
                .between(0, 10_000_000)
                .list()
                .ofSize(5)
                .map(t -> new Usage(t.get(0), t.get(1), t.get(2), t.get(3), t.get(4), 0, 0, 0, Extras.NONE));
    }

    private static OptionalLong exact(Rates rates, Usage usage) {
        long audioIn = Math.min(usage.audioInput(), usage.uncachedInput());
        long imagesIn = Math.min(usage.imageInput(), usage.uncachedInput() - audioIn);
        long audioOut = Math.min(usage.audioOutput(), usage.output());
        long imagesOut = Math.min(usage.imageOutput(), usage.output() - audioOut);
        BigDecimal sum = product(usage.uncachedInput() - audioIn - imagesIn, rates.input())
                .add(product(usage.cacheRead(), rates.cachedInput()))
                .add(product(usage.cacheWrite5m(), rates.cacheWrite5m()))
                .add(product(usage.cacheWrite1h(), rates.cacheWrite1h()))
                .add(product(usage.output() - audioOut - imagesOut, rates.output()))
                .add(product(audioIn, rates.audioInput()))
                .add(product(audioOut, rates.audioOutput()))
                .add(product(imagesIn, rates.imageInput()))
                .add(product(imagesOut, rates.imageOutput()));
        BigDecimal nano = sum.divide(MILLION, 0, RoundingMode.HALF_UP);
        return nano.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                ? OptionalLong.empty()
                : OptionalLong.of(nano.longValueExact());
    }

    private static BigDecimal product(long tokens, long rate) {
        return BigDecimal.valueOf(tokens).multiply(BigDecimal.valueOf(rate));
    }
}
