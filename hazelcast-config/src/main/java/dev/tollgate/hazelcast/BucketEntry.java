package dev.tollgate.hazelcast;

import dev.tollgate.limit.Allowance.Shape;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.BucketState;
import io.github.bucket4j.MathType;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.bucket4j.distributed.remote.RemoteBucketState;
import io.github.bucket4j.distributed.remote.RemoteStat;
import io.github.bucket4j.distributed.serialization.InternalSerializationHelper;
import io.github.bucket4j.distributed.versioning.Versions;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A bucket of Bucket4j's, and which returns of tokens to it have been done already.
 *
 * <p>A side of a divided cluster has a bucket of its share of the size, which is filled in its share of the time and stays as
 * full in proportion.
 */
final class BucketEntry {
    private static final int MOST_NODES = 64;

    private final int version;
    private final RemoteBucketState state;
    private final Map<String, Long> returned;
    private final byte[] rest;
    private Portion portion;

    private BucketEntry(
            int version, RemoteBucketState state, Map<String, Long> returned, Portion portion, byte[] rest) {
        this.version = version;
        this.state = state;
        this.returned = returned;
        this.portion = portion;
        this.rest = rest;
    }

    /** A full one. The portion's share of the capacity must be at least 1. */
    static BucketEntry fresh(Shape.Bucket shape, Portion portion, long now) {
        BucketState full = BucketState.createInitialState(configuration(shape, portion), MathType.INTEGER_64_BITS, now);
        return new BucketEntry(
                Fields.VERSION,
                new RemoteBucketState(full, new RemoteStat(0), null),
                new LinkedHashMap<>(),
                portion,
                new byte[0]);
    }

    static BucketEntry of(byte[] bytes) {
        return Fields.read(bytes, BucketEntry::read);
    }

    private static BucketEntry read(DataInputStream in) throws IOException {
        int version = Math.max(Fields.VERSION, in.readUnsignedByte());
        RemoteBucketState state = InternalSerializationHelper.deserializeState(Fields.readBytes(in));
        Map<String, Long> returned = Fields.readAll(in, DataInputStream::readLong);
        return new BucketEntry(version, state, returned, Portion.read(in), in.readAllBytes());
    }

    byte[] bytes() {
        return Fields.write(this::write);
    }

    private void write(DataOutputStream out) throws IOException {
        out.writeByte(version);
        Fields.writeBytes(out, InternalSerializationHelper.serializeState(state, Versions.getLatest()));
        Fields.writeAll(out, returned, sequence -> Fields.write(number -> number.writeLong(sequence)));
        portion.write(out);
        out.write(rest);
    }

    private static BucketConfiguration configuration(Shape.Bucket shape, Portion portion) {
        long capacity = portion.share(shape.capacity());
        long room = Math.max(1, portion.share(shape.capacity() - shape.lent()));
        return BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(room)
                        .refillGreedy(capacity, shape.period())
                        .initialTokens(capacity))
                .build();
    }

    /**
     * Brings the bucket up to date: what has been filled in since, and its size.
     *
     * @return whether the size has changed
     */
    boolean adapt(Shape.Bucket shape, Portion now, long nanos) {
        BucketConfiguration wanted = configuration(shape, now);
        state.refillAllBandwidth(nanos);
        portion = now;
        if (wanted.equals(state.getConfiguration())) {
            return false;
        }
        state.replaceConfiguration(wanted, TokensInheritanceStrategy.PROPORTIONALLY, nanos);
        return true;
    }

    /** What is left for this side; negative when something is owed. */
    long left() {
        return state.getAvailableTokens();
    }

    long waitNanos(long tokens, long now) {
        return state.calculateDelayNanosAfterWillBePossibleToConsume(tokens, now, false);
    }

    long fullNanos(long now) {
        return state.calculateFullRefillingTime(now);
    }

    void charge(long tokens) {
        state.consume(tokens);
    }

    /** Puts tokens back; done already when its number is no higher than the node's last. */
    void giveBack(String node, long tokens, long sequence) {
        Long last = returned.remove(node);
        if (last == null || sequence > last) {
            state.addTokens(tokens);
        }
        returned.put(node, last == null ? sequence : Math.max(last, sequence));
        // Nodes without an id of their own take a new one with every start; the oldest are long gone.
        Iterator<String> nodes = returned.keySet().iterator();
        while (returned.size() > MOST_NODES && nodes.hasNext()) {
            nodes.next();
            nodes.remove();
        }
    }

    /** The one of two with the fewer tokens left, if both were of the same size, with the returns that either knows. */
    BucketEntry joinedWith(BucketEntry other) {
        BucketEntry leaner = isLeanerThan(other) ? this : other;
        BucketEntry fuller = leaner == this ? other : this;
        fuller.returned.forEach((node, sequence) -> leaner.returned.merge(node, sequence, Math::max));
        return leaner;
    }

    private boolean isLeanerThan(BucketEntry other) {
        long mine = Portion.WHOLE.rescaled(left(), portion);
        return mine <= Portion.WHOLE.rescaled(other.left(), other.portion);
    }
}
