package dev.tollgate.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.EntryView;
import com.hazelcast.map.EntryProcessor;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore;
import dev.tollgate.limit.StoreContract;
import dev.tollgate.testing.ManualTime;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HazelcastStoreTest extends StoreContract {
    private static final Shape TEN_A_MINUTE = new Shape.Bucket(10, Duration.ofMinutes(1));
    private static TestCluster cluster;

    private final ManualTime time = new ManualTime(System.currentTimeMillis() * 1_000_000);

    @BeforeAll
    static void start() {
        cluster = new TestCluster(3);
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @Override
    protected List<LimitStore> nodes() {
        return List.copyOf(cluster.stores(time));
    }

    @Override
    protected ManualTime time() {
        return time;
    }

    @Test
    void aClientWithoutCredentialsIsRefused() {
        ClientConfig client = new ClientConfig();
        client.setClusterName(cluster.settings().name());
        client.getNetworkConfig().addAddress(cluster.settings().members().get(0));
        client.getConnectionStrategyConfig().getConnectionRetryConfig().setClusterConnectTimeoutMillis(1_000);
        client.setProperty("hazelcast.logging.type", "none");

        assertThatThrownBy(() -> HazelcastClient.newHazelcastClient(client)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aCallWaitsForTheClusterNoLongerThanItsDeadline() throws Exception {
        String bucket = localBucket();
        LimitStore store = new HazelcastStore(cluster.buckets(0), time, HazelcastStore.DEADLINE, () -> {});
        CountDownLatch stuck = Stuck.hold();
        try {
            cluster.buckets(0).submitToKey(bucket, new Stuck());
            long start = System.nanoTime();

            CompletableFuture<LimitStore.Verdict> answer =
                    store.take(allowance(bucket), 1, 0).toCompletableFuture();

            assertThatThrownBy(() -> answer.get(10, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasRootCauseInstanceOf(TimeoutException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isBetween(Duration.ofMillis(240), Duration.ofSeconds(2));
        } finally {
            stuck.countDown();
        }
    }

    @Test
    void aBucketIsForgottenSoonAfterItIsFullAgain() throws Exception {
        nodes().get(0)
                .take(allowance("short-lived"), 1, 0)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);

        EntryView<String, byte[]> entry = cluster.buckets(1).getEntryView("short-lived");

        // It is full after 6 seconds and kept 10 more.
        assertThat(entry.getTtl()).isBetween(6_000L, 17_000L);
    }

    /** The name of a bucket that member 0 keeps, so that no other member's threads are involved. */
    private static String localBucket() {
        return IntStream.range(0, 10_000)
                .mapToObj(number -> "stuck-" + number)
                .filter(name -> cluster.member(0)
                        .getPartitionService()
                        .getPartition(name)
                        .getOwner()
                        .localMember())
                .findFirst()
                .orElseThrow();
    }

    private static Allowance allowance(String name) {
        return new Allowance(name, TEN_A_MINUTE, OnLoss.STRICT);
    }

    /** Work that holds up everything else in its partition until it is let go. */
    private static final class Stuck implements EntryProcessor<String, byte[], Void> {
        private static final long serialVersionUID = 1L;
        private static volatile CountDownLatch latch = new CountDownLatch(0);

        static CountDownLatch hold() {
            latch = new CountDownLatch(1);
            return latch;
        }

        @Override
        public Void process(Map.Entry<String, byte[]> entry) {
            try {
                latch.await(10, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return null;
        }

        @Override
        public EntryProcessor<String, byte[], Void> getBackupProcessor() {
            return null;
        }
    }
}
