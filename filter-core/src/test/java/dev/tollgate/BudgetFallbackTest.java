package dev.tollgate;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.Talk;
import dev.tollgate.testing.TargetPrices;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calls for which a budget has no money. */
class BudgetFallbackTest {
    private final FakeUpstream dear = new FakeUpstream();
    private final FakeUpstream cheap = new FakeUpstream();
    private final OpenGateway opened = new OpenGateway()
            .to(Talk.OPENAI.provider("dear", dear))
            .prices(new TargetPrices(Map.of("dear/m", 1_000L, "cheap/m", 10L)));

    @BeforeEach
    void providersAnswer() {
        dear.always(peer -> peer.json(200, Talk.OPENAI.whole("Hello")));
        cheap.always(peer -> peer.json(200, Talk.OPENAI.whole("Hello")));
    }

    @AfterEach
    void close() {
        opened.close();
        dear.close();
        cheap.close();
    }

    private FakeExchange call(Gateway gateway) {
        byte[] body = Talk.OPENAI.request(false, "Hi", "9").getBytes(UTF_8);
        FakeExchange call = new FakeExchange("POST", "/v1/chat/completions", Map.of(), body);
        gateway.handle(call);
        await().until(call::isEnded);
        await().until(() -> opened.limits().isEven());
        return call;
    }

    @Test
    void aCallThatABudgetHasNoMoneyForGoesWhereTheModelSays() {
        opened.limits().budget(500);
        FakeExchange call =
                call(opened.whenSpent(Talk.OPENAI.provider("cheap", cheap)).open());
        assertThat(call.status()).isEqualTo(200);
        assertThat(call.answerHeader("x-tollgate-target")).contains("cheap/m");
        assertThat(call.answerHeader("x-tollgate-fallback")).contains("budget");
        assertThat(dear.requests()).isEmpty();
        assertThat(opened.limits().charged()).isEqualTo(10);
    }

    @Test
    void aCallThatThereIsMoneyForDoesNot() {
        opened.limits().budget(5_000);
        FakeExchange call =
                call(opened.whenSpent(Talk.OPENAI.provider("cheap", cheap)).open());
        assertThat(call.answerHeader("x-tollgate-target")).contains("dear/m");
        assertThat(call.answerHeader("x-tollgate-fallback")).isEmpty();
        assertThat(cheap.requests()).isEmpty();
    }

    @Test
    void withoutSuchTargetsItIsRefused() {
        opened.limits().budget(500);
        FakeExchange call = call(opened.open());
        assertThat(call.status()).isEqualTo(402);
        assertThat(dear.requests()).isEmpty();
    }

    @Test
    void whereThereIsNoMoneyForTheseEitherItIsRefused() {
        opened.limits().budget(5);
        FakeExchange call =
                call(opened.whenSpent(Talk.OPENAI.provider("cheap", cheap)).open());
        assertThat(call.status()).isEqualTo(402);
        assertThat(cheap.requests()).isEmpty();
    }
}
