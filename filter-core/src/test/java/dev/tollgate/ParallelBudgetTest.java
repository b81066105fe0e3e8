package dev.tollgate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Budget;
import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.Per;
import dev.tollgate.config.Settings.Span;
import dev.tollgate.config.Settings.Unit;
import dev.tollgate.ledger.Entry;
import dev.tollgate.limit.LimitEvents;
import dev.tollgate.limit.Limits;
import dev.tollgate.limit.LocalSlots;
import dev.tollgate.limit.LocalStore;
import dev.tollgate.limit.RuleLimits;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.SettingsOf;
import dev.tollgate.testing.Talk;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many calls at once on one budget. */
class ParallelBudgetTest {
    private static final long CALL = (Talk.INPUT + Talk.OUTPUT) * 1_000;

    private final FakeUpstream provider = new FakeUpstream();
    private final OpenGateway opened = new OpenGateway();
    private final ExecutorService callers = Executors.newFixedThreadPool(20);

    @AfterEach
    void close() {
        callers.shutdownNow();
        opened.close();
        provider.close();
    }

    @Test
    void aHundredCallsOnABudgetForTenSpendAtMostTheBudget() {
        long budget = 10 * CALL;
        provider.always(peer -> peer.json(200, Talk.OPENAI.whole("Hello")));
        Gateway gateway = opened.to(Talk.OPENAI.provider("one", provider)).open(limits(budget));
        // Longer than it is reported to be, so that what is reserved is the most that it can cost.
        String body = Talk.OPENAI.request(false, "How are you? ".repeat(20), String.valueOf(Talk.OUTPUT));

        List<FakeExchange> calls = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            FakeExchange call = new FakeExchange("POST", "/v1/chat/completions", Map.of(), body.getBytes(UTF_8));
            calls.add(call);
            callers.execute(() -> gateway.handle(call));
        }
        await().until(() -> calls.stream().allMatch(FakeExchange::isEnded));

        long answered = calls.stream().filter(call -> call.status() == 200).count();
        assertThat(answered).isBetween(3L, 10L);
        assertThat(calls).allMatch(call -> call.status() == 200 || call.status() == 402);
        assertThat(provider.requests()).hasSize((int) answered);
        assertThat(opened.ledger().charged()).isEqualTo(answered * CALL).isLessThanOrEqualTo(budget);
        assertThat(opened.ledger().rows(Entry.Called.class)).hasSize((int) answered);
    }

    private static Limits limits(long nanoUsd) {
        Budget budget =
                new Budget(nanoUsd, new Span.Calendar(Unit.YEAR, ZoneOffset.UTC), List.of(), true, true, List.of());
        Settings settings = SettingsOf.limits(new Limit(
                Per.KEY,
                null,
                null,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                0,
                Optional.of(budget),
                Settings.Mode.ENFORCE,
                Optional.empty(),
                0));
        InstantSource clock = InstantSource.system();
        return new RuleLimits(
                settings, new LocalStore(System::nanoTime, clock), new LocalSlots(), 1, clock, LimitEvents.NONE);
    }
}
