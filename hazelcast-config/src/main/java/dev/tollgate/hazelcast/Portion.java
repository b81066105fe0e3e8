package dev.tollgate.hazelcast;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigInteger;

/**
 * How much of a cluster is on this side of it.
 *
 * @param members the members on this side, at least 1
 * @param of the members there are normally
 */
record Portion(int members, int of) {
    static final Portion WHOLE = new Portion(1, 1);

    /** The part of {@code of} that {@code members} are; a side is never more than whole. */
    static Portion of(int members, int of) {
        return members >= of ? WHOLE : new Portion(Math.max(1, members), of);
    }

    boolean isWhole() {
        return members == of;
    }

    boolean sameAs(Portion other) {
        return (long) members * other.of == (long) other.members * of;
    }

    boolean isLessThan(Portion other) {
        return (long) members * other.of < (long) other.members * of;
    }

    /** This part of an amount, rounded down. */
    long share(long amount) {
        return isWhole() ? amount : scaled(amount, members, of);
    }

    /** What an amount that was the share of another part is in this one, rounded down. */
    long rescaled(long amount, Portion from) {
        return scaled(amount, (long) members * from.of, (long) of * from.members);
    }

    private static long scaled(long amount, long by, long over) {
        BigInteger product = BigInteger.valueOf(amount).multiply(BigInteger.valueOf(by));
        BigInteger[] parts = product.divideAndRemainder(BigInteger.valueOf(over));
        return parts[1].signum() < 0 ? parts[0].longValue() - 1 : parts[0].longValue();
    }

    void write(DataOutputStream out) throws IOException {
        out.writeInt(members);
        out.writeInt(of);
    }

    static Portion read(DataInputStream in) throws IOException {
        return new Portion(in.readInt(), in.readInt());
    }
}
