package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Call;
import dev.tollgate.CallFixture;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.config.Settings.Unsupported;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.testing.FakeUpstream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What becomes of requests of which a target cannot be told everything. */
class UnsupportedTest extends ForwardingBase {
    private static final String SEEDED =
            "{\"model\":\"smart\",\"seed\":7,\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private static final String PLAIN = "{\"model\":\"smart\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    private CallFixture asking(Unsupported mode, String body, Provider... providers) {
        return new CallFixture(exchange, dialects.get("openai-chat"))
                .to(providers)
                .body(body)
                .unsupported(mode);
    }

    /** One of another dialect, which has no word for a seed. */
    private static Provider claude(FakeUpstream upstream) {
        return new Provider(
                "claude",
                "anthropic",
                upstream.uri(),
                Way.chat(Map.of("anthropic", "/v1/messages")),
                new Credential.None(),
                Quirks.NONE);
    }

    /** One of the caller's dialect that refuses a field. */
    private static Provider picky(FakeUpstream upstream) {
        Quirks quirks = new Quirks(true, "max_tokens", Set.of("seed"), Map.of(), List.of(), List.of());
        return provider("picky", upstream, quirks);
    }

    @Test
    void reportedIsWhatWasLeftOut() {
        first.then(peer -> peer.json(200, WHOLE));
        Call call = asking(Unsupported.REPORT, SEEDED, picky(first)).call();

        answered(run(call));

        assertThat(CallFixture.record(call).dropped()).containsExactly("seed");
    }

    @Test
    void aStrictModelRefusesBeforeAnythingIsSent() {
        Call call = asking(Unsupported.STRICT, SEEDED, claude(first), provider("two", second))
                .call();

        Refusal refusal = refusalOf(run(call));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CALLER_BAD_REQUEST);
        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.param()).contains("seed");
        assertThat(refusal.message()).contains("'seed'", "claude/");
        assertThat(call.account().attempts()).isEmpty();
        assertThat(first.requests()).isEmpty();
        assertThat(second.requests()).isEmpty();
    }

    @Test
    void aStrictModelRefusesWhatAPassedThroughRequestWouldLose() {
        Refusal refusal =
                refusalOf(run(asking(Unsupported.STRICT, SEEDED, picky(first)).call()));

        assertThat(refusal.param()).contains("seed");
        assertThat(first.requests()).isEmpty();
    }

    @Test
    void aStrictModelAnswersWhatLosesNothing() {
        first.then(peer -> peer.json(200, WHOLE));

        answered(run(asking(Unsupported.STRICT, PLAIN, picky(first)).call()));
    }

    @Test
    void aStrictModelThatFailedSaysWhyRatherThanWhatItsFallbackLacks() {
        first.then(peer -> peer.json(500, ERROR.formatted("broken", "server_error")));
        Call call = asking(Unsupported.STRICT, SEEDED, provider("one", first), claude(second))
                .call();

        assertThat(refusalOf(run(call)).code()).isEqualTo(ErrorCode.PROVIDER_SERVER_ERROR);
        assertThat(second.requests()).isEmpty();
    }

    @Test
    void aRoutedCallPassesOverTargetsThatWouldLoseSomething() {
        second.then(peer -> peer.json(200, WHOLE));
        Call call = asking(Unsupported.ROUTE, SEEDED, claude(first), picky(first), provider("two", second))
                .attempts(1)
                .call();

        answered(run(call));

        assertThat(first.requests()).isEmpty();
        assertThat(call.account().attempts())
                .singleElement()
                .satisfies(attempt -> assertThat(attempt.target()).startsWith("two/"));
        assertThat(CallFixture.record(call).dropped()).isEmpty();
    }

    @Test
    void aRoutedCallThatNoTargetTakesIsRefusedNamingFieldAndTargets() {
        Refusal refusal = refusalOf(run(
                asking(Unsupported.ROUTE, SEEDED, claude(first), picky(second)).call()));

        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.param()).contains("seed");
        assertThat(refusal.message()).contains("claude/", "picky/");
        assertThat(first.requests()).isEmpty();
        assertThat(second.requests()).isEmpty();
    }
}
