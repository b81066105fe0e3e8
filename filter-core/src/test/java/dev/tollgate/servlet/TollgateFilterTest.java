package dev.tollgate.servlet;

import static dev.tollgate.testing.FakeGateway.answer;
import static dev.tollgate.testing.FakeGateway.beginStream;
import static dev.tollgate.testing.FakeGateway.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.Exchange;
import dev.tollgate.testing.FakeGateway;
import dev.tollgate.testing.RawClient;
import dev.tollgate.testing.RawClient.Answer;
import jakarta.servlet.Filter;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class TollgateFilterTest {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String GOOD = """
            providers: { echo: {} }
            models: { echo: { targets: [ { use: echo/echo } ] } }
            access: { open: true }
            """;

    @TempDir
    Path folder;

    private final FakeGateway gateway = new FakeGateway();
    private final ExecutorService reactor = Executors.newSingleThreadExecutor();
    private TestContainer container;

    @AfterEach
    void stop() throws Exception {
        reactor.shutdownNow();
        if (container != null) {
            container.close();
        }
    }

    private Answer get(String path) {
        try (RawClient client = new RawClient(container.port())) {
            return client.get(path).readAnswer();
        }
    }

    private void start(TestContainer.App app) throws Exception {
        container = app.start();
    }

    private static boolean isApplications(Answer answer) {
        return answer.head().contains("x-reached: application");
    }

    private Path inApplication(String yaml) throws Exception {
        Path webInf = Files.createDirectories(folder.resolve("WEB-INF"));
        return Files.writeString(webInf.resolve("tollgate.yaml"), yaml);
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheGatewaysPathsAreTheGateways(TestContainer.Kind kind) throws Exception {
        start(new TestContainer.App(kind).filter("tollgate", new TollgateFilter(gateway)));

        assertThat(get("/v1/models").body()).isEqualTo("ok");
        assertThat(isApplications(get("/other"))).isTrue();
        assertThat(gateway.seen()).hasSize(1);
        assertThat(gateway.seen().get(0).target().path()).isEqualTo("/v1/models");
    }

    @ParameterizedTest
    @EnumSource
    void pathsAreRelativeToTheContextPath(TestContainer.Kind kind) throws Exception {
        start(new TestContainer.App(kind).at("/app").filter("tollgate", new TollgateFilter(gateway)));

        assertThat(get("/app/v1/models?a=b").body()).isEqualTo("ok");
        assertThat(gateway.seen().get(0).target().path()).isEqualTo("/v1/models");
        assertThat(gateway.seen().get(0).target().query()).isEqualTo("a=b");
        assertThat(get("/%61pp/v1/models").status()).isIn(400, 404);
        assertThat(gateway.seen()).hasSize(1);
    }

    /** Second spellings of one path, and of paths outside the gateway that look as if they were inside and back. */
    private static Stream<Arguments> spellings() {
        List<String> spellings = List.of(
                "/v1/..;/v1/chat",
                "/v1/%2e%2e/v1/chat",
                "/v1/../v1/chat",
                "/v1/./chat",
                "/v1/%2e/chat",
                "//v1/chat",
                "/v1//chat",
                "/;/v1/chat",
                "/;x=1/v1/chat",
                "/%761/chat",
                "/v%31/chat",
                "/v1/%63hat",
                "/v1;x/chat",
                "/v1/chat;x",
                "/v1/chat;jsessionid=1",
                "/v1%2fchat",
                "/v1%2Fchat",
                "/v1/chat%2f..%2fadmin",
                "/v1%5cchat",
                "/v1\\chat",
                "/v1/chat%00",
                "/v1/chat%0a",
                "/v1/ch%c0%afat",
                "/v1/%e0%80%ae%e0%80%ae/chat",
                "/v1/%252e%252e/chat",
                "/v1/chat%20",
                "/v1/chat%",
                "/v1/chat%zz",
                "/v1/chat%u0041",
                "/V1/chat",
                "/v1/chat/../../admin",
                "/v1/chat;/../../admin",
                "/v1/..;/admin/keys",
                "/v1/%2e%2e/admin",
                "/admin/../v1/chat",
                "/admin;/../v1/chat",
                "/admin/%2e%2e/v1/chat",
                "http://other/v1/chat",
                "http://other//v1/chat",
                "/v1/chat?x=/../..;//%2e",
                "/v1/chat/",
                "/v1/chat.",
                "/v1/chat/%C3%A9",
                "/v1/models/meta%3Allama");
        return Stream.of(TestContainer.Kind.values())
                .flatMap(kind -> spellings.stream().map(spelling -> Arguments.of(kind, spelling)));
    }

    @ParameterizedTest
    @MethodSource("spellings")
    void aPathIsDecidedOnAsTheContainerMapsItOrRefused(TestContainer.Kind kind, String spelling) throws Exception {
        start(new TestContainer.App(kind).filter("tollgate", new TollgateFilter(gateway)));

        Answer answer = get(spelling);

        if (!gateway.seen().isEmpty()) {
            String path = gateway.seen().get(0).target().path();
            assertThat(path).startsWith("/v1/").doesNotContain("..", ";", "//", "\\", "%", "\0", "\n");
            assertThat(pathOf(spelling)).as("the one spelling of %s", path).isEqualTo(path);
        } else {
            assertThat(answer.status() == 400 || isApplications(answer))
                    .as(answer.text())
                    .isTrue();
        }
        if (isApplications(answer)) {
            assertThat(answer.body()).as("the application's mapping").doesNotContain("application /v1/");
        }
    }

    /** The path of a canonical spelling: absolute form and query off, and what clients must encode decoded. */
    private static String pathOf(String spelling) {
        String path = spelling.startsWith("http://") ? spelling.substring(spelling.indexOf('/', 7)) : spelling;
        return path.split("\\?", 2)[0]
                .replace("%C3%A9", "é")
                .replace("%3A", ":")
                .replace("%20", " ");
    }

    @ParameterizedTest
    @EnumSource
    void aRefusedSpellingIsToldInAShapeThatBothSdksRead(TestContainer.Kind kind) throws Exception {
        start(new TestContainer.App(kind).filter("tollgate", new TollgateFilter(gateway)));

        Answer answer = get("/v1/chat;x");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body())
                .contains("\"type\":\"error\"", "\"type\":\"invalid_request_error\"", "\"code\":\"bad_request\"");
    }

    @ParameterizedTest
    @EnumSource
    void behindAFilterWithoutAsyncTheSameCallsAreServed(TestContainer.Kind kind) throws Exception {
        Filter old = (request, response, chain) -> chain.doFilter(request, response);
        start(new TestContainer.App(kind)
                .filter("old", old, false, Map.of())
                .filter("tollgate", new TollgateFilter(gateway)));
        gateway.doing(exchange -> exchange.readBody(1 << 20)
                .thenAcceptAsync(
                        body -> {
                            beginStream(exchange);
                            event(exchange, "one of " + body.length)
                                    .thenCompose(written -> event(exchange, "two"))
                                    .thenCompose(written -> exchange.end());
                        },
                        reactor));

        try (RawClient client = new RawClient(container.port())) {
            Answer answer = client.post("/v1/x", "12345").readUntil("0\r\n\r\n", PATIENCE);
            assertThat(answer.text()).contains("data: one of 5", "data: two");
            assertThat(answer.isWholeInChunks()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void behindAFilterWithoutAsyncAnEventIsVisibleAtOnceAndAnAbortIsSeen(TestContainer.Kind kind) throws Exception {
        Filter old = (request, response, chain) -> chain.doFilter(request, response);
        start(new TestContainer.App(kind)
                .filter("old", old, false, Map.of())
                .filter("tollgate", new TollgateFilter(gateway)));
        CompletableFuture<Exchange> begun = new CompletableFuture<>();
        gateway.doing(exchange -> {
            beginStream(exchange);
            begun.complete(exchange);
        });

        try (RawClient client = new RawClient(container.port())) {
            client.post("/v1/x", "");
            Exchange exchange = begun.get(5, TimeUnit.SECONDS);
            event(exchange, "one").toCompletableFuture().get(5, TimeUnit.SECONDS);
            assertThat(client.readUntil("data: one", PATIENCE).text()).contains("data: one");
            exchange.abort();
            Answer answer = client.readToEnd(PATIENCE);
            assertThat(answer.closed()).isTrue();
            assertThat(answer.isWholeInChunks()).isFalse();
            assertThat(event(exchange, "late").toCompletableFuture()).isCompletedExceptionally();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatAnEarlierFilterHasReadAsTextIsAnsweredToo(TestContainer.Kind kind) throws Exception {
        Filter greedy = (request, response, chain) -> {
            request.getReader().read();
            chain.doFilter(request, response);
        };
        start(new TestContainer.App(kind).filter("greedy", greedy).filter("tollgate", new TollgateFilter(gateway)));
        gateway.doing(exchange -> exchange.readBody(1 << 20)
                .handle((body, failure) -> answer(exchange, failure == null ? 200 : 400, "answered")));

        try (RawClient client = new RawClient(container.port())) {
            assertThat(client.post("/v1/x", "12345").readAnswer().status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anErrorOfTheJvmEndsAnExchangeThatHoldsItsThread(TestContainer.Kind kind) throws Exception {
        Filter faulty = (request, response, chain) -> chain.doFilter(
                new HttpServletRequestWrapper((HttpServletRequest) request) {
                    @Override
                    public ServletInputStream getInputStream() {
                        throw new StackOverflowError("as if");
                    }
                },
                response);
        start(new TestContainer.App(kind)
                .filter("faulty", faulty, false, Map.of())
                .filter("tollgate", new TollgateFilter(gateway)));
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        gateway.doing(exchange -> {
            exchange.onGone(told::complete);
            exchange.readBody(1 << 20);
        });

        try (RawClient client = new RawClient(container.port())) {
            assertThat(client.post("/v1/x", "12345").readAnswer().status()).isEqualTo(500);
            assertThat(told.get(5, TimeUnit.SECONDS)).isInstanceOf(StackOverflowError.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aBodyThatAnEarlierFilterHasReadIsABadRequestThatSaysSo(TestContainer.Kind kind) throws Exception {
        Filter greedy = (request, response, chain) -> {
            request.getInputStream().readAllBytes();
            chain.doFilter(request, response);
        };
        start(new TestContainer.App(kind).filter("greedy", greedy).filter("tollgate", new TollgateFilter(gateway)));
        gateway.doing(exchange ->
                exchange.readBody(100).whenComplete((body, failure) -> answer(exchange, 400, String.valueOf(failure))));

        try (RawClient client = new RawClient(container.port())) {
            assertThat(client.post("/v1/x", "12345").readAnswer().body()).contains("already read by another filter");
        }
    }

    @ParameterizedTest
    @EnumSource
    void withoutAConfigurationTheFilterDoesNothing(TestContainer.Kind kind) throws Exception {
        start(new TestContainer.App(kind).filter("tollgate", new TollgateFilter()));

        assertThat(isApplications(get("/v1/models"))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anApplicationWithoutAConfigurationIsNotCapturedByASharedJar(TestContainer.Kind kind) throws Exception {
        start(new TestContainer.App(kind).initializer(new TollgateInitializer()));

        assertThat(isApplications(get("/v1/models"))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aConfigurationInTheApplicationRegistersTheFilter(TestContainer.Kind kind) throws Exception {
        inApplication(GOOD);
        start(new TestContainer.App(kind).rootedAt(folder).initializer(new TollgateInitializer()));

        assertThat(get("/tollgate/health/ready").status()).isEqualTo(200);
        assertThat(isApplications(get("/other"))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aContextParameterRegistersTheFilter(TestContainer.Kind kind) throws Exception {
        Path file = Files.writeString(folder.resolve("elsewhere.yaml"), GOOD);
        start(new TestContainer.App(kind)
                .contextParameter("tollgate.config", file.toString())
                .initializer(new TollgateInitializer()));

        assertThat(get("/tollgate/health/ready").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void theAutomaticRegistrationGivesWayToTheApplicationsOwn(TestContainer.Kind kind) throws Exception {
        inApplication(GOOD);
        start(new TestContainer.App(kind)
                .rootedAt(folder)
                .initializer(new TollgateInitializer())
                .filter("mine", new TollgateFilter(gateway)));

        assertThat(get("/v1/anything").body()).isEqualTo("ok");
        assertThat(gateway.seen()).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource
    void theFiltersOwnParameterComesFirst(TestContainer.Kind kind) throws Exception {
        inApplication("this is not a configuration");
        Path file = Files.writeString(folder.resolve("mine.yaml"), GOOD);
        start(new TestContainer.App(kind)
                .rootedAt(folder)
                .filter("mine", new TollgateFilter(), true, Map.of("config", file.toString())));

        assertThat(get("/tollgate/health/ready").status()).isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenConfigurationClosesTheGatewayAndLetsTheApplicationRun(TestContainer.Kind kind) throws Exception {
        inApplication("modells: {}");
        start(new TestContainer.App(kind).rootedAt(folder).filter("mine", new TollgateFilter()));

        Answer answer = get("/v1/chat/completions");
        assertThat(answer.status()).isEqualTo(503);
        assertThat(answer.body()).contains("not_configured");
        assertThat(isApplications(get("/other"))).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aBrokenConfigurationKeepsTheApplicationFromStartingWhereThatIsAskedFor(TestContainer.Kind kind)
            throws Exception {
        inApplication("modells: {}");
        TestContainer.App app = new TestContainer.App(kind)
                .rootedAt(folder)
                .filter("mine", new TollgateFilter(), true, Map.of("fail-start", "true"));

        if (kind == TestContainer.Kind.JETTY) {
            assertThatThrownBy(app::start).hasStackTraceContaining("tollgate.yaml:1:1");
        } else {
            start(app);
            assertThat(isApplications(get("/other"))).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aGatewayOfTheApplicationsOwnIsNotClosedByTheFilter(TestContainer.Kind kind) throws Exception {
        start(new TestContainer.App(kind).filter("tollgate", new TollgateFilter(gateway)));
        container.close();
        container = null;

        assertThat(gateway.isClosed()).isFalse();
    }
}
