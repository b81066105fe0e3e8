package dev.tollgate.servlet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.Gateway;
import dev.tollgate.OpenGateway;
import dev.tollgate.Secret;
import dev.tollgate.provider.Credential;
import dev.tollgate.provider.Provider;
import dev.tollgate.provider.Quirks;
import dev.tollgate.provider.Way;
import dev.tollgate.testing.FakeUpstream;
import dev.tollgate.testing.RawClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Callers who leave in the middle of a stream while its provider is silent, in real containers. */
@Timeout(60)
class LeavingCallersTest {
    private static final String CHUNK =
            "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\","
                    + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"hello\"},\"finish_reason\":null}]}";
    private static final String CALL =
            "{\"model\":\"smart\",\"stream\":true,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";

    @ParameterizedTest
    @CsvSource({"TOMCAT, true", "TOMCAT, false", "JETTY, true", "JETTY, false"})
    void aCallerWhoLeavesIsNoticedByTheNextSignOfLife(TestContainer.Kind kind, boolean reset) throws Exception {
        try (FakeUpstream upstream = new FakeUpstream();
                OpenGateway open = new OpenGateway().to(provider(upstream)).heartbeat(Duration.ofSeconds(1));
                TestContainer container = container(kind, open.open())) {
            upstream.always(peer -> peer.stream().data(CHUNK).untilClosed());
            RawClient client = new RawClient(container.port());
            client.post("/v1/chat/completions", CALL).readUntil("hello", Duration.ofSeconds(10));
            if (reset) {
                client.vanish();
            } else {
                client.close();
            }

            await().atMost(Duration.ofSeconds(2)).until(() -> upstream.closedByClient() == 1);
            await().until(() -> open.records().size() == 1);
            assertThat(open.limits().reserved()).isZero();
            assertThat(open.limits().isEven()).isTrue();
        }
    }

    private static Provider provider(FakeUpstream upstream) {
        return new Provider(
                "one",
                "openai",
                upstream.uri().resolve("/v1"),
                List.of(Way.chat("openai-chat", "/chat/completions")),
                new Credential.Bearer(new Secret("key")),
                Quirks.NONE);
    }

    private static TestContainer container(TestContainer.Kind kind, Gateway gateway) throws Exception {
        return new TestContainer.App(kind)
                .filter("tollgate", new TollgateFilter(gateway))
                .start();
    }
}
