package dev.tollgate.health;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Header;
import dev.tollgate.health.Verdict.Kind;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.route.Candidate;
import dev.tollgate.testing.ManualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class LocalHealthProperties {
    private static final Kind[] KINDS = Kind.values();
    private static final List<Header> SPENT =
            List.of(new Header("x-ratelimit-remaining-requests", "0"), new Header("x-ratelimit-reset-requests", "9s"));

    private final ManualTime time = new ManualTime();
    private final LocalHealth health = new LocalHealth(time, time, HealthEvents.NONE);
    private final Place place = Place.of("p").pool(Place.key("a", 3), Place.key("b", 1));
    private final List<Trial> underWay = new ArrayList<>();

    /** Anything may happen to calls in any order; what stands in between must always make sense. */
    @Property(tries = 300)
    void nothingLeaksWhateverHappens(@ForAll long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            step(random);
            Standing standing = health.standing(target(random));
            assertThat(standing.share()).isGreaterThan(0).isLessThanOrEqualTo(1);
            assertThat(standing.left().orElse(Duration.ZERO)).isLessThanOrEqualTo(Duration.ofHours(1));
            assertThat(standing.inFlight()).isBetween(0, underWay.size());
        }
        int inFlight = health.standing(place.model("0")).inFlight()
                + health.standing(place.model("1")).inFlight();
        assertThat(inFlight).isEqualTo(underWay.size());
        underWay.forEach(trial -> trial.ended(Verdict.of(KINDS[random.nextInt(KINDS.length)])));
        assertThat(health.standing(place.model("0")).inFlight()).isZero();
        assertThat(health.standing(place.model("1")).inFlight()).isZero();
    }

    private Candidate target(Random random) {
        return place.model(String.valueOf(random.nextInt(2)));
    }

    private void step(Random random) {
        time.pass(Duration.ofMillis(random.nextInt(10) == 0 ? random.nextInt(60_000) : random.nextInt(500)));
        if (random.nextBoolean()) {
            Candidate target = target(random);
            boolean last = random.nextInt(4) == 0;
            List<NamedCredential> credentials = health.credentials(target, last);
            assertThat(credentials).doesNotHaveDuplicates();
            if (!credentials.isEmpty()) {
                health.begin(target, credentials.get(0), last).ifPresent(underWay::add);
            }
        } else if (!underWay.isEmpty()) {
            Trial trial = underWay.get(random.nextInt(underWay.size()));
            switch (random.nextInt(4)) {
                case 0 -> trial.firstContent();
                case 1 -> trial.heard(200, random.nextBoolean() ? SPENT : List.of());
                default -> {
                    underWay.remove(trial);
                    end(trial, random);
                }
            }
        }
    }

    private static void end(Trial trial, Random random) {
        Kind kind = KINDS[random.nextInt(KINDS.length)];
        Optional<Duration> retryAfter =
                random.nextBoolean() ? Optional.of(Duration.ofSeconds(random.nextInt(400) - 10)) : Optional.empty();
        trial.ended(new Verdict(kind, retryAfter));
        if (random.nextBoolean()) {
            trial.ended(Verdict.of(Kind.WELL));
        }
    }

    /** However its calls have failed, a target that is alone is asked, and once it answers it is closed within a few calls. */
    @Property(tries = 300)
    void whoIsAloneIsAlwaysAskedWhateverItsCircuit(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 200) int failures) {
        Random random = new Random(seed);
        Kind[] failing = {
            Kind.UNREACHABLE,
            Kind.TIMEOUT,
            Kind.SERVER_ERROR,
            Kind.OVERLOADED,
            Kind.BAD_ANSWER,
            Kind.INTERRUPTED,
            Kind.NOTHING
        };
        Candidate target = place.model("m");
        for (int i = 0; i < failures; i++) {
            time.pass(Duration.ofMillis(random.nextInt(20_000)));
            ask(target).ended(Verdict.of(failing[random.nextInt(failing.length)]));
        }
        for (int i = 0; i < 2 * Breaker.PROBES * place.pool().size() + 2; i++) {
            Trial trial = ask(target);
            trial.firstContent();
            trial.ended(Verdict.of(Kind.WELL));
        }
        assertThat(health.standing(target).condition()).isEqualTo(Standing.Condition.WELL);
        assertThat(health.begin(target, health.credentials(target, false).get(0), false))
                .isPresent();
    }

    private Trial ask(Candidate target) {
        NamedCredential first = health.credentials(target, true).get(0);
        return health.begin(target, first, true).orElseThrow();
    }

    @Property(tries = 100)
    void turnsAreAsTheWeightsAre(@ForAll @IntRange(min = 1, max = 9) int a, @ForAll @IntRange(min = 1, max = 9) int b) {
        Turn turn = new Turn();
        List<NamedCredential> two = List.of(Place.key("a", a), Place.key("b", b));
        int toA = 0;
        for (int i = 1; i <= 50 * (a + b); i++) {
            NamedCredential next = turn.order(two).get(0);
            turn.take(next);
            toA += next.name().equals("a") ? 1 : 0;
            assertThat(Math.abs(toA - (double) i * a / (a + b))).isLessThanOrEqualTo(1.01);
        }
    }

    @Property(tries = 100)
    void whoWasLetBeForAWhileGetsNoMoreThanItsShareWhenItIsBack(@ForAll @IntRange(min = 1, max = 500) int away) {
        Turn turn = new Turn();
        NamedCredential a = Place.key("a", 1);
        NamedCredential b = Place.key("b", 1);
        turn.order(List.of(a, b));
        for (int i = 0; i < away; i++) {
            turn.take(turn.order(List.of(a)).get(0));
        }
        int toB = 0;
        for (int i = 0; i < 20; i++) {
            NamedCredential next = turn.order(List.of(a, b)).get(0);
            turn.take(next);
            toB += next.name().equals("b") ? 1 : 0;
        }
        assertThat(toB).isBetween(10, 11);
    }
}
