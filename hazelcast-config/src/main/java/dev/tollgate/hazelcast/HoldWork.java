package dev.tollgate.hazelcast;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Lets a node hold more slots of a name, as far as they are free. */
final class HoldWork extends Work {
    private static final long serialVersionUID = 1L;

    private transient @Nullable Wish wish;

    /**
     * How many slots of how many.
     *
     * @param least the fewest that are of use
     * @param size how many members there normally are, where a side uses its share of the slots only; else 0
     */
    record Wish(long most, long least, long wanted, Slotholder by, int size) {}

    HoldWork() {}

    HoldWork(Wish wish) {
        this.wish = wish;
    }

    @Override
    public long[] process(Map.Entry<String, byte[]> entry) {
        Wish wished = wished();
        Slotholder by = wished.by();
        Portion portion = portion(wished.size());
        byte[] value = entry.getValue();
        SlotEntry slots = value == null ? SlotEntry.fresh(wished.most(), portion) : SlotEntry.of(value);
        slots.adapt(portion, by.now(), Slotholder.onThisSide(keeper()));
        slots.limit(wished.most());
        long held = slots.heldBy(by.node());
        long fitting = Math.min(wished.wanted(), held + slots.free());
        if (fitting >= wished.least() && fitting > held) {
            held = fitting;
        }
        slots.hold(by.node(), by.member(), held, by.until());
        if (!slots.isEmpty() || value != null) {
            keep(entry, slots.isEmpty() ? new byte[0] : slots.bytes(), Slotholder.KEPT_MILLIS);
        }
        return new long[] {held, slots.free()};
    }

    private Wish wished() {
        Wish wished = wish;
        if (wished == null) {
            throw new IllegalStateException("nothing is wished for");
        }
        return wished;
    }

    @Override
    void write(DataOutputStream out) throws IOException {
        Wish wished = wished();
        out.writeLong(wished.most());
        out.writeLong(wished.least());
        out.writeLong(wished.wanted());
        wished.by().write(out);
        out.writeInt(wished.size());
    }

    @Override
    void read(DataInputStream in) throws IOException {
        wish = new Wish(in.readLong(), in.readLong(), in.readLong(), Slotholder.read(in), in.readInt());
    }

    @Override
    public int getClassId() {
        return GridSerialization.HOLD_WORK;
    }
}
