package dev.tollgate.hazelcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.hazelcast.topic.ITopic;
import dev.tollgate.health.HealthEvents;
import dev.tollgate.health.Hints;
import dev.tollgate.health.LocalHealth;
import dev.tollgate.health.Standing.Condition;
import dev.tollgate.health.Verdict;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.provider.Quirks;
import dev.tollgate.route.Candidate;
import dev.tollgate.testing.SettingsOf;
import dev.tollgate.testing.Targets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class HazelcastHintsTest {
    private static final Duration LIFE = Duration.ofSeconds(30);
    private static final Duration SOON = Duration.ofSeconds(1);

    @Test
    void whatOneNodeTellsTheOthersHearAndItselfDoesNot() {
        try (TestCluster cluster = new TestCluster(2)) {
            Hints first = hints(cluster, 0);
            Hints second = hints(cluster, 1);
            List<String> heardByFirst = listen(first);
            List<String> heardBySecond = listen(second);

            first.tell("one", "open", LIFE);
            second.tell("two", "closed", LIFE);

            await().atMost(Duration.ofSeconds(10)).until(() -> !heardByFirst.isEmpty() && !heardBySecond.isEmpty());
            assertThat(heardByFirst).containsExactly("two=closed");
            assertThat(heardBySecond).containsExactly("one=open");

            first.close();
            second.tell("three", "open", LIFE);
            second.close();
            assertThat(heardByFirst).doesNotContain("three=open");
        }
    }

    @Test
    void garbageIsNotHeard() {
        try (TestCluster cluster = new TestCluster(2)) {
            List<String> heard = listen(hints(cluster, 0));
            ITopic<Object> anyone = cluster.member(1).getTopic(HazelcastHints.TOPIC);
            anyone.publish("");
            anyone.publish("x".repeat(100_000));
            anyone.publish("1\u001fnode-9\u001fone");
            anyone.publish("2\u001fnode-9\u001fone\u001fopen");
            anyone.publish("1\u001fnode-9\u001fone\u001fopen\u001fmore");
            anyone.publish(7);
            Hints teller = hints(cluster, 1);
            teller.tell("one\u001ftwo", "open", LIFE);
            teller.tell("x".repeat(HazelcastHints.LONGEST), "open", LIFE);
            teller.tell("good", "open", LIFE);

            await().until(() -> !heard.isEmpty());
            assertThat(heard).containsExactly("good=open");
        }
    }

    @Test
    void aNodeWhoseClusterHasGoneLosesHintsAndNothingElse() {
        List<String> heard;
        Hints hints;
        try (TestCluster cluster = new TestCluster(2)) {
            hints = hints(cluster, 0);
            heard = listen(hints);
            Hints other = hints(cluster, 1);
            cluster.member(1).getLifecycleService().terminate();
            other.tell("one", "open", LIFE);
            other.hear((subject, text) -> {});
            other.close();
            hints.tell("one", "open", LIFE);
        }
        hints.tell("one", "open", LIFE);
        hints.close();
        assertThat(heard).isEmpty();
    }

    @Test
    void aCircuitThatOpensOnOneNodeIsHeardOfOnTheOtherWithinASecond() {
        Candidate target = Targets.of("openai", "openai-chat", "m", Quirks.NONE);
        try (TestCluster cluster = new TestCluster(2)) {
            LocalHealth first = health(cluster, 0, target);
            LocalHealth second = health(cluster, 1, target);
            fail(first, target);
            assertThat(first.standing(target).condition()).isEqualTo(Condition.OPEN);

            await().atMost(SOON).until(() -> second.standing(target).condition() != Condition.WELL);
        }
    }

    private static LocalHealth health(TestCluster cluster, int member, Candidate target) {
        LocalHealth health = new LocalHealth(System::nanoTime, InstantSource.system(), HealthEvents.NONE);
        health.keep(SettingsOf.models(Map.of(target.provider().name(), target.provider())));
        health.join(hints(cluster, member));
        return health;
    }

    private static void fail(LocalHealth health, Candidate target) {
        NamedCredential credential = target.provider().credentials().get(0);
        for (int i = 0; i < 20; i++) {
            health.begin(target, credential, true)
                    .ifPresent(trial -> trial.ended(Verdict.of(Verdict.Kind.SERVER_ERROR)));
        }
    }

    private static Hints hints(TestCluster cluster, int member) {
        return new HazelcastHints(cluster.member(member).getTopic(HazelcastHints.TOPIC), "node-" + member);
    }

    private static List<String> listen(Hints hints) {
        List<String> heard = new CopyOnWriteArrayList<>();
        hints.hear((subject, text) -> heard.add(subject + "=" + text));
        return heard;
    }
}
