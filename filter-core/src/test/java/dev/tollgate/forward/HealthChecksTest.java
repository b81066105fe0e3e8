package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.Header;
import dev.tollgate.Secret;
import dev.tollgate.credential.Authorizer;
import dev.tollgate.credential.Machine;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Handling;
import dev.tollgate.provider.Handling.HealthCheck;
import dev.tollgate.provider.NamedCredential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.testing.ManualTime;
import dev.tollgate.testing.ManualTimers;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthChecksTest {
    private static final Duration EVERY = Duration.ofSeconds(10);
    private static final long ROUND = EVERY.multipliedBy(11).dividedBy(10).toNanos();

    private final ManualTime time = new ManualTime();
    private final ManualTimers timers = new ManualTimers(time);
    private final List<Asked> asked = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final HealthChecks checks = new HealthChecks(
            new Recorded(),
            new Authorizer(new TokenFetcher(timers), new Machine(Map.of(), Path.of("")), time),
            timers,
            () -> 17,
            "9",
            (provider, well) -> heard.add(provider.name() + " " + well));

    @Test
    void aProviderIsAskedWithItsCredentialBelowItsBaseUrlAtEachInterval() {
        checks.keep(List.of(provider("one", "/models", "a")));
        untilAsked();
        answer(200);
        untilAsked();

        assertThat(asked).hasSize(2);
        UpstreamRequest request = asked.get(0).request;
        assertThat(request.method()).isEqualTo("GET");
        assertThat(request.uri()).isEqualTo(URI.create("http://127.0.0.1:1/v1/models"));
        assertThat(request.headers())
                .contains(new Header("Authorization", "Bearer a"), new Header("User-Agent", "tollgate/9"));
        assertThat(heard).containsExactly("one true");
    }

    @Test
    void twoBadAnswersInARowMakeItUnwellAndOneGoodOneWell() {
        checks.keep(List.of(provider("one", "/models", "a")));
        for (int status : new int[] {500, 404, 503, 401, 500, 200}) {
            untilAsked();
            answer(status);
        }

        assertThat(heard).containsExactly("one true", "one false", "one false", "one true");
    }

    @Test
    void anAnswerThatTakesTooLongIsABadOneAndIsAskedForNoLonger() {
        checks.keep(List.of(provider("one", "/models", "a")));
        for (int round = 0; round < 3; round++) {
            timers.pass(ROUND);
        }

        assertThat(heard).contains("one false");
        assertThat(asked.get(0).aborted).isTrue();
        asked.get(0).listener.head(200, List.of());
        assertThat(heard).doesNotContain("one true");
    }

    @Test
    void thatTheGatewayHasNoConnectionForItSaysNothing() {
        checks.keep(List.of(provider("one", "/models", "a")));
        for (UpstreamFailure.Kind kind : new UpstreamFailure.Kind[] {
            UpstreamFailure.Kind.CONNECT, UpstreamFailure.Kind.POOL_EXHAUSTED, UpstreamFailure.Kind.POOL_EXHAUSTED
        }) {
            untilAsked();
            last().listener.failed(new UpstreamFailure(kind, ""));
        }
        assertThat(heard).isEmpty();

        untilAsked();
        last().listener.failed(new UpstreamFailure(UpstreamFailure.Kind.BROKEN, ""));
        assertThat(heard).containsExactly("one false");
    }

    @Test
    void theCredentialsOfAPoolTakeTurns() {
        checks.keep(List.of(provider("one", "/models", "a", "b")));
        for (int round = 0; round < 4; round++) {
            untilAsked();
            answer(200);
        }

        assertThat(asked.stream()
                        .flatMap(each -> each.request.headers().stream())
                        .filter(header -> header.name().equals("Authorization"))
                        .map(Header::value))
                .containsExactly("Bearer a", "Bearer b", "Bearer a", "Bearer b");
    }

    @Test
    void aNewConfigurationIsFollowed() {
        checks.keep(List.of(provider("one", "/models", "a"), provider("two", "/models", "a")));
        untilBothAreAsked();
        assertThat(asked).hasSize(2);
        checks.keep(List.of(provider("one", "/models", "a"), provider("three", "/up", "a"), unchecked("four")));

        assertThat(asked.get(0).aborted ^ asked.get(1).aborted).isTrue();
        asked.forEach(each -> each.listener.head(200, List.of()));
        assertThat(heard).containsExactly("one true");
        asked.clear();
        untilBothAreAsked();
        assertThat(asked.stream().map(each -> each.request.uri().getPath()))
                .containsExactlyInAnyOrder("/v1/models", "/v1/up");
    }

    @Test
    void afterTheEndNobodyIsAskedOrHeard() {
        checks.keep(List.of(provider("one", "/models", "a")));
        untilAsked();
        checks.close();
        checks.keep(List.of(provider("two", "/models", "a")));
        timers.pass(10 * ROUND);

        assertThat(asked).hasSize(1);
        assertThat(asked.get(0).aborted).isTrue();
        last().listener.failed(new UpstreamFailure(UpstreamFailure.Kind.ABORTED, ""));
        assertThat(heard).isEmpty();
        await().until(() -> timers.next() == Long.MAX_VALUE);
    }

    @Test
    void ofALongAnswerOnlySomeIsRead() {
        checks.keep(List.of(provider("one", "/models", "a")));
        untilAsked();
        answer(200);
        for (int i = 0; i < 3; i++) {
            last().listener.data(ByteBuffer.allocate(32 * 1024));
        }

        assertThat(last().aborted).isTrue();
        assertThat(last().credit).isEqualTo(64 * 1024);
        assertThat(heard).containsExactly("one true");
    }

    private void untilBothAreAsked() {
        while (asked.size() < 2) {
            timers.pass(Duration.ofMillis(50).toNanos());
        }
    }

    /** Lets time pass until the next is asked. */
    private void untilAsked() {
        int before = asked.size();
        while (asked.size() == before) {
            timers.pass(Duration.ofMillis(50).toNanos());
        }
    }

    private void answer(int status) {
        last().listener.head(status, List.of());
    }

    private Asked last() {
        return asked.get(asked.size() - 1);
    }

    private static Provider unchecked(String name) {
        return provider(name, Optional.empty(), List.of("a"));
    }

    private static Provider provider(String name, String path, String... keys) {
        return provider(name, Optional.of(new HealthCheck(path, EVERY, Duration.ofSeconds(2))), List.of(keys));
    }

    private static Provider provider(String name, Optional<HealthCheck> check, List<String> keys) {
        List<NamedCredential> pool = keys.stream()
                .map(key -> new NamedCredential(key, new Credential.Bearer(new Secret(key)), 1))
                .toList();
        Handling usual = Handling.DEFAULT;
        return new Provider(
                name,
                "openai",
                URI.create("http://127.0.0.1:1/v1"),
                List.of(),
                pool.get(0).credential(),
                Quirks.NONE,
                Map.of(),
                new Handling(pool, usual.transport(), usual.onAbort(), usual.circuit(), check));
    }

    private static final class Asked implements Flight {
        private final UpstreamRequest request;
        private final UpstreamListener listener;
        private boolean aborted;
        private int credit;

        Asked(UpstreamRequest request, UpstreamListener listener) {
            this.request = request;
            this.listener = listener;
        }

        @Override
        public void request(int bytes) {
            credit += bytes;
        }

        @Override
        public void abort() {
            aborted = true;
        }
    }

    private final class Recorded implements Upstreams {
        @Override
        public Flight send(UpstreamRequest request, UpstreamListener listener) {
            Asked flight = new Asked(request, listener);
            asked.add(flight);
            return flight;
        }

        @Override
        public void close() {}
    }
}
