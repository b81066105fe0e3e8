package dev.tollgate.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.ErrorCode;
import dev.tollgate.ledger.Entry;
import dev.tollgate.ledger.LedgerReader;
import dev.tollgate.testing.ScriptedUpstream.Place;
import dev.tollgate.testing.ScriptedUpstream.Served;
import dev.tollgate.testing.WireScript.Bill;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What must be true of a gateway when the dust has settled, whatever its providers have done: nothing charged twice, nothing
 * used and not charged, nothing still held, no secret told, nobody kept waiting, no failure that looks like success.
 */
public final class Audit {
    /** What the usual answer costs, in nano-USD. */
    public static final long CALL = (Talk.INPUT + Talk.OUTPUT) * MeteredGateway.TOKEN;

    private static final List<String> SECRETS = List.of(Bench.KEY, Bench.PROVIDER_KEY);
    private static final Duration SOON = Duration.ofSeconds(5);

    private final Bench.Running gateway;
    private final List<Place> places;
    private final List<Entry.Ended> attempts = new ArrayList<>();
    private final List<Entry.Called> calls = new ArrayList<>();

    /** @param places all providers that the gateway knows */
    public Audit(Bench.Running gateway, List<Place> places) {
        this.gateway = gateway;
        this.places = List.copyOf(places);
    }

    /** The ledger's rows of attempts, as {@link #books} has read them. */
    public List<Entry.Ended> attempts() {
        return attempts;
    }

    /** The ledger's rows of calls, as {@link #books} has read them. */
    public List<Entry.Called> calls() {
        return calls;
    }

    /** Nothing is under way: no call, no connection to a provider in use (N3). */
    public Audit nothingIsHeld() {
        await().atMost(SOON).pollInterval(Duration.ofMillis(5)).untilAsserted(() -> {
            assertThat(places)
                    .allSatisfy(place -> assertThat(place.underWay())
                            .as("connections in use")
                            .isZero());
            assertThat(gateway.metric("tollgate_calls_in_flight"))
                    .as("calls under way")
                    .isZero();
        });
        return this;
    }

    /** Each call has one row, each attempt one, they agree, and so do the providers' invoices (N1, N2). */
    public Audit books(int asked) {
        return books(asked, asked);
    }

    /** The same for a number of calls that asked a provider and is not known exactly: others have no rows. */
    public Audit books(int fewest, int most) {
        await().atMost(SOON).pollInterval(Duration.ofMillis(5)).untilAsserted(() -> {
            read();
            assertThat(calls).as("rows of calls").hasSizeBetween(fewest, most);
        });
        Map<String, List<Entry.Ended>> byCall = attempts.stream()
                .collect(Collectors.groupingBy(
                        row -> row.attempt().substring(0, row.attempt().lastIndexOf('/'))));
        for (Entry.Called call : calls) {
            List<Entry.Ended> own = byCall.getOrDefault(call.call(), List.of());
            assertThat(own).as("rows of attempts of %s", call).hasSize(call.attempts());
            assertThat(call.costNanoUsd().orElse(0)).as("%s", call).isEqualTo(cost(own));
            assertThat(call.error() == null).as("%s", call).isEqualTo(call.status() == 200 && isServed(own));
        }
        assertThat(attempts)
                .as("attempts of no call")
                .hasSize(calls.stream().mapToInt(Entry.Called::attempts).sum());
        return this;
    }

    private static boolean isServed(List<Entry.Ended> attempts) {
        return attempts.stream().anyMatch(row -> row.error() == null);
    }

    private static long cost(List<Entry.Ended> attempts) {
        return attempts.stream().mapToLong(row -> row.costNanoUsd().orElse(0)).sum();
    }

    /** What the providers' invoices say, each for what it has reported, is what the ledger says, and nothing more. */
    public Audit invoices() {
        List<Served> served =
                places.stream().flatMap(place -> place.served().stream()).toList();
        long reported =
                served.stream().filter(each -> each.bill() == Bill.REPORTED).count();
        List<Entry.Ended> charged =
                attempts.stream().filter(row -> row.costNanoUsd().orElse(0) > 0).toList();
        List<Entry.Ended> byReport =
                charged.stream().filter(row -> !row.estimated()).toList();
        assertThat(byReport).as("attempts charged what was reported").hasSize((int) reported);
        assertThat(byReport)
                .allSatisfy(row -> assertThat(row.costNanoUsd()).as("%s", row).hasValue(CALL));
        return this;
    }

    private void read() {
        attempts.clear();
        calls.clear();
        try {
            new LedgerReader(List.of(gateway.ledger())).read(Instant.EPOCH, Instant.MAX, this::take, damage -> {
                throw new AssertionError(damage.toString());
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void take(Entry row) {
        if (row instanceof Entry.Ended ended) {
            attempts.add(ended);
        } else if (row instanceof Entry.Called called) {
            calls.add(called);
        }
    }

    /**
     * As many calls at once as the limits allow are let through, so none of them holds a place of another (N4).
     *
     * @param well the one provider of the model called {@code well}, in OpenAI's dialect
     */
    public Audit placesAreFree(Place well, int places) {
        CountDownLatch gate = new CountDownLatch(1);
        Misanswers told = new Misanswers(Talk.OPENAI, gate);
        well.always(WireScript.of(told.seen(), WireScript.answer(200, "application/json", told.whole()))
                .billed(Bill.REPORTED));
        List<RawCaller> callers = new ArrayList<>();
        for (int i = 0; i < places; i++) {
            callers.add(gateway.begin(gateway.question(Talk.OPENAI, false, "well", "once more")));
        }
        try {
            await().atMost(SOON).until(() -> well.underWay() == places);
        } finally {
            gate.countDown();
        }
        for (RawCaller caller : callers) {
            RawAnswer answer = caller.readToEnd();
            assertThat(answer.isSuccess()).as("%s", answer).isTrue();
            caller.close();
        }
        return this;
    }

    /** An answer came in time, whole or as an error, and nothing in a failure looks like success (N6, N9). */
    public static void answer(RawAnswer answer, Duration total) {
        assertThat(answer.nanos())
                .as("%s", answer)
                .isLessThan(total.plusSeconds(1).toNanos());
        assertThat(answer.status()).as("%s", answer).isPositive();
        boolean failed = answer.status() != 200 || answer.error().isPresent();
        if (failed) {
            assertThat(answer.error())
                    .as("an error of the dialect in %s", answer)
                    .isPresent();
            assertThat(answer.saysSuccess()).as("success in %s", answer).isFalse();
        } else {
            assertThat(answer.isSuccess()).as("%s", answer).isTrue();
        }
        noSecretIn(answer.toString());
    }

    /** No secret is in what the gateway shows or keeps (N5). */
    public Audit noSecrets() {
        noSecretIn(gateway.metrics());
        assertThat(gateway.metrics()).doesNotContain(Bench.PROMPT);
        try (Stream<Path> files = Files.walk(gateway.ledger())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(file, StandardCharsets.ISO_8859_1);
                noSecretIn(text);
                assertThat(text).doesNotContain(Bench.PROMPT);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return this;
    }

    private static void noSecretIn(String text) {
        assertThat(text).doesNotContain(SECRETS);
    }

    /** When the gateway is closed so are all its connections. */
    public void closed() {
        gateway.close();
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(places)
                        .allSatisfy(place ->
                                assertThat(place.open()).as("connections open").isZero()));
    }

    /** The rows of attempts that met a provider, in order. */
    public List<Entry.Ended> attemptsAt(String provider) {
        return attempts.stream()
                .filter(row -> row.target().startsWith(provider + "/"))
                .sorted(java.util.Comparator.comparing(Entry.Ended::attempt))
                .toList();
    }

    /** Threads that gateways have started and that are still there. */
    public static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("tollgate-"))
                .collect(Collectors.toSet());
    }

    /** File descriptors of this process that are open. */
    public static long descriptors() {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether a code says that the caller has left. */
    public static boolean isLeft(Entry.Called call) {
        return call.error() == ErrorCode.CALLER_CANCELLED;
    }
}
