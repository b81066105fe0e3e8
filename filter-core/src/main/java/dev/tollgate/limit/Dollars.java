package dev.tollgate.limit;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Money in messages. */
final class Dollars {
    private static final long ONE = 1_000_000_000;

    private Dollars() {}

    /** Nano-USD in USD: to the hundredth of a cent from a dollar on, and to the last digit below. */
    static String text(long nanoUsd) {
        BigDecimal usd = BigDecimal.valueOf(nanoUsd, 9);
        BigDecimal shown = Math.abs(nanoUsd) < ONE ? usd : usd.setScale(4, RoundingMode.HALF_UP);
        return shown.signum() == 0 ? "0" : shown.stripTrailingZeros().toPlainString();
    }
}
