package dev.tollgate.hazelcast;

import static org.awaitility.Awaitility.await;

import dev.tollgate.cluster.ClusterProvider;
import dev.tollgate.cluster.Grid;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.limit.Allowance;
import dev.tollgate.limit.Allowance.Shape;
import dev.tollgate.limit.LimitStore;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HazelcastClusterProviderTest {

    @Test
    void theGatewayFindsTheProviderAndItsStoreWorks() throws Exception {
        String member = "127.0.0.1:" + TestCluster.freePorts(1).get(0);
        ClusterProvider provider =
                ServiceLoader.load(ClusterProvider.class).findFirst().orElseThrow();

        Grid shared = provider.open(new Settings.Cluster(List.of(member), "127.0.0.1", "alone"), "node-1");
        LimitStore store = shared.limits();
        try {
            Allowance one = new Allowance("bucket", new Shape.Bucket(1, Duration.ofDays(1)), OnLoss.STRICT);
            // On a busy machine an answer may be late, which is a failure; a bucket of one is spent soon all the same.
            await().ignoreExceptions()
                    .until(() -> !store.take(one, 1, 0)
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS)
                            .taken());
        } finally {
            shared.close();
        }
    }
}
