package dev.tollgate.hazelcast;

import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.core.HazelcastInstanceAware;
import com.hazelcast.instance.BuildInfoProvider;
import com.hazelcast.nio.ObjectDataInput;
import com.hazelcast.nio.ObjectDataOutput;
import com.hazelcast.nio.serialization.IdentifiedDataSerializable;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Asks a member what it is: the versions of its parts, how it is protected, and what time it has. */
final class Introduction implements Callable<long[]>, IdentifiedDataSerializable, HazelcastInstanceAware {
    /** The executor that it is asked by. */
    static final String EXECUTOR = "tollgate";

    private static final int PROTOCOL = 0;
    private static final int RELEASE = 1;
    private static final int MAJORITY = 2;
    private static final int CLOCK = 3;

    private @Nullable HazelcastInstance instance;

    /**
     * What a member has said.
     *
     * @param protocol the version of what members exchange
     * @param release Hazelcast's version, as {@code 50700}
     * @param majority how many members the strict maps ask for; 0 when they ask for none
     * @param clock its time, in nanoseconds since 1970
     */
    record Said(long protocol, long release, long majority, long clock) {
        static Said of(long[] answer) {
            return new Said(answer[PROTOCOL], answer[RELEASE], answer[MAJORITY], answer[CLOCK]);
        }
    }

    @Override
    public void setHazelcastInstance(HazelcastInstance member) {
        this.instance = member;
    }

    @Override
    public long[] call() {
        HazelcastInstance member = instance;
        if (member == null) {
            throw new IllegalStateException("no member was asked");
        }
        SplitBrainProtectionConfig protection =
                member.getConfig().getSplitBrainProtectionConfigs().get(SharedMaps.MAJORITY);
        return new long[] {
            Fields.VERSION,
            HazelcastRelease.number(BuildInfoProvider.getBuildInfo().getVersion()),
            protection != null && protection.isEnabled() ? protection.getMinimumClusterSize() : 0,
            ClusterClock.of(member).getAsLong()
        };
    }

    @Override
    public void writeData(ObjectDataOutput out) throws IOException {
        out.writeByte(Fields.VERSION);
    }

    @Override
    public void readData(ObjectDataInput in) throws IOException {
        in.readByte();
    }

    @Override
    public int getFactoryId() {
        return GridSerialization.FACTORY_ID;
    }

    @Override
    public int getClassId() {
        return GridSerialization.INTRODUCTION;
    }
}
