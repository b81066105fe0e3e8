package dev.tollgate.hazelcast;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;

/*
 * A cluster that falls apart leaves each side with what it had counted, and with its share of what was left:
 *
 *     most' = used here + share(most - used by all)
 *
 * where all that had been used is known to each side, for it was counted before. What the sides hand out afterwards adds up
 * to no more than what was left. A side that grows again is given more once the counts of the other have come in.
 */
/**
 * Up to where a side of the cluster may count.
 *
 * @param limit how much there is for all
 * @param most how far this side may go
 * @param portion the part of the cluster that this side is
 */
record Ceiling(long limit, long most, Portion portion) {

    /** The ceiling of something that nothing has been used of. */
    static Ceiling fresh(long limit, Portion portion) {
        return new Ceiling(limit, portion.share(limit), portion);
    }

    /** The same for another limit: this side gets its share of what has been added or taken away. */
    Ceiling withLimit(long changed) {
        return changed == limit ? this : new Ceiling(changed, most + portion.share(changed - limit), portion);
    }

    /**
     * The same for a side that has become smaller or larger.
     *
     * @param used what has been used by all, as far as known
     * @param here what is used on this side, which goes on counting
     */
    Ceiling withPortion(Portion now, long used, long here) {
        if (now.sameAs(portion)) {
            return this;
        }
        if (now.isWhole()) {
            return new Ceiling(limit, limit, now);
        }
        return new Ceiling(limit, Math.min(limit, here + now.rescaled(most - used, portion)), now);
    }

    void write(DataOutputStream out) throws IOException {
        out.writeLong(limit);
        out.writeLong(most);
        portion.write(out);
    }

    static Ceiling read(DataInputStream in) throws IOException {
        return new Ceiling(in.readLong(), in.readLong(), Portion.read(in));
    }
}
