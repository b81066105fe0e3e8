package dev.tollgate.hazelcast;

import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import com.hazelcast.spi.merge.MergingValue;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** What is kept when two sides of a cluster that had been divided find each other again. */
abstract class Joining<V> implements SplitBrainMergePolicy<V, MergingValue<V>, V>, IdentifiedDataSerializable {

    @Override
    public final @Nullable V merge(@Nullable MergingValue<V> merging, @Nullable MergingValue<V> existing) {
        V theirs = merging == null ? null : merging.getDeserializedValue();
        V mine = existing == null ? null : existing.getDeserializedValue();
        if (theirs == null || mine == null) {
            return mine == null ? theirs : mine;
        }
        return join(mine, theirs);
    }

    abstract V join(V mine, V theirs);

    @Override
    public final void writeData(ObjectDataOutput out) throws IOException {
        out.writeByte(Fields.VERSION);
    }

    @Override
    public final void readData(ObjectDataInput in) throws IOException {
        in.readByte();
    }

    @Override
    public final int getFactoryId() {
        return GridSerialization.FACTORY_ID;
    }

    /** Of two buckets the one with less left. */
    public static final class OfBuckets extends Joining<byte[]> {
        @Override
        byte[] join(byte[] mine, byte[] theirs) {
            return BucketEntry.of(mine).joinedWith(BucketEntry.of(theirs)).bytes();
        }

        @Override
        public int getClassId() {
            return GridSerialization.JOINING_BUCKETS;
        }
    }

    /** Of two windows the later count of every node. */
    public static final class OfWindows extends Joining<byte[]> {
        @Override
        byte[] join(byte[] mine, byte[] theirs) {
            return WindowEntry.of(mine).joinedWith(WindowEntry.of(theirs)).bytes();
        }

        @Override
        public int getClassId() {
            return GridSerialization.JOINING_WINDOWS;
        }
    }

    /** The holders of slots on both sides. */
    public static final class OfSlots extends Joining<byte[]> {
        @Override
        byte[] join(byte[] mine, byte[] theirs) {
            return SlotEntry.of(mine).joinedWith(SlotEntry.of(theirs)).bytes();
        }

        @Override
        public int getClassId() {
            return GridSerialization.JOINING_SLOTS;
        }
    }

    /** Of two totals the one published later. */
    public static final class OfUsage extends Joining<String> {
        @Override
        String join(String mine, String theirs) {
            return HazelcastUsage.publishedAt(theirs) > HazelcastUsage.publishedAt(mine) ? theirs : mine;
        }

        @Override
        public int getClassId() {
            return GridSerialization.JOINING_USAGE;
        }
    }
}
