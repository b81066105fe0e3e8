package dev.tollgate.hazelcast;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;

/** Says yes to the first who asks, as often as that one asks, and no to all others. */
final class OnceWork extends Work {
    private static final long serialVersionUID = 1L;

    private String asker = "";
    private long millis;

    OnceWork() {}

    /** @param millis for how long it is remembered */
    OnceWork(String asker, long millis) {
        this.asker = asker;
        this.millis = millis;
    }

    @Override
    public long[] process(Map.Entry<String, byte[]> entry) {
        byte[] value = entry.getValue();
        if (value == null) {
            byte[] first = Fields.write(out -> {
                out.writeByte(Fields.VERSION);
                out.writeUTF(asker);
            });
            keep(entry, first, millis);
            return new long[] {1};
        }
        String first = Fields.read(value, in -> {
            in.readByte();
            return in.readUTF();
        });
        return new long[] {first.equals(asker) ? 1 : 0};
    }

    @Override
    void write(DataOutputStream out) throws IOException {
        out.writeUTF(asker);
        out.writeLong(millis);
    }

    @Override
    void read(DataInputStream in) throws IOException {
        asker = in.readUTF();
        millis = in.readLong();
    }

    @Override
    public int getClassId() {
        return GridSerialization.ONCE_WORK;
    }
}
