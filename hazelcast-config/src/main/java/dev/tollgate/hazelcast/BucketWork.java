package dev.tollgate.hazelcast;

import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore.Verdict;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What is asked of a bucket. */
final class BucketWork extends AllowanceWork {
    private static final long serialVersionUID = 1L;

    /*
     * A full bucket is like one that was never used, and is forgotten. Hazelcast goes by the clock of the machine to forget,
     * so it is given more time than such clocks are stepped by, and more than leases last.
     */
    private static final long KEPT_WHEN_FULL_MILLIS = Duration.ofMinutes(15).toMillis();

    BucketWork() {}

    BucketWork(Question question) {
        super(question);
    }

    @Override
    public long[] process(Map.Entry<String, byte[]> entry) {
        Question asked = asked();
        Portion portion = portion(asked.size());
        byte[] value = entry.getValue();
        return switch (asked.kind()) {
            case GIVE_BACK -> giveBack(asked, portion, entry, value);
            case CHARGE -> charge(asked, portion, entry, value);
            case LOOK, TAKE -> take(asked, portion, entry, value);
            case SEED -> Answer.taken(0, 0);
        };
    }

    private long[] take(Question asked, Portion portion, Map.Entry<String, byte[]> entry, byte @Nullable [] value) {
        Shape.Bucket shape = asked.bucket();
        if (asked.needed() > shape.capacity()) {
            return Answer.refused(0, Verdict.NEVER, 0);
        }
        long needed = asked.amount() + portion.share(asked.leaving());
        if (needed > portion.share(shape.capacity())) {
            return Answer.unavailable();
        }
        BucketEntry bucket = value == null ? BucketEntry.fresh(shape, portion, asked.now()) : BucketEntry.of(value);
        boolean changed = bucket.adapt(shape, portion, asked.now());
        long wait = bucket.left() >= needed ? 0 : bucket.waitNanos(needed, asked.now());
        if (wait > 0 && !portion.isWhole() && needed > portion.share(shape.capacity() - shape.lent())) {
            // A share refills up to less than its size, for some is lent: no wait that could be told is long enough.
            return Answer.unavailable();
        }
        if (asked.kind() == Question.Kind.LOOK) {
            return Answer.refused(bucket.left(), wait, bucket.fullNanos(asked.now()));
        }
        if (wait == 0) {
            bucket.charge(asked.amount());
        }
        if (wait == 0 || (changed && value != null)) {
            keep(asked, bucket, entry);
        }
        long full = bucket.fullNanos(asked.now());
        return wait == 0 ? Answer.taken(bucket.left(), full) : Answer.refused(bucket.left(), wait, full);
    }

    private long[] charge(Question asked, Portion portion, Map.Entry<String, byte[]> entry, byte @Nullable [] value) {
        Shape.Bucket shape = asked.bucket();
        if (portion.share(shape.capacity()) < 1) {
            return Answer.unavailable();
        }
        BucketEntry bucket = value == null ? BucketEntry.fresh(shape, portion, asked.now()) : BucketEntry.of(value);
        bucket.adapt(shape, portion, asked.now());
        bucket.charge(asked.amount());
        keep(asked, bucket, entry);
        return Answer.taken(bucket.left(), bucket.fullNanos(asked.now()));
    }

    private long[] giveBack(Question asked, Portion portion, Map.Entry<String, byte[]> entry, byte @Nullable [] value) {
        Shape.Bucket shape = asked.bucket();
        if (value == null || portion.share(shape.capacity()) < 1) {
            return Answer.taken(0, 0);
        }
        BucketEntry bucket = BucketEntry.of(value);
        bucket.adapt(shape, portion, asked.now());
        bucket.giveBack(asked.node(), asked.amount(), asked.sequence());
        keep(asked, bucket, entry);
        return Answer.taken(bucket.left(), 0);
    }

    private void keep(Question asked, BucketEntry bucket, Map.Entry<String, byte[]> entry) {
        long full = TimeUnit.NANOSECONDS.toMillis(bucket.fullNanos(asked.now()));
        keep(entry, bucket.bytes(), full + KEPT_WHEN_FULL_MILLIS);
    }

    @Override
    public int getClassId() {
        return GridSerialization.BUCKET_WORK;
    }
}
