package dev.tollgate.tomcat;

import static dev.tollgate.testing.FakeGateway.answer;
import static dev.tollgate.testing.FakeGateway.beginStream;
import static dev.tollgate.testing.FakeGateway.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.Exchange;
import dev.tollgate.testing.FakeGateway;
import dev.tollgate.testing.RawClient;
import dev.tollgate.testing.RawClient.Answer;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.startup.Tomcat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TollgateValveTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @TempDir
    Path folder;

    private final FakeGateway gateway = new FakeGateway();
    private final ExecutorService reactor = Executors.newSingleThreadExecutor();
    private final Tomcat tomcat = new Tomcat();

    @BeforeEach
    void prepare() {
        tomcat.setBaseDir(folder.toString());
        tomcat.setPort(0);
        tomcat.getConnector();
    }

    @AfterEach
    void stop() throws Exception {
        reactor.shutdownNow();
        tomcat.stop();
        tomcat.destroy();
    }

    /** The application's own servlet. */
    private static final class ApplicationServlet extends HttpServlet {
        private static final long serialVersionUID = 1L;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.setHeader("x-reached", "application");
            response.getWriter().print("application");
        }
    }

    private Context application(String contextPath) {
        Context context = tomcat.addContext(contextPath, folder.toString());
        if (context instanceof StandardContext standard) {
            // its leak checks want the JVM opened, and warn of that for every test
            standard.setClearReferencesObjectStreamClassCaches(false);
            standard.setClearReferencesRmiTargets(false);
            standard.setClearReferencesThreadLocals(false);
        }
        Tomcat.addServlet(context, "application", new ApplicationServlet()).addMapping("/");
        return context;
    }

    private RawClient client() {
        return new RawClient(tomcat.getConnector().getLocalPort());
    }

    private Answer get(String path) {
        try (RawClient client = client()) {
            return client.get(path).readAnswer();
        }
    }

    private static boolean isApplications(Answer answer) {
        return answer.head().contains("x-reached: application");
    }

    @Test
    void aValveOfTheHostServesTheGatewaysPathsAndNoOthers() throws Exception {
        application("");
        tomcat.getHost().getPipeline().addValve(new TollgateValve(gateway));
        tomcat.start();

        assertThat(get("/v1/models").body()).isEqualTo("ok");
        assertThat(isApplications(get("/other"))).isTrue();
        assertThat(gateway.seen()).hasSize(1);
    }

    @Test
    void aValveOfAnApplicationServesPathsRelativeToIt() throws Exception {
        application("");
        application("/app").getPipeline().addValve(new TollgateValve(gateway));
        tomcat.start();

        assertThat(isApplications(get("/v1/models"))).isTrue();
        assertThat(get("/app/v1/models").body()).isEqualTo("ok");
        assertThat(gateway.seen().get(0).target().path()).isEqualTo("/v1/models");
    }

    @Test
    void aStreamIsServedWithoutHoldingAThread() throws Exception {
        application("");
        tomcat.getHost().getPipeline().addValve(new TollgateValve(gateway));
        tomcat.getConnector().setProperty("maxThreads", "2");
        tomcat.getConnector().setProperty("minSpareThreads", "1");
        tomcat.start();
        CompletableFuture<Exchange> held = new CompletableFuture<>();
        gateway.doing(exchange -> {
            beginStream(exchange);
            event(exchange, "one").thenRun(() -> held.complete(exchange));
        });

        try (RawClient first = client();
                RawClient second = client();
                RawClient third = client();
                RawClient fourth = client()) {
            for (RawClient client : new RawClient[] {first, second, third, fourth}) {
                assertThat(client.post("/v1/x", "{}")
                                .readUntil("data: one", PATIENCE)
                                .text())
                        .contains("data: one");
            }
            held.get(5, TimeUnit.SECONDS).end();
        }
    }

    @Test
    void aClientThatWaitsForLeaveToSendItsBodyGetsIt() throws Exception {
        application("");
        tomcat.getHost().getPipeline().addValve(new TollgateValve(gateway));
        tomcat.start();
        gateway.doing(
                exchange -> exchange.readBody(100).thenCompose(body -> answer(exchange, 200, "length " + body.length)));

        try (RawClient client = client()) {
            client.send("POST /v1/x HTTP/1.1\r\nHost: t\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
            assertThat(client.readUntil("\r\n\r\n", PATIENCE).status()).isEqualTo(100);
            assertThat(client.forget().send("12345").readAnswer().body()).isEqualTo("length 5");
        }
    }

    @Test
    void withoutAnyApplicationCallsAreServedByTheContainersThread() throws Exception {
        tomcat.getHost().getPipeline().addValve(new TollgateValve(gateway));
        tomcat.start();
        gateway.doing(exchange -> exchange.readBody(100)
                .thenComposeAsync(body -> answer(exchange, 200, "length " + body.length), reactor));

        try (RawClient client = client()) {
            assertThat(client.post("/v1/x", "12345").readAnswer().body()).isEqualTo("length 5");
        }
    }

    @Test
    void withoutAnyApplicationAnAbortedStreamDoesNotLookWhole() throws Exception {
        tomcat.getHost().getPipeline().addValve(new TollgateValve(gateway));
        tomcat.start();
        gateway.doing(exchange -> {
            beginStream(exchange);
            event(exchange, "one").thenRunAsync(exchange::abort, reactor);
        });

        try (RawClient client = client()) {
            Answer answer = client.post("/v1/x", "{}").readToEnd(PATIENCE);
            assertThat(answer.text()).contains("data: one");
            assertThat(answer.isWholeInChunks()).isFalse();
            assertThat(answer.closed()).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/..;/v1/chat",
                "/v1/%2e%2e/v1/chat",
                "/v1/../v1/chat",
                "/v1/./chat",
                "//v1/chat",
                "/v1//chat",
                "/;/v1/chat",
                "/%761/chat",
                "/v1/%63hat",
                "/v1;x/chat",
                "/v1/chat;x",
                "/v1%2fchat",
                "/v1%5cchat",
                "/v1\\chat",
                "/v1/chat%00",
                "/v1/ch%c0%afat",
                "/v1/%252e%252e/chat",
                "/v1/chat%",
                "/V1/chat",
                "/v1/chat/../../admin",
                "/v1/chat;/../../admin",
                "/v1/..;/admin/keys",
                "/admin/../v1/chat",
                "/admin;/../v1/chat",
                "http://other//v1/chat"
            })
    void aSecondSpellingOfAPathIsRefusedOrIsNotTheGateways(String spelling) throws Exception {
        application("");
        tomcat.getHost().getPipeline().addValve(new TollgateValve(gateway));
        tomcat.start();

        Answer answer = get(spelling);

        assertThat(gateway.seen()).isEmpty();
        assertThat(answer.status() == 400 || isApplications(answer))
                .as(answer.text())
                .isTrue();
    }

    @Test
    void theConfigurationIsOpenedAndClosedWithTheContainer() throws Exception {
        Path file = Files.writeString(folder.resolve("tollgate.yaml"), """
                providers: { echo: {} }
                models: { echo: { targets: [ { use: echo/echo } ] } }
                access: { open: true }
                """);
        application("");
        TollgateValve valve = new TollgateValve();
        valve.setConfig(file.toString());
        tomcat.getHost().getPipeline().addValve(valve);
        tomcat.start();

        assertThat(get("/tollgate/health/ready").status()).isEqualTo(200);
    }

    @Test
    void aBrokenConfigurationClosesTheGatewayAndLetsTheApplicationsRun() throws Exception {
        Path file = Files.writeString(folder.resolve("tollgate.yaml"), "modells: {}");
        application("");
        TollgateValve valve = new TollgateValve();
        valve.setConfig(file.toString());
        tomcat.getHost().getPipeline().addValve(valve);
        tomcat.start();

        assertThat(get("/v1/chat/completions").status()).isEqualTo(503);
        assertThat(isApplications(get("/other"))).isTrue();
    }

    @Test
    void aBrokenConfigurationKeepsTheValveFromStartingWhereThatIsAskedFor() throws Exception {
        Path file = Files.writeString(folder.resolve("tollgate.yaml"), "modells: {}");
        TollgateValve valve = new TollgateValve();
        valve.setConfig(file.toString());
        valve.setFailStart(true);
        valve.setContainer(application(""));

        assertThatThrownBy(valve::start)
                .isInstanceOf(LifecycleException.class)
                .hasStackTraceContaining("tollgate.yaml:1:1");
    }
}
