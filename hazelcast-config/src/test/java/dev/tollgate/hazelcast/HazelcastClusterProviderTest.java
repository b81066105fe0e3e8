package dev.tollgate.hazelcast;

import static org.awaitility.Awaitility.await;

import dev.tollgate.cluster.ClusterProvider;
import dev.tollgate.cluster.SharedState;
import dev.tollgate.config.Settings;
import dev.tollgate.limit.LimitStore;
import dev.tollgate.limit.LimitStore.Shape;
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

        SharedState shared = provider.open(new Settings.Cluster(List.of(member), "127.0.0.1", "alone"));
        LimitStore store = shared.limits();
        try {
            Shape one = new Shape(1, Duration.ofDays(1));
            // On a busy machine an answer may be late, which is a failure; a bucket of one is spent soon all the same.
            await().ignoreExceptions()
                    .until(() -> !store.take("bucket", one, 1)
                            .toCompletableFuture()
                            .get(10, TimeUnit.SECONDS)
                            .taken());
        } finally {
            shared.close();
        }
    }
}
