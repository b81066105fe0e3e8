package dev.tollgate.limit;

import java.math.BigInteger;

/** An allowance as the manual describes it, in exact numbers and without any cleverness. */
final class ReferenceAllowance {
    private final BigInteger period;
    private BigInteger capacity;
    private BigInteger left;

    private ReferenceAllowance(long capacity, long periodNanos) {
        this.period = BigInteger.valueOf(periodNanos);
        this.capacity = BigInteger.valueOf(capacity);
        this.left = this.capacity.multiply(period);
    }

    /** One that comes back evenly. */
    static ReferenceAllowance bucket(long capacity, long periodNanos) {
        return new ReferenceAllowance(capacity, periodNanos);
    }

    /** One that does not come back before its window is over. */
    static ReferenceAllowance window(long capacity) {
        return new ReferenceAllowance(capacity, 1);
    }

    /** Time goes by; a window takes no note of it. */
    void pass(long nanos) {
        left = left.add(capacity.multiply(BigInteger.valueOf(nanos))).min(capacity.multiply(period));
    }

    void resize(long newCapacity) {
        left = left.add(BigInteger.valueOf(newCapacity).subtract(capacity));
        capacity = BigInteger.valueOf(newCapacity);
    }

    boolean has(long amount) {
        return left.compareTo(BigInteger.valueOf(amount).multiply(period)) >= 0;
    }

    /** Takes an amount, or puts a negative one back. */
    void take(long amount) {
        left = left.subtract(BigInteger.valueOf(amount).multiply(period)).min(capacity.multiply(period));
    }

    /** How much is left, fractions cut off. */
    long left() {
        return left.divide(period).longValueExact();
    }
}
