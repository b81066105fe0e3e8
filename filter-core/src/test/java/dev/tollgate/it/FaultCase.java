package dev.tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.ErrorCode;
import dev.tollgate.ledger.Entry;
import dev.tollgate.servlet.TestContainer;
import dev.tollgate.testing.Audit;
import dev.tollgate.testing.Bench;
import dev.tollgate.testing.Blackhole;
import dev.tollgate.testing.Fault;
import dev.tollgate.testing.Fault.Then;
import dev.tollgate.testing.Fault.Where;
import dev.tollgate.testing.Faults;
import dev.tollgate.testing.Misanswers;
import dev.tollgate.testing.RawAnswer;
import dev.tollgate.testing.RawCaller;
import dev.tollgate.testing.ScriptedUpstream;
import dev.tollgate.testing.ScriptedUpstream.Place;
import dev.tollgate.testing.Talk;
import dev.tollgate.testing.WireScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/**
 * A fault that one caller meets.
 *
 * @param caller the caller's dialect
 * @param provider the dialect of the provider that has the fault
 * @param second whether there is a second target, which is well
 */
record FaultCase(Fault fault, TestContainer.Kind server, Talk caller, Talk provider, boolean stream, boolean second) {
    private static final Duration TOTAL = Duration.ofSeconds(10);

    /** All cases of a fault. Translated ones are tried in one of the servers. */
    static Stream<FaultCase> of(Fault fault) {
        List<FaultCase> cases = new ArrayList<>();
        for (TestContainer.Kind server : TestContainer.Kind.values()) {
            for (Talk caller : Talk.values()) {
                for (boolean stream : new boolean[] {false, true}) {
                    cases.add(new FaultCase(fault, server, caller, caller, stream, false));
                    if (!fault.isHeavy()) {
                        cases.add(new FaultCase(fault, server, caller, caller, stream, true));
                        if (server == serverOfTranslated(caller)) {
                            cases.add(new FaultCase(fault, server, caller, another(caller), stream, false));
                        }
                    }
                }
            }
        }
        return cases.stream().filter(each -> fault.isOf(each.provider, each.stream));
    }

    private static TestContainer.Kind serverOfTranslated(Talk caller) {
        return caller == Talk.RESPONSES || caller == Talk.GEMINI ? TestContainer.Kind.TOMCAT : TestContainer.Kind.JETTY;
    }

    /** A dialect that has to be translated. */
    private static Talk another(Talk caller) {
        return switch (caller) {
            case OPENAI, BEDROCK -> Talk.ANTHROPIC;
            case RESPONSES -> Talk.OPENAI;
            case ANTHROPIC -> Talk.GEMINI;
            case GEMINI -> Talk.BEDROCK;
        };
    }

    void run(String name, Bench bench, ScriptedUpstream upstream) {
        Place first = upstream.place();
        Place other = upstream.place();
        CountDownLatch seen = new CountDownLatch(1);
        scripts(first, seen);
        other.always(Faults.usual(caller, stream));
        try (Blackhole hole = new Blackhole();
                Bench.Running gateway = bench.open(name, configuration(first, other, hole))) {
            RawAnswer answer = ask(gateway, name, seen);
            Audit audit =
                    new Audit(gateway, List.of(first, other)).nothingIsHeld().books(1);
            Audit.answer(answer, TOTAL);
            told(answer, audit);
            asked(first, other, audit);
            paid(audit);
            stillServes(gateway, other);
            audit.nothingIsHeld().books(2).invoices().noSecrets().closed();
        } finally {
            first.retire();
            other.retire();
        }
    }

    /** Scripts that wait until the caller has seen content go on when it has. */
    private RawAnswer ask(Bench.Running gateway, String name, CountDownLatch seen) {
        try (RawCaller asking = gateway.begin(gateway.question(caller, stream, "faulty", name))) {
            asking.readUntil("Hello");
            seen.countDown();
            return asking.readToEnd();
        }
    }

    private void scripts(Place place, CountDownLatch seen) {
        List<WireScript> scripts = fault.scripts(new Misanswers(provider, seen), stream);
        for (WireScript script : scripts) {
            place.then(script);
        }
        if (!scripts.isEmpty()) {
            place.always(scripts.get(scripts.size() - 1));
        }
        if (fault.where() == Where.DEAF) {
            place.greets(WireScript.of(WireScript.reset()));
        }
        if (fault.where() == Where.NOT_TLS) {
            place.greets(WireScript.of(WireScript.raw("220 mail.example ESMTP ready\r\n"), WireScript.hang()));
        }
    }

    private String configuration(Place first, Place other, Blackhole hole) {
        String at = switch (fault.where()) {
            case NOBODY -> "http://" + first.nobody();
            case BLACKHOLE -> "http://" + hole.authority();
            case NAMELESS -> "https://nowhere.invalid";
            case NOT_TLS -> "https://" + first.authority();
            default -> "http://" + first.authority();
        };
        return """
                providers:
                  one: %s
                  two: %s
                models:
                  faulty: { targets: [one/%s], %s timeouts: { %s } }
                  well: { targets: [two/%s] }
                prices:
                  one/*: { input: 1000, output: 1000 }
                  two/*: { input: 1000, output: 1000 }
                limits:
                  - { per: key, concurrent: 1 }
                """.formatted(
                        provider(provider, at),
                        provider(caller, "http://" + other.authority()),
                        model(provider),
                        second ? "fallback: [two/" + model(caller) + "]," : "",
                        timeouts(),
                        model(caller));
    }

    private String timeouts() {
        String own = fault.timeouts();
        String total = own.contains("total:") ? "" : "total: " + TOTAL.toSeconds() + "s";
        return own.isEmpty() || total.isEmpty() ? own + total : own + ", " + total;
    }

    private static String provider(Talk talk, String at) {
        String kind = switch (talk) {
            case OPENAI -> "like: openai-compatible, base-url: '" + at + "/v1'"; // it has no Responses
            case RESPONSES -> "like: openai, base-url: '" + at + "/v1'";
            case ANTHROPIC -> "like: anthropic, base-url: '" + at + "'";
            case GEMINI -> "like: gemini, base-url: '" + at + "'";
            case BEDROCK -> "like: bedrock, region: us-east-1, base-url: '" + at + "'";
        };
        return "{ " + kind + ", api-key: @KEY@ }";
    }

    private static String model(Talk talk) {
        return talk == Talk.BEDROCK ? "amazon.nova-n" : "m";
    }

    private boolean isSaved() {
        return fault.then() == Then.ANSWERED || (second && fault.leadsToAnother());
    }

    private void told(RawAnswer answer, Audit audit) {
        if (isSaved()) {
            assertThat(answer.isSuccess()).as("%s", answer).isTrue();
            return;
        }
        ErrorCode code = audit.calls().get(0).error();
        assertThat(code).as("%s", answer).isIn(fault.codes());
        boolean cut = fault.then() == Then.CUT || (fault.then() == Then.REFUSED_OR_CUT && answer.status() == 200);
        if (cut) {
            assertThat(answer.isCut()).as("%s", answer).isTrue();
            return;
        }
        assertThat(answer.status()).as("%s", answer).isIn(fault.statuses(caller, code));
        assertThat(answer.header("x-tollgate-error")).isEqualTo(code.id());
        hints(answer, code);
    }

    /** Who is told to wait is told the truth; who need not ask again is told that. */
    private void hints(RawAnswer answer, ErrorCode code) {
        String wait = answer.header("retry-after");
        if (fault.longestWaitSeconds() > 0) {
            assertThat(Integer.parseInt(wait))
                    .as("%s", answer)
                    .isBetween(fault.longestWaitSeconds() - 3, fault.longestWaitSeconds());
        } else if (wait.isEmpty() && code != ErrorCode.PROVIDER_RATE_LIMITED && code != ErrorCode.PROVIDER_OVERLOADED) {
            assertThat(answer.header("x-should-retry")).as("%s", answer).isEqualTo("false");
        }
    }

    private void asked(Place first, Place other, Audit audit) {
        int attempts = audit.calls().get(0).attempts();
        boolean saved = second && fault.leadsToAnother();
        assertThat(other.served()).as("requests to the second target").hasSize(saved ? 1 : 0);
        if (saved) {
            assertThat(attempts).as("attempts").isEqualTo(2);
        } else {
            assertThat(attempts).as("attempts").isBetween(fault.fewestAttempts(), fault.mostAttempts());
        }
        if (fault.where() == Where.SCRIPTED) {
            assertThat(first.served()).as("requests to the first").hasSize(attempts - (saved ? 1 : 0));
        }
    }

    private void paid(Audit audit) {
        List<Entry.Ended> there = audit.attemptsAt("one");
        Entry.Ended row = there.get(0);
        switch (fault.cost()) {
            case NOTHING -> assertThat(row.costNanoUsd()).as("%s", row).hasValue(0);
            case ESTIMATED -> {
                assertThat(row.estimated()).as("%s", row).isTrue();
                assertThat(row.costNanoUsd().orElseThrow()).as("%s", row).isBetween(1L, 20_000 * Audit.CALL);
            }
            case REPORTED -> {
                assertThat(row.estimated()).as("%s", row).isFalse();
                assertThat(row.costNanoUsd()).as("%s", row).hasValue(Audit.CALL);
            }
            case NOTHING_OR_ESTIMATED ->
                assertThat(row.estimated() || row.costNanoUsd().orElseThrow() == 0)
                        .as("%s", row)
                        .isTrue();
        }
    }

    /** The one place that the key has is free again, and the gateway serves. */
    private void stillServes(Bench.Running gateway, Place other) {
        int before = other.served().size();
        RawAnswer answer = gateway.ask(gateway.question(caller, stream, "well", "again"));
        assertThat(answer.isSuccess()).as("%s", answer).isTrue();
        assertThat(other.served()).hasSize(before + 1);
    }

    @Override
    public String toString() {
        return String.join(
                ", ",
                Stream.of(
                                fault.toString(),
                                caller.dialect() + (stream ? " streamed" : " whole"),
                                provider == caller ? "" : "from " + provider.dialect(),
                                second ? "with a second target" : "",
                                server.name().toLowerCase(Locale.ROOT))
                        .filter(part -> !part.isEmpty())
                        .toList());
    }
}
