package dev.tollgate.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.lease.LeaseSimulation.Node;
import dev.tollgate.limit.Allowance.Shape;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Thousands of short lives of a cluster, each by its seed, which a failure names. */
class LeaseSimulationTest {
    private static final int SEEDS = Integer.getInteger("tollgate.seeds", 150);
    private static final long FIRST = Long.getLong("tollgate.seed", 1);
    private static final Instant NEVER = Instant.ofEpochSecond(4_000_000_000L);
    private static final List<Shape> SHAPES = List.of(
            new Shape.Bucket(10, Duration.ofMinutes(1)),
            new Shape.Bucket(1_000, Duration.ofSeconds(1)),
            new Shape.Bucket(60_000, Duration.ofMinutes(1)),
            new Shape.Bucket(100_000, Duration.ofDays(1)),
            new Shape.Bucket(1_000_000, Duration.ofHours(1)),
            new Shape.Window(50, NEVER),
            new Shape.Window(100_000, NEVER),
            new Shape.Window(500_000_000_000L, NEVER));

    enum Sky {
        FAIR,
        SLOW,
        FOUL,
        STORM,
        CHANGING;

        Weather weather() {
            return switch (this) {
                case SLOW -> Weather.SLOW;
                case FOUL -> Weather.FOUL;
                case STORM -> Weather.STORM;
                default -> Weather.FAIR;
            };
        }
    }

    @ParameterizedTest
    @EnumSource(Sky.class)
    void noMoreIsLetThroughThanThereIsInAnyInterval(Sky sky) {
        forSeeds(sky, false, simulation -> simulation.checkHistory());
    }

    @ParameterizedTest
    @EnumSource(Sky.class)
    void nothingIsThereTwiceWhenCallsGiveBackAndAreCharged(Sky sky) {
        forSeeds(sky, true, simulation -> {});
    }

    private interface Check {
        void of(LeaseSimulation simulation);
    }

    private static void forSeeds(Sky sky, boolean returning, Check check) {
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            try {
                SplittableRandom random = new SplittableRandom(seed);
                Shape shape = SHAPES.get(random.nextInt(SHAPES.size()));
                LeaseSimulation simulation = new LeaseSimulation(seed, shape, 1 + random.nextInt(4), sky.weather());
                run(simulation, sky, returning, random.nextInt(1, 40));
                check.of(simulation);
                end(simulation, sky);
            } catch (RuntimeException | AssertionError failed) {
                throw new AssertionError("seed " + seed + ", " + sky, failed);
            }
        }
    }

    /** @param hunger how many parts of the capacity each call wants at most, roughly */
    private static void run(LeaseSimulation simulation, Sky sky, boolean returning, int hunger) {
        SplittableRandom random = simulation.random;
        long capacity = simulation.allowance.shape().capacity();
        long largest = Math.max(1, capacity / (hunger * 20L));
        for (int i = 0; i < 150; i++) {
            Node node = simulation.anyNode();
            if (!node.isPaused()) {
                long amount =
                        random.nextInt(25) == 0 ? 1 + random.nextLong(capacity / 3) : 1 + random.nextLong(largest);
                long leaving = random.nextInt(10) == 0 ? capacity / 5 : 0;
                node.take(amount, leaving, returning && random.nextInt(3) > 0);
                if (returning && random.nextInt(3) == 0) {
                    node.giveBackOne();
                }
            }
            change(simulation, sky, node);
            simulation.look();
            simulation.pass(simulation.gap());
        }
    }

    private static void change(LeaseSimulation simulation, Sky sky, Node node) {
        SplittableRandom random = simulation.random;
        if (sky != Sky.FAIR && random.nextInt(60) == 0) {
            node.pausedUntil = simulation.time.getAsLong() + random.nextLong(TimeUnit.SECONDS.toNanos(12));
        }
        if (sky == Sky.CHANGING && random.nextInt(30) == 0) {
            List<Weather> weathers = List.of(Weather.FAIR, Weather.SLOW, Weather.FOUL, Weather.STORM);
            node.network.turn(weathers.get(random.nextInt(weathers.size())));
        }
    }

    /** Everybody goes home: nobody waits any more, all flows back, and nothing has been lost that the weather did not lose. */
    private static void end(LeaseSimulation simulation, Sky sky) {
        simulation.pass(TimeUnit.SECONDS.toNanos(14));
        for (Node node : simulation.nodes) {
            assertThat(node.open).as("calls that wait").isZero();
            assertThat(node.store.held(simulation.allowance.name())).isZero();
        }
        if (sky.weather().losesNothing()
                && sky != Sky.CHANGING
                && simulation.allowance.shape() instanceof Shape.Window) {
            long net = simulation.admitted() - simulation.takenBack;
            assertThat(simulation.left()).isEqualTo(simulation.allowance.shape().capacity() - net);
        }
        simulation.pass(TimeUnit.SECONDS.toNanos(14));
        assertThat(simulation.nodes)
                .allSatisfy(node -> assertThat(node.store.size()).isZero());
    }
}
