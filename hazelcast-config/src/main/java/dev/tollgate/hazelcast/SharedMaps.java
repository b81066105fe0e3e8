package dev.tollgate.hazelcast;

import com.hazelcast.config.EvictionConfig;
import com.hazelcast.config.EvictionPolicy;
import com.hazelcast.config.MapConfig;
import com.hazelcast.config.MaxSizePolicy;
import com.hazelcast.config.MergePolicyConfig;
import com.hazelcast.config.SplitBrainProtectionConfig;
import com.hazelcast.spi.merge.PutIfAbsentMergePolicy;
import com.hazelcast.spi.merge.SplitBrainMergePolicy;
import com.hazelcast.splitbrainprotection.SplitBrainProtectionOn;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.pin.Pins;
import java.util.ArrayList;
import java.util.List;

/**
 * The maps of the cluster. What limits count is in two of each kind: one that only a side with the majority of the members
 * may use, and one that every side may use for its share.
 */
final class SharedMaps {
    /** The name of what protects the maps that need a majority. */
    static final String MAJORITY = "tollgate-majority";

    static final String BUCKETS = "tollgate-buckets";
    static final String WINDOWS = "tollgate-windows";
    static final String SLOTS = "tollgate-slots";

    /** The name of the map that keeps which events have been raised. */
    static final String EVENTS = "tollgate-events";

    /** The name of the map that keeps who made what. */
    static final String PINS = "tollgate-pins";

    /** The name of the map that keeps what each node has used. */
    static final String USAGE = "tollgate-usage";

    private static final String SHARE = "-share";
    private static final int MERGED_AT_ONCE = 100;
    private static final int MANY_MEMBERS = 4;
    private static final int MOST_BACKUPS = 6;

    private SharedMaps() {}

    /** The name of the map of a kind in which limits of that policy are counted. */
    static String name(String kind, OnLoss onLoss) {
        return onLoss == OnLoss.SHARE ? kind + SHARE : kind;
    }

    /** How many members are more than half of them; 0 where no majority can be asked for. */
    static int majority(int size) {
        return size < 2 ? 0 : size / 2 + 1;
    }

    static SplitBrainProtectionConfig protection(int size) {
        return new SplitBrainProtectionConfig(MAJORITY, true, majority(size))
                .setProtectOn(SplitBrainProtectionOn.READ_WRITE);
    }

    static List<MapConfig> configs(int size) {
        List<MapConfig> maps = new ArrayList<>();
        addBoth(maps, BUCKETS, Joining.OfBuckets.class, size);
        addBoth(maps, WINDOWS, Joining.OfWindows.class, size);
        addBoth(maps, SLOTS, Joining.OfSlots.class, size);
        maps.add(map(EVENTS, PutIfAbsentMergePolicy.class, size));
        maps.add(map(USAGE, Joining.OfUsage.class, size));
        maps.add(pins(size));
        return maps;
    }

    private static void addBoth(
            List<MapConfig> maps, String kind, Class<? extends SplitBrainMergePolicy<?, ?, ?>> merging, int size) {
        MapConfig strict = map(kind, merging, size);
        if (majority(size) > 0) {
            strict.setSplitBrainProtectionName(MAJORITY);
        }
        maps.add(strict);
        MapConfig share = map(kind + SHARE, merging, size);
        // A side can only go on where the other stopped if it has a copy of everything.
        int others = Math.min(MOST_BACKUPS, Math.max(1, size - 1));
        share.setAsyncBackupCount(Math.max(0, others - share.getBackupCount()));
        maps.add(share);
    }

    private static MapConfig map(String name, Class<?> merging, int size) {
        MapConfig map = new MapConfig(name);
        map.setBackupCount(size >= MANY_MEMBERS ? 2 : 1);
        map.setAsyncBackupCount(0);
        map.setStatisticsEnabled(false);
        map.setMergePolicyConfig(new MergePolicyConfig(merging.getName(), MERGED_AT_ONCE));
        return map;
    }

    /** Pins are never changed, so the sides of a cluster that has been divided may each go on, and are joined again. */
    private static MapConfig pins(int size) {
        MapConfig pins = map(PINS, PutIfAbsentMergePolicy.class, size);
        pins.setTimeToLiveSeconds(Math.toIntExact(Pins.KEPT.toSeconds()));
        pins.setEvictionConfig(new EvictionConfig()
                .setEvictionPolicy(EvictionPolicy.LRU)
                .setMaxSizePolicy(MaxSizePolicy.PER_NODE)
                .setSize(Pins.MOST));
        return pins;
    }
}
