package dev.tollgate.price;

import dev.tollgate.chat.Usage;
import dev.tollgate.tariff.Rates;
import java.math.BigInteger;
import java.util.OptionalLong;

/*
 * Exactness: amounts are added up in nano-USD per million, tokens times rate, without rounding; the sum is rounded once, half
 * up. Sums that a long does not hold are added up again in a wider number, and what even its result does not hold has no price.
 */
/** What a call costs by given rates. Every token is paid for once, as what it most particularly is. */
final class Bill {
    private static final long MILLION = 1_000_000;

    /** A sum that is not known; no sum of costs is negative. */
    private static final long UNKNOWN = -1;

    private static final long TOO_LARGE = -2;

    private Bill() {}

    /**
     * What was used, by these rates; empty where some of it has no known rate.
     *
     * @param searches how many searches it counts
     */
    static OptionalLong of(Rates rates, Usage usage, long searches) {
        long audioIn = Math.min(usage.audioInput(), usage.uncachedInput());
        long imagesIn = Math.min(usage.imageInput(), usage.uncachedInput() - audioIn);
        long audioOut = Math.min(usage.audioOutput(), usage.output());
        long imagesOut = Math.min(usage.imageOutput(), usage.output() - audioOut);
        return sum(
                new long[] {
                    usage.uncachedInput() - audioIn - imagesIn,
                    usage.cacheRead(),
                    usage.cacheWrite5m(),
                    usage.cacheWrite1h(),
                    usage.output() - audioOut - imagesOut,
                    audioIn,
                    audioOut,
                    imagesIn,
                    imagesOut,
                    searches
                },
                rates);
    }

    private static OptionalLong sum(long[] amounts, Rates rates) {
        long[] prices = {
            rates.input(),
            rates.cachedInput(),
            rates.cacheWrite5m(),
            rates.cacheWrite1h(),
            rates.output(),
            rates.audioInput(),
            rates.audioOutput(),
            rates.imageInput(),
            rates.imageOutput(),
            rates.search()
        };
        long sum = 0;
        for (int i = 0; i < amounts.length && sum >= 0; i++) {
            sum = plus(sum, amounts[i], prices[i]);
        }
        return sum >= 0 ? OptionalLong.of(rounded(sum)) : sum == UNKNOWN ? OptionalLong.empty() : wide(amounts, prices);
    }

    /** The most that so many tokens of input and of output cost by these rates. */
    static OptionalLong most(Rates rates, long inputTokens, long outputTokens) {
        boolean makesMore = rates.audioOutput() != Rates.UNKNOWN || rates.imageOutput() != Rates.UNKNOWN;
        long input = Math.max(rates.input(), Math.max(rates.cacheWrite5m(), rates.cacheWrite1h()));
        long output = rates.output();
        if (makesMore) {
            input = Math.max(input, Math.max(rates.audioInput(), rates.imageInput()));
            output = Math.max(output, Math.max(rates.audioOutput(), rates.imageOutput()));
        }
        // At least one search, where it is paid by them; how many it takes is not known before.
        long searches = rates.search() > 0 ? 1 : 0;
        long sum = plus(plus(plus(0, inputTokens, input), outputTokens, output), searches, rates.search());
        if (sum >= 0) {
            return OptionalLong.of(rounded(sum));
        }
        return sum == UNKNOWN
                ? OptionalLong.empty()
                : wide(new long[] {inputTokens, outputTokens, searches}, new long[] {input, output, rates.search()});
    }

    private static long plus(long sum, long amount, long rate) {
        if (sum < 0 || amount == 0) {
            return sum;
        }
        if (rate == Rates.UNKNOWN) {
            return UNKNOWN;
        }
        long product = amount * rate;
        long total = sum + product;
        return Math.multiplyHigh(amount, rate) != 0 || product < 0 || total < 0 ? TOO_LARGE : total;
    }

    private static long rounded(long sum) {
        long whole = sum / MILLION;
        return sum % MILLION * 2 >= MILLION ? whole + 1 : whole;
    }

    private static OptionalLong wide(long[] amounts, long[] prices) {
        BigInteger sum = BigInteger.ZERO;
        for (int i = 0; i < amounts.length; i++) {
            if (amounts[i] != 0 && prices[i] == Rates.UNKNOWN) {
                return OptionalLong.empty();
            }
            sum = sum.add(BigInteger.valueOf(amounts[i]).multiply(BigInteger.valueOf(Math.max(0, prices[i]))));
        }
        BigInteger rounded = sum.add(BigInteger.valueOf(MILLION / 2)).divide(BigInteger.valueOf(MILLION));
        return rounded.bitLength() < Long.SIZE ? OptionalLong.of(rounded.longValue()) : OptionalLong.empty();
    }
}
