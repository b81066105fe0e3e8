package dev.tollgate.usage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import dev.tollgate.ledger.Amount;
import dev.tollgate.ledger.Dimension;
import dev.tollgate.ledger.Entry;
import dev.tollgate.ledger.Party;
import dev.tollgate.ledger.Sums;
import dev.tollgate.usage.RollUps.Used;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RollUpsTest {
    private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

    private final AtomicLong nanos = new AtomicLong();
    private final AtomicReference<Instant> now = new AtomicReference<>(NOON);
    private final InstantSource clock = now::get;
    private final SharedUsage shared = new LocalUsage(nanos::get);
    private final UsageTotals here = new UsageTotals(clock);
    private final UsageTotals there = new UsageTotals(clock);
    private final RollUps mine = complete(new RollUps(here, shared, "node-1"));
    private final RollUps theirs = complete(new RollUps(there, shared, "node-2"));

    private static RollUps complete(RollUps rollUps) {
        rollUps.complete();
        return rollUps;
    }

    private static Entry.Ended ended(Instant at, String team, String user, long cost) {
        Usage usage = new Usage(10, 1, 0, 0, 2, 0, 0, 0, Extras.NONE);
        Party party = new Party("ci", team, user, "smart");
        return new Entry.Ended(
                team + at + user, at, party, "openai/gpt", 200, null, usage, false, OptionalLong.of(cost));
    }

    private static UsageQuestion by(Dimension by, Per per) {
        return new UsageQuestion(by, per, NOON.minus(Duration.ofDays(3)), NOON.plus(Duration.ofDays(1)));
    }

    private List<Used> ask(UsageQuestion question) {
        return mine.find(question).toCompletableFuture().join();
    }

    @Test
    void theNodesAreAddedUpAndPublishingTwiceAddsNothing() {
        here.accept(ended(NOON, "search", "ann", 5));
        here.accept(ended(NOON, "search", "bob", 6));
        there.accept(ended(NOON, "search", "ann", 7));
        there.accept(ended(NOON, "sales", "eve", 8));
        for (int i = 0; i < 3; i++) {
            theirs.publish().toCompletableFuture().join();
            there.forgetPublished();
        }
        List<Used> used = ask(by(Dimension.TEAM, Per.DAY));
        assertThat(used).extracting(Used::period).containsOnly("2026-11-24");
        assertThat(used).extracting(Used::name).containsExactly("sales", "search");
        assertThat(used)
                .extracting(each -> each.sums().of(Amount.COST_NANO_USD))
                .containsExactly(8L, 18L);
        assertThat(used).extracting(each -> each.sums().of(Amount.ATTEMPTS)).containsExactly(1L, 3L);
        assertThat(ask(by(Dimension.USER, Per.HOUR)))
                .extracting(Used::period, Used::name)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("2026-11-24T12", "ann"),
                        org.assertj.core.groups.Tuple.tuple("2026-11-24T12", "bob"),
                        org.assertj.core.groups.Tuple.tuple("2026-11-24T12", "eve"));
    }

    @Test
    void onlyThePeriodsAskedForAreTold() {
        here.accept(ended(NOON.minus(Duration.ofHours(1)), "search", "ann", 1));
        here.accept(ended(NOON, "search", "ann", 2));
        UsageQuestion question = new UsageQuestion(Dimension.TEAM, Per.HOUR, NOON.minusSeconds(1), NOON);
        assertThat(ask(question)).extracting(Used::period).containsExactly("2026-11-24T11");
        assertThat(ask(new UsageQuestion(Dimension.TEAM, Per.DAY, NOON, NOON.plusSeconds(1))))
                .hasSize(1);
    }

    @Test
    void namesMayHoldAnything() {
        here.accept(ended(NOON, "a|b = c\n", "|", 1));
        assertThat(ask(by(Dimension.TEAM, Per.DAY))).extracting(Used::name).containsExactly("a|b = c\n");
        assertThat(ask(by(Dimension.USER, Per.DAY))).extracting(Used::name).containsExactly("|");
    }

    @Test
    void usersBeyondABoundShareAName() {
        for (int i = 0; i < UsageTotals.MOST_NAMES + 5; i++) {
            here.accept(ended(NOON, "search", "user-" + i, 1));
        }
        List<Used> used = ask(by(Dimension.USER, Per.HOUR));
        assertThat(used).hasSize(UsageTotals.MOST_NAMES + 1);
        assertThat(used).first().satisfies(other -> {
            assertThat(other.name()).isEqualTo(UsageTotals.OTHER);
            assertThat(other.sums().of(Amount.ATTEMPTS)).isEqualTo(5);
        });
    }

    @Test
    void oldPeriodsAreForgotten() {
        here.accept(ended(NOON, "search", "ann", 1));
        now.set(NOON.plus(Duration.ofDays(100)));
        here.accept(ended(NOON, "search", "ann", 1));
        here.accept(ended(now.get(), "search", "ann", 1));
        assertThat(here.changed(Per.DAY).keySet()).allMatch(name -> name.startsWith("day|2027-03-04|"));
        assertThat(here.changed(Per.HOUR).keySet()).allMatch(name -> name.startsWith("hour|2027-03-04T12|"));
    }

    @Test
    void nothingIsPublishedBeforeTheTotalsAreComplete() {
        RollUps starting = new RollUps(here, shared, "node-1");
        here.accept(ended(NOON, "search", "ann", 1));
        starting.publish().toCompletableFuture().join();
        assertThat(shared.find("day|").toCompletableFuture().join()).isEmpty();
        starting.complete();
        starting.publish().toCompletableFuture().join();
        assertThat(shared.find("day|2026-11-24|team|").toCompletableFuture().join())
                .containsExactly(Map.entry(
                        "day|2026-11-24|team|search|node-1",
                        "attempts=1 input_tokens=10 cache_read_tokens=1 output_tokens=2 cost_nano_usd=1"));
    }

    @Test
    void whatCouldNotBePublishedIsPublishedLater() {
        SharedUsage deaf = new SharedUsage() {
            @Override
            public CompletionStage<Void> publish(String node, Map<String, String> totals, Duration keep) {
                return CompletableFuture.failedFuture(new IllegalStateException("no cluster"));
            }

            @Override
            public CompletionStage<Map<String, String>> find(String prefix) {
                return CompletableFuture.failedFuture(new IllegalStateException("no cluster"));
            }

            @Override
            public void close() {}
        };
        here.accept(ended(NOON, "search", "ann", 1));
        complete(new RollUps(here, deaf, "node-1"))
                .publish()
                .toCompletableFuture()
                .join();
        assertThat(ask(by(Dimension.TEAM, Per.DAY))).hasSize(1);
    }

    @Test
    void publishedTotalsAreForgottenAfterTheirTime() {
        shared.publish("n", Map.of("day|x", "calls=1"), Duration.ofHours(1));
        nanos.addAndGet(Duration.ofHours(1).toNanos() - 1);
        assertThat(shared.find("day|").toCompletableFuture().join()).hasSize(1);
        nanos.incrementAndGet();
        assertThat(shared.find("day|").toCompletableFuture().join()).isEmpty();
    }

    @Test
    void sumsOfOtherVersionsAreRead() {
        Sums sums = Sums.ofText("calls=3 video_tokens=9 attempts=x output_tokens=4");
        assertThat(sums.text()).isEqualTo("calls=3 output_tokens=4");
    }
}
