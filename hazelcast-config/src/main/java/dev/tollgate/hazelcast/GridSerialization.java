package dev.tollgate.hazelcast;

import com.hazelcast.internal.serialization.DataSerializerHook;
import com.hazelcast.nio.serialization.DataSerializableFactory;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;

/**
 * How members know each other's classes: by numbers that never change. Hazelcast finds this through the JAR's
 * {@code META-INF/services}, in members that others have started as well.
 */
public final class GridSerialization implements DataSerializerHook {
    static final int FACTORY_ID = 0x746f6c6c;

    static final int BUCKET_WORK = 1;
    static final int WINDOW_WORK = 2;
    static final int HOLD_WORK = 3;
    static final int RENEW_WORK = 4;
    static final int ONCE_WORK = 5;
    static final int REPLACED = 6;
    static final int INTRODUCTION = 7;
    static final int PREFIXED = 8;
    static final int JOINING_BUCKETS = 20;
    static final int JOINING_WINDOWS = 21;
    static final int JOINING_SLOTS = 22;
    static final int JOINING_USAGE = 23;

    @Override
    public int getFactoryId() {
        return FACTORY_ID;
    }

    @Override
    public DataSerializableFactory createFactory() {
        return GridSerialization::create;
    }

    private static IdentifiedDataSerializable create(int typeId) {
        return switch (typeId) {
            case BUCKET_WORK -> new BucketWork();
            case WINDOW_WORK -> new WindowWork();
            case HOLD_WORK -> new HoldWork();
            case RENEW_WORK -> new RenewWork();
            case ONCE_WORK -> new OnceWork();
            case REPLACED -> new Work.Replaced(new byte[0], 0);
            case INTRODUCTION -> new Introduction();
            case PREFIXED -> new HazelcastUsage.Prefixed("");
            case JOINING_BUCKETS -> new Joining.OfBuckets();
            case JOINING_WINDOWS -> new Joining.OfWindows();
            case JOINING_SLOTS -> new Joining.OfSlots();
            case JOINING_USAGE -> new Joining.OfUsage();
            default -> throw new IllegalArgumentException("type " + typeId + " is of a later version of the gateway");
        };
    }
}
