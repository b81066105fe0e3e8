package dev.tollgate.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.ExtendedMapEntry;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What is done to one entry by the member that keeps it, without anything in between. The backups are given what has come of
 * it, rather than doing it again.
 */
abstract class Work
        implements EntryProcessor<String, byte[], long[]>, IdentifiedDataSerializable, HazelcastInstanceAware {
    private static final long serialVersionUID = 1L;

    private transient @Nullable HazelcastInstance instance;
    private transient @Nullable Replaced replaced;

    @Override
    public final void setHazelcastInstance(HazelcastInstance keeper) {
        this.instance = keeper;
    }

    /** The part of the cluster that the keeping member sees, of a normal size; 0 for what needs a majority. */
    final Portion portion(int size) {
        return size <= 1 ? Portion.WHOLE : Portion.of(Reach.of(keeper()).members(), size);
    }

    final HazelcastInstance keeper() {
        HazelcastInstance keeper = instance;
        if (keeper == null) {
            throw new IllegalStateException("no member keeps this");
        }
        return keeper;
    }

    /** Keeps a value for so long. */
    final void keep(Map.Entry<String, byte[]> entry, byte[] value, long millis) {
        new Replaced(value, millis).process(entry);
        replaced = new Replaced(value, millis);
    }

    @Override
    public @Nullable EntryProcessor<String, byte[], long[]> getBackupProcessor() {
        return replaced;
    }

    /** Writes the fields of the work. */
    abstract void write(DataOutputStream out) throws IOException;

    /** Reads what {@link #write} has written; what is behind it is of a later version. */
    abstract void read(DataInputStream in) throws IOException;

    @Override
    public final void writeData(ObjectDataOutput out) throws IOException {
        out.writeByte(Fields.VERSION);
        out.writeByteArray(Fields.write(this::write));
    }

    @Override
    public final void readData(ObjectDataInput in) throws IOException {
        in.readByte();
        byte[] fields = in.readByteArray();
        if (fields == null) {
            throw new IOException("work without fields");
        }
        Fields.read(fields, each -> {
            read(each);
            return this;
        });
    }

    @Override
    public final int getFactoryId() {
        return GridSerialization.FACTORY_ID;
    }

    /** Sets a backup to what has come of some work. */
    static final class Replaced implements EntryProcessor<String, byte[], long[]>, IdentifiedDataSerializable {
        private static final long serialVersionUID = 1L;

        private byte[] value;
        private long millis;

        Replaced(byte[] value, long millis) {
            this.value = value;
            this.millis = millis;
        }

        @Override
        public long @Nullable [] process(Map.Entry<String, byte[]> entry) {
            if (value.length == 0) {
                entry.setValue(null);
            } else {
                ((ExtendedMapEntry<String, byte[]>) entry).setValue(value, millis, TimeUnit.MILLISECONDS);
            }
            return null;
        }

        @Override
        public @Nullable EntryProcessor<String, byte[], long[]> getBackupProcessor() {
            return null;
        }

        @Override
        public void writeData(ObjectDataOutput out) throws IOException {
            out.writeByte(Fields.VERSION);
            out.writeLong(millis);
            out.writeByteArray(value);
        }

        @Override
        public void readData(ObjectDataInput in) throws IOException {
            in.readByte();
            millis = in.readLong();
            byte[] read = in.readByteArray();
            value = read == null ? new byte[0] : read;
        }

        @Override
        public int getFactoryId() {
            return GridSerialization.FACTORY_ID;
        }

        @Override
        public int getClassId() {
            return GridSerialization.REPLACED;
        }
    }
}
