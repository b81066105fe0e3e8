package dev.tollgate.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.testing.FakeProvider;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.ServerProcess;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.Webapp;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways an application gets the gateway, in real servers. */
@ParameterizedClass
@EnumSource
class RegistrationIT {
    private static final String WEB_XML = """
            <?xml version="1.0" encoding="UTF-8"?>
            <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="6.0">
              <filter>
                <filter-name>gateway</filter-name>
                <filter-class>dev.tollgate.servlet.TollgateFilter</filter-class>
                <async-supported>true</async-supported>
                <init-param>
                  <param-name>config</param-name>
                  <param-value>/WEB-INF/conf/gateway.yaml</param-value>
                </init-param>
              </filter>
              <filter-mapping>
                <filter-name>gateway</filter-name>
                <url-pattern>/*</url-pattern>
              </filter-mapping>
            </web-app>
            """;

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private static FakeProvider provider;
    private static ServerProcess server;

    RegistrationIT(Servers kind) {
        assertThat(server).as("%s has started", kind).isNotNull();
    }

    @BeforeAll
    static void openProvider() {
        provider = new FakeProvider();
    }

    @AfterAll
    static void closeProvider() {
        provider.close();
    }

    @BeforeParameterizedClassInvocation
    static void start(Servers kind) {
        String configuration = RealGateway.configuration(provider.uri());
        server = ServerProcess.start(
                kind,
                "registration",
                FakeProvider.environment(),
                app("automatic").with("WEB-INF/tollgate.yaml", configuration),
                app("by-xml").with("WEB-INF/web.xml", WEB_XML).with("WEB-INF/conf/gateway.yaml", configuration),
                app("by-annotation").with(AnnotatedFilter.class).with("WEB-INF/conf/gateway.yaml", configuration),
                app("by-program").with(RegisteringListener.class).with("WEB-INF/conf/gateway.yaml", configuration),
                app("without"),
                app("broken").with("WEB-INF/tollgate.yaml", configuration.replace("\nmodels:", "\nmodles:")));
    }

    @AfterParameterizedClassInvocation
    static void stop() {
        server.close();
    }

    private static Webapp app(String name) {
        return Webapp.named(name).withGateway().with("page.txt", "a page of " + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"automatic", "by-xml", "by-annotation", "by-program"})
    void theGatewayAnswersWhereItIsRegistered(String app) throws Exception {
        HttpResponse<String> answer = call(app);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains(FakeProvider.SENTENCE);
        assertThat(answer.headers().firstValue("x-tollgate-target")).contains("oai/oai-plain");
    }

    @ParameterizedTest
    @ValueSource(strings = {"automatic", "by-xml", "by-annotation", "by-program"})
    void itIsReadyWhereItIsRegistered(String app) throws Exception {
        assertThat(get("/" + app + "/tollgate/health/ready").statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"automatic", "by-xml", "by-annotation", "by-program", "without", "broken"})
    void theApplicationsOwnPagesAreLeftAlone(String app) throws Exception {
        HttpResponse<String> page = get("/" + app + "/page.txt");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).isEqualTo("a page of " + app);
        assertThat(get("/" + app + "/v2/nothing").statusCode()).isEqualTo(404);
    }

    @Test
    void withoutAConfigurationNothingIsServed() throws Exception {
        HttpResponse<String> answer = call("without");

        assertThat(answer.statusCode()).isIn(404, 405);
        assertThat(answer.headers().map()).doesNotContainKey("x-tollgate-error");
        assertThat(answer.headers().firstValue("content-type").orElse("")).doesNotContain("json");
        assertThat(get("/without/tollgate/health/ready").statusCode()).isEqualTo(404);
        assertThat(get("/without/v1/models").statusCode()).isEqualTo(404);
    }

    @Test
    void aBrokenConfigurationClosesTheGatewayAndSaysWhereItIsBroken() throws Exception {
        assertThat(call("broken").statusCode()).isEqualTo(503);
        assertThat(get("/broken/tollgate/health/ready").statusCode()).isEqualTo(503);
        assertThat(server.log())
                .containsPattern("tollgate\\.yaml:\\d+:1: unknown key 'modles' - did you mean 'models'\\?");
    }

    private static HttpResponse<String> call(String app) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(server.uri("/" + app + "/v1/chat/completions"))
                .header("authorization", "Bearer " + RealGateway.KEY)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(
                        "{\"model\":\"oai-plain\",\"messages\":[{\"role\":\"user\",\"content\":\"Which city?\"}]}"))
                .build();
        return HTTP.send(request, BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(server.uri(path)).build(), BodyHandlers.ofString());
    }
}
