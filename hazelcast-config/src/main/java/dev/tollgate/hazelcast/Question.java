package dev.tollgate.hazelcast;

import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;

/**
 * What a node asks of an allowance.
 *
 * @param extent a bucket's period in nanoseconds, or when a window ends in milliseconds since 1970
 * @param lent how much of a bucket may be outside
 * @param leaving how much must be left of a take
 * @param node who asks
 * @param sequence the number of the operation; each of a node's is higher than all before
 * @param now the time of the cluster in nanoseconds since 1970
 * @param size how many members there normally are, where a side uses its share of the allowance only; else 0
 */
record Question(
        Kind kind,
        long capacity,
        long extent,
        long lent,
        long amount,
        long leaving,
        String node,
        long sequence,
        long now,
        int size) {

    /** What is asked. */
    enum Kind {
        TAKE(0),
        LOOK(1),
        GIVE_BACK(2),
        CHARGE(3),
        SEED(4);

        private final int number;

        Kind(int number) {
            this.number = number;
        }

        static Kind of(int number) throws IOException {
            for (Kind kind : values()) {
                if (kind.number == number) {
                    return kind;
                }
            }
            throw new IOException("question " + number + " is of a later version of the gateway");
        }
    }

    /** Who asks, when, and as one of how many. */
    record Asker(String node, long sequence, long now, int size) {}

    static Question of(Kind kind, Allowance allowance, long amount, long leaving, Asker asker) {
        Shape shape = allowance.shape();
        long extent = shape instanceof Shape.Bucket bucket
                ? bucket.period().toNanos()
                : ((Shape.Window) shape).ends().toEpochMilli();
        long lent = shape instanceof Shape.Bucket bucket ? bucket.lent() : 0;
        return new Question(
                kind,
                shape.capacity(),
                extent,
                lent,
                amount,
                leaving,
                asker.node(),
                asker.sequence(),
                asker.now(),
                asker.size());
    }

    Shape.Bucket bucket() {
        return new Shape.Bucket(capacity, Duration.ofNanos(extent), lent);
    }

    Instant ends() {
        return Instant.ofEpochMilli(extent);
    }

    /** How much must be there for a take. */
    long needed() {
        return leaving > Long.MAX_VALUE - amount ? Long.MAX_VALUE : amount + leaving;
    }

    void write(DataOutputStream out) throws IOException {
        out.writeByte(kind.number);
        out.writeLong(capacity);
        out.writeLong(extent);
        out.writeLong(lent);
        out.writeLong(amount);
        out.writeLong(leaving);
        out.writeUTF(node);
        out.writeLong(sequence);
        out.writeLong(now);
        out.writeInt(size);
    }

    static Question read(DataInputStream in) throws IOException {
        return new Question(
                Kind.of(in.readUnsignedByte()),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                in.readUTF(),
                in.readLong(),
                in.readLong(),
                in.readInt());
    }
}
