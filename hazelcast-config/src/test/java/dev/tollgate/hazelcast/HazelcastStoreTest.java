package dev.tollgate.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.hazelcast.client.HazelcastClient;
import com.hazelcast.client.config.ClientConfig;
import com.hazelcast.core.EntryView;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore;
import dev.tollgate.limit.LimitStore.Verdict;
import dev.tollgate.limit.StoreContract;
import dev.tollgate.testing.ManualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class HazelcastStoreTest extends StoreContract {
    private static final Shape TEN_A_MINUTE = new Shape.Bucket(10, Duration.ofMinutes(1));
    private static TestCluster cluster;

    private final ManualTime time = new ManualTime(System.currentTimeMillis() * 1_000_000);
    private List<LimitStore> nodes = List.of();

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
        if (nodes.isEmpty()) {
            nodes = cluster.stores(time);
        }
        return nodes;
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
    void aBucketIsForgottenAWhileAfterItIsFullAgain() throws Exception {
        get(nodes().get(0).take(strict("short-lived", TEN_A_MINUTE), 1, 0));

        EntryView<String, byte[]> entry =
                cluster.member(1).<String, byte[]>getMap(SharedMaps.BUCKETS).getEntryView("short-lived");

        // It is full after 6 seconds, and the clocks of machines may be stepped.
        assertThat(entry.getTtl()).isBetween(900_000L, 910_000L);
    }

    @Test
    void aWindowIsKeptForADayAfterItsEnd() throws Exception {
        get(nodes().get(0).take(strict("window", window(10)), 1, 0));

        EntryView<String, byte[]> entry =
                cluster.member(1).<String, byte[]>getMap(SharedMaps.WINDOWS).getEntryView("window");

        assertThat(entry.getTtl())
                .isBetween(Duration.ofHours(24).toMillis(), Duration.ofHours(26).toMillis());
    }

    @Test
    void threeNodesAtOnceTakeExactlyWhatIsThere() throws Exception {
        assertThat(takenByAll(strict("exact-bucket", new Shape.Bucket(1_000, Duration.ofDays(1_000)))))
                .isEqualTo(1_000);
        assertThat(takenByAll(strict("exact-window", window(1_000)))).isEqualTo(1_000);
        assertThat(takenByAll(new Allowance("exact-share", window(1_000), OnLoss.SHARE)))
                .isEqualTo(1_000);
    }

    private long takenByAll(Allowance allowance) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(6);
        try {
            List<Future<Integer>> counts = new ArrayList<>();
            for (int taker = 0; taker < 6; taker++) {
                LimitStore node = nodes().get(taker % 3);
                counts.add(threads.submit(() -> {
                    int taken = 0;
                    for (int i = 0; i < 250; i++) {
                        taken += get(node.take(allowance, 1, 0)).taken() ? 1 : 0;
                    }
                    return taken;
                }));
            }
            long taken = 0;
            for (Future<Integer> count : counts) {
                taken += count.get(60, TimeUnit.SECONDS);
            }
            return taken;
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aNodeThatStartsAgainSaysWhatItsLedgerSays() throws Exception {
        Allowance window = strict("ledgered", window(100));
        get(nodes().get(0).take(window, 30, 0));
        get(nodes().get(1).take(window, 20, 0));

        LimitStore again = cluster.store(0, time);
        again.seed(window, 25);
        again.seed(window, 99);

        assertThat(get(again.take(window, 5, 0)).remaining()).isEqualTo(100 - 25 - 20 - 5);
    }

    @Test
    void onlyTheFirstIsToldToRaiseAnEvent() throws Exception {
        Instant until = Instant.ofEpochMilli(System.currentTimeMillis()).plusSeconds(3600);

        assertThat(get(nodes().get(1).first("spent", until))).isTrue();
        assertThat(get(nodes().get(1).first("spent", until))).isFalse();
        assertThat(get(nodes().get(2).first("spent", until))).isFalse();
    }

    @Test
    void whatIsLeftForOthersIsNotTaken() throws Exception {
        for (Allowance allowance : List.of(strict("left-bucket", TEN_A_MINUTE), strict("left-window", window(10)))) {
            assertThat(get(nodes().get(0).take(allowance, 6, 4)).taken()).isTrue();
            assertThat(get(nodes().get(0).take(allowance, 1, 4)).taken()).isFalse();
            assertThat(get(nodes().get(0).take(allowance, 1, 0)).taken()).isTrue();
            assertThat(get(nodes().get(0).take(allowance, 7, 4)).waitNanos()).isEqualTo(Verdict.NEVER);
        }
    }

    private Shape window(long capacity) {
        return new Shape.Window(
                capacity, Instant.ofEpochMilli(time.getAsLong() / 1_000_000).plus(Duration.ofHours(1)));
    }

    private static Allowance strict(String name, Shape shape) {
        return new Allowance(name, shape, OnLoss.STRICT);
    }

    static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
