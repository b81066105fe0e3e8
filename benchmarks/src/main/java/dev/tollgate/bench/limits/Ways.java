package dev.tollgate.bench.limits;

import com.hazelcast.map.IMap;
import dev.tollgate.cluster.SharedState;
import dev.tollgate.limit.LimitStore;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.distributed.AsyncBucketProxy;
import io.github.bucket4j.distributed.BucketProxy;
import io.github.bucket4j.distributed.proxy.ProxyManager;
import io.github.bucket4j.grid.hazelcast.Bucket4jHazelcast;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/** All ways that are compared. Each has its own keys, so that none profits from another. */
public final class Ways implements AutoCloseable {
    /** How many keys call in turn: their buckets lie on both members. */
    static final int KEYS = 16;

    /** The names of the ways. */
    public static final String LOCAL = "local";

    public static final String LEASED = "leased";
    public static final String HOP = "a hop each";
    public static final String BUCKET4J_ASYNC = "Bucket4j, async";
    public static final String BUCKET4J = "Bucket4j";

    private final Members members;
    private final SharedState local;
    private final SharedState leased;
    private final LimitStore hop;

    private Ways(Members members) {
        this.members = members;
        this.local = SharedState.local(System::nanoTime, InstantSource.system());
        this.leased = SharedState.over(members.grid(), members.timers(), System::nanoTime);
        this.hop = members.grid().limits();
    }

    /** @param ports of the members, as {@link OtherMember} has got them */
    public static Ways open(List<Integer> ports) throws InterruptedException {
        Members members = new Members(0, ports);
        members.awaitEachOther();
        return new Ways(members);
    }

    /** The ways that can carry a load, by name. */
    public Map<String, Way> of(Load load) {
        Map<String, Way> ways = new LinkedHashMap<>();
        ways.put(LOCAL, new ThroughLimits(load, local.limits(), load.name() + "-local"));
        ways.put(LEASED, new ThroughLimits(load, leased.limits(), load.name() + "-leased"));
        ways.put(HOP, new ThroughLimits(load, hop, load.name() + "-hop"));
        if (load.equals(Load.ONE)) {
            ways.put(BUCKET4J_ASYNC, async());
            ways.put(BUCKET4J, waiting());
        }
        return ways;
    }

    private ProxyManager<String> buckets() {
        IMap<String, byte[]> map = members.plain().getMap("buckets");
        return Bucket4jHazelcast.entryProcessorBasedBuilder(map).build();
    }

    private static BucketConfiguration configuration() {
        return BucketConfiguration.builder()
                .addLimit(limit -> limit.capacity(6_000_000_000L).refillGreedy(6_000_000_000L, Duration.ofMinutes(1)))
                .build();
    }

    private Way async() {
        List<AsyncBucketProxy> proxies = IntStream.range(0, KEYS)
                .mapToObj(key -> buckets()
                        .asAsync()
                        .builder()
                        .build("async-" + key, () -> CompletableFuture.completedFuture(configuration())))
                .toList();
        return turn -> taken(proxies.get(turn % KEYS).tryConsume(1).join());
    }

    private Way waiting() {
        List<BucketProxy> proxies = IntStream.range(0, KEYS)
                .mapToObj(key -> buckets().builder().build("waiting-" + key, Ways::configuration))
                .toList();
        return turn -> taken(proxies.get(turn % KEYS).tryConsume(1));
    }

    private static void taken(boolean taken) {
        if (!taken) {
            throw new IllegalStateException("a limit was met that never should be");
        }
    }

    @Override
    public void close() {
        members.close();
    }
}
