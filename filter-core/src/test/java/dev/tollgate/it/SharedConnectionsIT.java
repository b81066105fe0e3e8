package dev.tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.servlet.TestContainer;
import dev.tollgate.testing.Audit;
import dev.tollgate.testing.Bench;
import dev.tollgate.testing.ChaosProviders;
import dev.tollgate.testing.Faults;
import dev.tollgate.testing.LogWatch;
import dev.tollgate.testing.RawAnswer;
import dev.tollgate.testing.RawCaller;
import dev.tollgate.testing.ScriptedUpstream;
import dev.tollgate.testing.ScriptedUpstream.Place;
import dev.tollgate.testing.Talk;
import dev.tollgate.testing.WireScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What several calls have of each other's connections: kept ones that are stale, and too few for all. */
class SharedConnectionsIT {
    private static final int CALLERS = 50;
    private static final int CONNECTIONS = 2;

    private final ScriptedUpstream upstream = new ScriptedUpstream();
    private final LogWatch log = new LogWatch(Bench.KEY, Bench.PROVIDER_KEY, Bench.PROMPT);

    @AfterEach
    void close() {
        upstream.close();
        log.close();
        assertThat(log.leaks()).isEmpty();
        assertThat(log.faults()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aKeptConnectionThatItsProviderHasClosedKeepsNoCallFromItsAnswer(TestContainer.Kind server) throws Exception {
        try (Bench bench = new Bench(server)) {
            for (Talk talk : Talk.values()) {
                Place place = upstream.place()
                        .then(Faults.usual(talk, false).then(WireScript.fin()))
                        .always(Faults.usual(talk, false));
                try (Bench.Running gateway = bench.open(talk.name(), """
                        providers: { one: { %s, api-key: @KEY@ } }
                        models: { some: { targets: [one/%s] } }
                        prices: { "one/*": { input: 1000, output: 1000 } }
                        """.formatted(
                                ChaosProviders.kind(talk, "http://" + place.authority()), model(talk)))) {
                    RawAnswer first = gateway.ask(gateway.question(talk, false, "some", "first"));
                    RawAnswer second = gateway.ask(gateway.question(talk, false, "some", "second"));

                    assertThat(first.isSuccess()).as("%s", first).isTrue();
                    assertThat(second.isSuccess()).as("%s", second).isTrue();
                    assertThat(place.connections()).isEqualTo(2);
                    new Audit(gateway, List.of(place))
                            .nothingIsHeld()
                            .books(2)
                            .invoices()
                            .closed();
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aProviderThatHangsWithAllItsConnectionsTakesNobodyElses(TestContainer.Kind server) throws Exception {
        Place hung = upstream.place().always(WireScript.of(WireScript.hang()).billed(WireScript.Bill.UNTOLD));
        Place well = upstream.place().always(Faults.usual(Talk.OPENAI, false));
        List<RawCaller> callers = new ArrayList<>();
        try (Bench bench = new Bench(server);
                Bench.Running gateway = bench.open("bulkhead", configuration(hung, well))) {
            for (int i = 0; i < CALLERS; i++) {
                callers.add(gateway.begin(gateway.question(Talk.OPENAI, false, "hung", "call " + i)));
            }
            await().until(() -> hung.underWay() == CONNECTIONS);

            RawAnswer other = gateway.ask(gateway.question(Talk.OPENAI, false, "well", "meanwhile"));
            RawAnswer saved = gateway.ask(gateway.question(Talk.OPENAI, false, "saved", "meanwhile"));

            assertThat(other.isSuccess()).as("%s", other).isTrue();
            assertThat(saved.isSuccess()).as("%s", saved).isTrue();
            assertThat(hung.connections()).isEqualTo(CONNECTIONS);
            List<RawAnswer> answers = callers.stream().map(RawCaller::readToEnd).toList();
            callers.forEach(RawCaller::close);
            Audit audit = new Audit(gateway, List.of(hung, well)).nothingIsHeld();
            answers.forEach(answer -> {
                Audit.answer(answer, Duration.ofSeconds(8));
                assertThat(answer.status()).as("%s", answer).isIn(503, 504);
                if (answer.status() == 503) {
                    assertThat(answer.header("retry-after")).as("%s", answer).isNotEmpty();
                }
            });
            assertThat(answers).extracting(RawAnswer::status).contains(503, 504);
            audit.noSecrets().closed();
        }
    }

    private static String configuration(Place hung, Place well) {
        return """
                providers:
                  one: { %s, connection: { max-connections: %d, max-pending: %d } }
                  two: { %s }
                models:
                  hung: { targets: [one/m], timeouts: { first-byte: 3s, total: 8s } }
                  well: { targets: [two/m] }
                  saved: { targets: [one/m], fallback: [two/m], timeouts: { first-byte: 3s, total: 8s } }
                prices:
                  one/*: { input: 1000, output: 1000 }
                  two/*: { input: 1000, output: 1000 }
                """.formatted(
                        ChaosProviders.kind(Talk.OPENAI, "http://" + hung.authority()),
                        CONNECTIONS,
                        CONNECTIONS,
                        ChaosProviders.kind(Talk.OPENAI, "http://" + well.authority()));
    }

    private static String model(Talk talk) {
        return talk == Talk.BEDROCK ? "amazon.nova-n" : "m";
    }
}
