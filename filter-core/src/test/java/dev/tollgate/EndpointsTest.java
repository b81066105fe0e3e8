package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.Settings.Server;
import dev.tollgate.dialect.Dialects;
import dev.tollgate.provider.Operation;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointsTest {
    private final Dialects dialects = new Dialects(InstantSource.system());
    private final Endpoints endpoints = new Endpoints(dialects);

    private Optional<Endpoint> find(String method, String path, String... headers) {
        int query = path.indexOf('?');
        RequestTarget target = query < 0
                ? new RequestTarget(path, "")
                : new RequestTarget(path.substring(0, query), path.substring(query + 1));
        return endpoints.find(method, target, Set.of(headers)::contains, Server.DEFAULT);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "/v1/chat/completions, CHAT, openai-chat, -",
                "/openai/v1/chat/completions, CHAT, openai-chat, -",
                "/openai/deployments/gpt-4o-mini/chat/completions, CHAT, openai-chat, gpt-4o-mini",
                "/openai/deployments/team/gpt/chat/completions, CHAT, openai-chat, team/gpt",
                "/v1/rerank, RERANK, cohere, -",
                "/v2/rerank, RERANK, cohere, -",
                "/v1/embeddings, EMBED, openai-embeddings, -",
                "/openai/v1/embeddings, EMBED, openai-embeddings, -",
                "/openai/deployments/e/embeddings, EMBED, openai-embeddings, e",
                "/v1/models/m:embedContent, EMBED, gemini, m",
                "/v1beta/models/m:batchEmbedContents, EMBED, gemini, m",
                "/v1/completions, CHAT, openai-completions, -",
                "/openai/v1/completions, CHAT, openai-completions, -",
                "/v1/responses, CHAT, openai-responses, -",
                "/openai/v1/responses, CHAT, openai-responses, -",
                "/v1/messages, CHAT, anthropic, -",
                "/anthropic/v1/messages, CHAT, anthropic, -",
                "/v1/messages/count_tokens, COUNT_TOKENS, anthropic, -",
                "/anthropic/v1/messages/count_tokens, COUNT_TOKENS, anthropic, -",
                "/v1/projects/p/locations/eu/publishers/anthropic/models/claude-x:rawPredict, CHAT, anthropic, claude-x",
                "/v1/projects/p/locations/eu/publishers/anthropic/models/count-tokens:rawPredict, COUNT_TOKENS, anthropic, -",
                "/model/m/count-tokens, COUNT_TOKENS, bedrock, m",
                "/v1/models/gemini-2.5-flash:generateContent, CHAT, gemini, gemini-2.5-flash",
                "/v1beta/models/house/llama:7b:generateContent, CHAT, gemini, house/llama:7b",
                "/genai/v1beta/models/m:streamGenerateContent, CHAT, gemini, m",
                "/v1/projects/p/locations/eu/publishers/google/models/m:generateContent, CHAT, gemini, m",
                "/v1/models/m:countTokens, COUNT_TOKENS, gemini, m",
                "/model/us.anthropic.claude-v1:0/converse, CHAT, bedrock, us.anthropic.claude-v1:0",
                "/bedrock/model/m/converse-stream, CHAT, bedrock, m",
            })
    void aPathSaysWhatItAsksFor(String path, String operation, String dialect, String model) {
        Assumptions.assumeTrue(
                dialects.format(Operation.valueOf(operation), dialect).isPresent(), () -> "no " + dialect + " yet");

        Endpoint endpoint = find("POST", path).orElseThrow();

        assertThat(endpoint.kind()).isEqualTo(Endpoint.Kind.CALL);
        assertThat(endpoint.operation()).hasToString(operation);
        boolean shared = operation.equals("RERANK") || dialects.find(dialect).isEmpty();
        assertThat(endpoint.dialect().id()).isEqualTo(shared ? "openai-chat" : dialect);
        assertThat(endpoint.format().id()).isEqualTo(dialect);
        assertThat(endpoint.argument()).isEqualTo(model);
        assertThat(endpoint.template().contains("{model}")).isEqualTo(model != null);
        assertThat(find("GET", path))
                .hasValueSatisfying(got -> assertThat(got.kind()).isNotEqualTo(Endpoint.Kind.CALL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/anthropic/v1/chat/completions",
                "/openai/v1/messages",
                "/openai/chat/completions",
                "/openai/deployments//chat/completions",
                "/v1/chat/completions/",
                "/v1/chat",
                "/v2/chat/completions",
                "/genai/v1/chat/completions",
                "/model/converse",
                "/",
                "/openai",
            })
    void whatIsNoPathOfOursIsLeftAlone(String path) {
        assertThat(find("POST", path)).isEmpty();
    }

    @Test
    void theDialectsThatShareAPathAreToldApartByHeaders() {
        String google = dialects.find("gemini").isPresent() ? "gemini" : "openai-chat";

        assertThat(models()).isEqualTo("openai-chat");
        assertThat(models("authorization", "x-api-key")).isEqualTo("openai-chat");
        assertThat(models("anthropic-version", "authorization")).isEqualTo("anthropic");
        assertThat(models("x-goog-api-client")).isEqualTo(google);
        assertThat(models("x-goog-api-key")).isEqualTo(google);
    }

    private String models(String... headers) {
        Endpoint list = find("GET", "/v1/models", headers).orElseThrow();
        Endpoint one = find("GET", "/v1/models/house/llama:7b", headers).orElseThrow();
        assertThat(list.kind()).isEqualTo(Endpoint.Kind.MODELS);
        assertThat(one.kind()).isEqualTo(Endpoint.Kind.MODEL);
        assertThat(one.argument()).isEqualTo("house/llama:7b");
        assertThat(one.dialect()).isSameAs(list.dialect());
        return list.dialect().id();
    }

    @Test
    void behindABasePathItIsTheBasesDialect() {
        assertThat(find("GET", "/openai/v1/models", "anthropic-version")
                        .orElseThrow()
                        .dialect()
                        .id())
                .isEqualTo("openai-chat");
        assertThat(find("GET", "/anthropic/v1/models/m").orElseThrow().dialect().id())
                .isEqualTo("anthropic");
        assertThat(endpoints
                        .nothing("/anthropic/v1/nothing", name -> false)
                        .dialect()
                        .id())
                .isEqualTo("anthropic");
        assertThat(endpoints
                        .nothing("/v1/nothing", "anthropic-version"::equals)
                        .dialect()
                        .id())
                .isEqualTo("anthropic");
        assertThat(endpoints.nothing("/v1/nothing", name -> false).dialect().id())
                .isEqualTo("openai-chat");
    }

    @Test
    void thePathTellsWhetherToStreamWhereTheBodyDoesNot() {
        assertThat(find("POST", "/v1/chat/completions").orElseThrow().streamed())
                .isNull();
        String claude = "/v1/projects/p/locations/l/publishers/anthropic/models/m";
        assertThat(find("POST", claude + ":rawPredict").orElseThrow().streamed())
                .isFalse();
        assertThat(find("POST", claude + ":streamRawPredict").orElseThrow().streamed())
                .isTrue();
    }
}
