package dev.tollgate.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;

import com.hazelcast.config.MapConfig;
import dev.tollgate.config.Settings;
import dev.tollgate.pin.Pin;
import dev.tollgate.pin.Pins;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HazelcastPinsTest {
    private static final Duration PATIENT = Duration.ofSeconds(20);

    @Test
    void whatOneNodeLearnsAllNodesKnowAndStillDoWhenItIsGone() throws Exception {
        Pin pin = new Pin("openai", "gpt-5.1", "team:search");
        try (TestCluster cluster = new TestCluster(2)) {
            Pins first = new HazelcastPins(cluster.member(0).getMap(SharedMaps.PINS), PATIENT);
            Pins second = new HazelcastPins(cluster.member(1).getMap(SharedMaps.PINS), PATIENT);

            for (int i = 0; i < 20; i++) {
                get(first.remember("resp_" + i, pin));
            }
            assertThat(get(second.find("resp_7"))).contains(pin);
            assertThat(get(second.find("resp_unknown"))).isEmpty();
            get(second.forget("resp_3"));
            assertThat(get(first.find("resp_3"))).isEmpty();

            cluster.member(0).getLifecycleService().terminate();
            for (int i = 4; i < 20; i++) {
                assertThat(get(second.find("resp_" + i))).as("resp_%s", i).contains(pin);
            }
        }
    }

    @Test
    void pinsAreBackedUpBoundedAndForgottenAfterAWhile() {
        MapConfig pins = MemberConfig.of(new Settings.Cluster(List.of("a", "b"), null, "test"), new Endpoint("a", 5701))
                .getMapConfig(SharedMaps.PINS);

        assertThat(pins.getBackupCount()).isEqualTo(1);
        assertThat(pins.getTimeToLiveSeconds()).isEqualTo((int) Pins.KEPT.toSeconds());
        assertThat(pins.getEvictionConfig().getSize()).isEqualTo(Pins.MOST);
    }

    private static <T> T get(CompletionStage<T> stage) throws Exception {
        return stage.toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
