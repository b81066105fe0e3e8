package dev.tollgate.hazelcast;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** Which node holds how many slots of a name. */
final class SlotEntry {
    private final int version;
    private final Map<String, Holder> holders;
    private final byte[] rest;
    private Ceiling ceiling;

    /**
     * What one node holds.
     *
     * @param member the member that the node is, or an empty text for a client
     * @param until the nanosecond of the cluster's clock when it is over
     */
    record Holder(String member, long held, long until, byte[] rest) {
        byte[] bytes() {
            return Fields.write(out -> {
                out.writeUTF(member);
                out.writeLong(held);
                out.writeLong(until);
                out.write(rest);
            });
        }

        static Holder read(DataInputStream in) throws IOException {
            return new Holder(in.readUTF(), in.readLong(), in.readLong(), in.readAllBytes());
        }
    }

    private SlotEntry(int version, Map<String, Holder> holders, Ceiling ceiling, byte[] rest) {
        this.version = version;
        this.holders = holders;
        this.ceiling = ceiling;
        this.rest = rest;
    }

    static SlotEntry fresh(long most, Portion portion) {
        return new SlotEntry(Fields.VERSION, new LinkedHashMap<>(), Ceiling.fresh(most, portion), new byte[0]);
    }

    static SlotEntry of(byte[] bytes) {
        return Fields.read(
                bytes,
                in -> new SlotEntry(
                        Math.max(Fields.VERSION, in.readUnsignedByte()),
                        Fields.readAll(in, Holder::read),
                        Ceiling.read(in),
                        in.readAllBytes()));
    }

    byte[] bytes() {
        return Fields.write(out -> {
            out.writeByte(version);
            Fields.writeAll(out, holders, Holder::bytes);
            ceiling.write(out);
            out.write(rest);
        });
    }

    /**
     * Forgets the holders that are over or gone, and brings the ceiling up to date.
     *
     * @param isHere whether a member is on this side
     */
    void adapt(Portion portion, long now, Predicate<String> isHere) {
        holders.values().removeIf(holder -> holder.until() - now <= 0);
        long all = held();
        holders.values().removeIf(holder -> !holder.member().isEmpty() && !isHere.test(holder.member()));
        ceiling = ceiling.withPortion(portion, all, held());
    }

    void limit(long most) {
        ceiling = ceiling.withLimit(most);
    }

    long held() {
        return holders.values().stream().mapToLong(Holder::held).sum();
    }

    long heldBy(String node) {
        Holder holder = holders.get(node);
        return holder == null ? 0 : holder.held();
    }

    long free() {
        return Math.max(0, ceiling.most() - held());
    }

    /** Lets a node hold exactly so many; none forgets it. */
    void hold(String node, String member, long held, long until) {
        Holder before = holders.get(node);
        if (held <= 0) {
            holders.remove(node);
        } else {
            holders.put(node, new Holder(member, held, until, before == null ? new byte[0] : before.rest()));
        }
    }

    boolean isEmpty() {
        return holders.isEmpty();
    }

    /** The holders of two sides; of a node's holdings the one that lasts longer. */
    SlotEntry joinedWith(SlotEntry other) {
        Map<String, Holder> both = new LinkedHashMap<>(holders);
        other.holders.forEach((node, holder) -> both.merge(node, holder, (a, b) -> b.until() - a.until() > 0 ? b : a));
        Ceiling lower = other.ceiling.most() < ceiling.most() ? other.ceiling : ceiling;
        return new SlotEntry(
                Math.max(version, other.version), both, lower, version >= other.version ? rest : other.rest);
    }
}
