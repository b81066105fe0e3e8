package dev.tollgate.hazelcast;

import com.hazelcast.map.EntryProcessor;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * One operation for many names, so it does not remember what has come of each: the backups do it again, which for absolute
 * numbers is the same.
 */
/** Says how many slots a node holds of each of some names. */
final class RenewWork extends Work {
    private static final long serialVersionUID = 1L;

    private transient Map<String, Long> held = Map.of();
    private transient @Nullable Slotholder by;

    RenewWork() {}

    RenewWork(Map<String, Long> held, Slotholder by) {
        this.held = held;
        this.by = by;
    }

    @Override
    public long[] process(Map.Entry<String, byte[]> entry) {
        Slotholder holder = holder();
        Long count = held.get(entry.getKey());
        byte[] value = entry.getValue();
        if (count == null || (value == null && count == 0)) {
            return new long[0];
        }
        SlotEntry slots = value == null ? SlotEntry.fresh(0, Portion.WHOLE) : SlotEntry.of(value);
        slots.hold(holder.node(), holder.member(), count, holder.until());
        new Replaced(slots.isEmpty() ? new byte[0] : slots.bytes(), Slotholder.KEPT_MILLIS).process(entry);
        return new long[0];
    }

    private Slotholder holder() {
        Slotholder holder = by;
        if (holder == null) {
            throw new IllegalStateException("nobody holds anything");
        }
        return holder;
    }

    @Override
    public EntryProcessor<String, byte[], long[]> getBackupProcessor() {
        return this;
    }

    @Override
    void write(DataOutputStream out) throws IOException {
        holder().write(out);
        out.writeInt(held.size());
        for (Map.Entry<String, Long> each : held.entrySet()) {
            out.writeUTF(each.getKey());
            out.writeLong(each.getValue());
        }
    }

    @Override
    void read(DataInputStream in) throws IOException {
        by = Slotholder.read(in);
        Map<String, Long> read = new LinkedHashMap<>();
        for (int left = in.readInt(); left > 0; left--) {
            read.put(in.readUTF(), in.readLong());
        }
        held = read;
    }

    @Override
    public int getClassId() {
        return GridSerialization.RENEW_WORK;
    }
}
