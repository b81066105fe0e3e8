package dev.tollgate.hazelcast;

import java.io.DataInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What has been used in a window of the calendar: for each node what it has charged itself. A node changes its own count and
 * no other, so two sides of a divided cluster can be joined without losing or doubling anything.
 */
final class WindowEntry {
    private final int version;
    private final Map<String, Count> counts;
    private final byte[] rest;
    private Ceiling ceiling;

    /**
     * What one node has charged.
     *
     * @param changes how often this was changed; the higher is the later
     * @param lowered the number of the last operation that may have made it less; such operations are done once
     */
    record Count(long charged, long changes, long lowered, byte[] rest) {
        private static final byte[] NOTHING = {};

        static Count none() {
            return new Count(0, 0, 0, NOTHING);
        }

        Count more(long amount) {
            return new Count(Math.addExact(charged, amount), changes + 1, lowered, rest);
        }

        Count lowered(long to, long sequence) {
            return new Count(Math.max(0, to), changes + 1, sequence, rest);
        }

        byte[] bytes() {
            return Fields.write(out -> {
                out.writeLong(charged);
                out.writeLong(changes);
                out.writeLong(lowered);
                out.write(rest);
            });
        }

        static Count read(DataInputStream in) throws IOException {
            return new Count(in.readLong(), in.readLong(), in.readLong(), in.readAllBytes());
        }
    }

    private WindowEntry(int version, Map<String, Count> counts, Ceiling ceiling, byte[] rest) {
        this.version = version;
        this.counts = counts;
        this.ceiling = ceiling;
        this.rest = rest;
    }

    static WindowEntry fresh(long limit, Portion portion) {
        return new WindowEntry(Fields.VERSION, new LinkedHashMap<>(), Ceiling.fresh(limit, portion), new byte[0]);
    }

    static WindowEntry of(byte[] bytes) {
        return Fields.read(
                bytes,
                in -> new WindowEntry(
                        Math.max(Fields.VERSION, in.readUnsignedByte()),
                        Fields.readAll(in, Count::read),
                        Ceiling.read(in),
                        in.readAllBytes()));
    }

    byte[] bytes() {
        return Fields.write(out -> {
            out.writeByte(version);
            Fields.writeAll(out, counts, Count::bytes);
            ceiling.write(out);
            out.write(rest);
        });
    }

    /**
     * Brings the ceiling up to date.
     *
     * @return whether it has changed
     */
    boolean adapt(long limit, Portion portion) {
        long used = used();
        Ceiling before = ceiling;
        ceiling = ceiling.withLimit(limit).withPortion(portion, used, used);
        return !ceiling.equals(before);
    }

    long used() {
        long sum = 0;
        for (Count count : counts.values()) {
            sum = Math.addExact(sum, count.charged());
        }
        return sum;
    }

    /** What a node has charged. */
    long charged(String node) {
        return counts.getOrDefault(node, Count.none()).charged();
    }

    /** What is left for this side; negative when something is owed. */
    long left() {
        return ceiling.most() - used();
    }

    void charge(String node, long amount) {
        counts.merge(node, Count.none().more(amount), (count, fresh) -> count.more(amount));
    }

    /** Lowers what a node has charged; done already when its number is no higher than the last. */
    void giveBack(String node, long amount, long sequence) {
        Count count = counts.get(node);
        if (count != null && sequence > count.lowered()) {
            counts.put(node, count.lowered(count.charged() - amount, sequence));
        }
    }

    /** Replaces what a node has charged; done already when its number is no higher than the last. */
    void seed(String node, long charged, long sequence) {
        Count count = counts.getOrDefault(node, Count.none());
        if (sequence > count.lowered()) {
            counts.put(node, count.lowered(charged, sequence));
        }
    }

    /** What two sides know together: of each node's counts the later. Of the ceilings the lower, until they are whole. */
    WindowEntry joinedWith(WindowEntry other) {
        Map<String, Count> both = new LinkedHashMap<>(counts);
        other.counts.forEach((node, count) ->
                both.merge(node, count, (mine, theirs) -> theirs.changes() > mine.changes() ? theirs : mine));
        Ceiling lower = other.ceiling.most() < ceiling.most() ? other.ceiling : ceiling;
        return new WindowEntry(
                Math.max(version, other.version), both, lower, version >= other.version ? rest : other.rest);
    }
}
