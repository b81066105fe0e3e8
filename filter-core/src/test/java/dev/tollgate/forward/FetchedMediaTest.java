package dev.tollgate.forward;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.Call;
import dev.tollgate.CallFixture;
import dev.tollgate.ErrorCode;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.config.Settings.Unsupported;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.bedrock.Bedrock;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Calls that name images by URLs, to targets that take none. */
class FetchedMediaTest extends ForwardingBase {
    private static final String URL = "https://images.example.com/a.png";
    private static final String LOOK = "{\"model\":\"smart\",\"messages\":[{\"role\":\"user\",\"content\":["
            + "{\"type\":\"text\",\"text\":\"look\"},{\"type\":\"image_url\",\"image_url\":{\"url\":\"" + URL
            + "\"}}]}]}";
    private static final String SEEN =
            "{\"output\":{\"message\":{\"role\":\"assistant\",\"content\":[{\"text\":\"seen\"}]}},"
                    + "\"stopReason\":\"end_turn\",\"usage\":{\"inputTokens\":7,\"outputTokens\":3,\"totalTokens\":10}}";

    private final Dialect bedrock = new Bedrock(InstantSource.fixed(NOW));
    private final List<Set<String>> asked = new ArrayList<>();

    private Forwarder fetching(Map<String, Source.Inline> found) {
        return new Forwarder(new Forwarder.Parts(
                        http,
                        Translator.between(id -> id.equals("bedrock") ? bedrock : dialects.get(id)),
                        new AnswerHeaders(InstantSource.fixed(NOW)),
                        authorizer,
                        timers,
                        InstantSource.fixed(NOW),
                        "9.9")
                .with((MediaFetcher) (urls, allowed) -> {
                    asked.add(urls);
                    return CompletableFuture.supplyAsync(() -> found, timers);
                }));
    }

    private CallFixture looking() {
        Provider aws = new Provider(
                "aws",
                "bedrock",
                first.uri(),
                Way.chat(Map.of("bedrock", "/model/{model}/converse")),
                new Credential.None(),
                Quirks.NONE);
        return new CallFixture(exchange, dialects.get("openai-chat")).to(aws).body(LOOK);
    }

    @Test
    void whatTheTargetCannotFetchIsFetchedForIt() {
        first.then(peer -> peer.json(200, SEEN));
        Call call = looking().fetchFrom("images.example.com").call();

        answered(run(fetching(Map.of(URL, new Source.Inline("image/png", "iVBORw=="))), call));

        assertThat(asked).containsExactly(Set.of(URL));
        assertThat(first.lastRequest().text()).contains("iVBORw==").doesNotContain(URL);
        assertThat(CallFixture.record(call).dropped()).isEmpty();
    }

    @Test
    void whatCouldNotBeFetchedIsLeftOutAndReported() {
        first.then(peer -> peer.json(200, SEEN));
        Call call = looking().fetchFrom("images.example.com").call();

        answered(run(fetching(Map.of()), call));

        assertThat(CallFixture.record(call).dropped()).isNotEmpty();
    }

    @Test
    void aStrictModelRefusesWhatCouldNotBeFetched() {
        Call call = looking()
                .fetchFrom("images.example.com")
                .unsupported(Unsupported.STRICT)
                .call();

        assertThat(refusalOf(run(fetching(Map.of()), call)).status()).isEqualTo(400);
        assertThat(first.requests()).isEmpty();
    }

    @Test
    void whatCannotBeReadIsRefusedAsItIsElsewhere() {
        Call call = looking()
                .body(LOOK.replace("\"user\"", "\"nobody\""))
                .fetchFrom("images.example.com")
                .call();

        assertThat(refusalOf(run(fetching(Map.of()), call)).code()).isEqualTo(ErrorCode.CALLER_BAD_REQUEST);
        assertThat(asked).isEmpty();
    }

    @Test
    void nothingIsFetchedWhereNothingIsListed() {
        first.then(peer -> peer.json(200, SEEN));

        answered(run(
                fetching(Map.of(URL, new Source.Inline("image/png", "iVBORw=="))),
                looking().call()));

        assertThat(asked).isEmpty();
    }

    @Test
    void nothingIsFetchedForATargetThatFetchesItself() {
        first.then(peer -> peer.json(200, WHOLE));
        Call call = new CallFixture(exchange, dialects.get("openai-chat"))
                .to(provider("one", first))
                .body(LOOK)
                .fetchFrom("images.example.com")
                .call();

        answered(run(fetching(Map.of()), call));

        assertThat(asked).isEmpty();
        assertThat(first.lastRequest().text()).contains(URL);
    }
}
