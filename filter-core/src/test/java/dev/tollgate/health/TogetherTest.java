package dev.tollgate.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.health.Verdict.Kind;
import dev.tollgate.route.Candidate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Many threads at once: attempts are counted as they are, and ended once however many try. */
class TogetherTest {
    private static final int THREADS = 8;
    private static final int CALLS = 4_000;

    private final LocalHealth health = new LocalHealth(System::nanoTime, InstantSource.system(), HealthEvents.NONE);
    private final Place place = Place.of("p").pool("a", "b");

    @Test
    void noAttemptIsLeftOrCountedTwice() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        CountDownLatch start = new CountDownLatch(1);
        List<Future<?>> done = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Random random = new Random(i);
            done.add(threads.submit(() -> {
                start.await();
                calls(random);
                return null;
            }));
        }
        start.countDown();
        for (Future<?> each : done) {
            each.get();
        }
        threads.shutdown();
        for (int i = 0; i < 3; i++) {
            Standing standing = health.standing(place.model("m" + i));
            assertThat(standing.inFlight()).isZero();
        }
        assertThat(health.states()).allMatch(state -> state.inFlight() == 0);
    }

    private void calls(Random random) {
        List<Trial> open = new ArrayList<>();
        for (int i = 0; i < CALLS; i++) {
            Candidate target = place.model("m" + random.nextInt(3));
            health.begin(target, health.credentials(target, true).get(0), true).ifPresent(open::add);
            if (open.size() > random.nextInt(10)) {
                Trial trial = open.remove(random.nextInt(open.size()));
                Thread other = random.nextInt(50) == 0 ? new Thread(() -> trial.ended(Verdict.of(Kind.WELL))) : null;
                if (other != null) {
                    other.start();
                }
                if (random.nextBoolean()) {
                    trial.firstContent();
                }
                trial.ended(Verdict.of(random.nextInt(3) == 0 ? Kind.SERVER_ERROR : Kind.WELL));
                join(other);
            }
            assertThat(health.standing(target).inFlight()).isNotNegative();
        }
        open.forEach(trial -> trial.ended(Verdict.of(Kind.NOTHING)));
    }

    private static void join(@Nullable Thread other) {
        try {
            if (other != null) {
                other.join();
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
