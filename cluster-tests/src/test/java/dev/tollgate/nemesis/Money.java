package dev.tollgate.nemesis;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Prices by an arithmetic of its own, which shares nothing with the gateway's. */
final class Money {
    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
    private static final int NANO = 9;

    private Money() {}

    /** What a model costs, in USD per million tokens. */
    record Price(BigDecimal input, BigDecimal cached, BigDecimal output) {
        static Price of(String input, String cached, String output) {
            return new Price(new BigDecimal(input), new BigDecimal(cached), new BigDecimal(output));
        }

        /**
         * In nano-USD, rounded half up once.
         *
         * @param input all input tokens, those from the cache included
         */
        long cost(long input, long fromCache, long output) {
            BigDecimal usd = this.input
                    .multiply(BigDecimal.valueOf(input - fromCache))
                    .add(cached.multiply(BigDecimal.valueOf(fromCache)))
                    .add(this.output.multiply(BigDecimal.valueOf(output)))
                    .divide(MILLION);
            return usd.movePointRight(NANO).setScale(0, RoundingMode.HALF_UP).longValueExact();
        }
    }

    static String usd(long nano) {
        return BigDecimal.valueOf(nano, NANO).stripTrailingZeros().toPlainString();
    }
}
