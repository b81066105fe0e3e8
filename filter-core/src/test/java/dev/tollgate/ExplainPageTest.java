package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.access.KeyText;
import dev.tollgate.json.Json;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FakeUpstream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What the page tells of calls, without making them. */
class ExplainPageTest {
    private static final KeyText OPS = KeyText.generate(new SecureRandom());
    private static final KeyText CI = KeyText.generate(new SecureRandom());
    private static final KeyText THRIFTY = KeyText.generate(new SecureRandom());
    private static final String CANARY = "sk-canary-0123456789";
    private static final String CHAT = "\"endpoint\":\"/v1/chat/completions\"";
    private static final String BODY = """
            "body":{"model":"clever","max_tokens":100,"messages":[{"role":"user","content":"How tall is the tower?"}]}""";

    private static final String ANSWER = """
            {"id":"1","object":"chat.completion","model":"gpt-5.1","choices":[{"index":0,"finish_reason":"stop",
            "message":{"role":"assistant","content":"Tall."}}],"usage":{"prompt_tokens":10,"completion_tokens":2,
            "total_tokens":12}}""";

    @TempDir
    Path temp;

    private final FakeUpstream upstream = new FakeUpstream();
    private Gateway gateway;

    @BeforeEach
    void open() throws Exception {
        Path secret = Files.writeString(temp.resolve("secret"), CANARY + "-1");
        Path other = Files.writeString(temp.resolve("other"), CANARY + "-2");
        String at = upstream.uri().toString();
        gateway = GatewayFactory.open(Files.writeString(temp.resolve("tollgate.yaml"), """
                providers:
                  oai: { like: openai, base-url: "%1$s/v1", api-keys: ["${file:%2$s}", { name: spare, key: "${file:%3$s}" }] }
                  ant: { like: anthropic, base-url: "%1$s", api-key: "${file:%2$s}" }
                  gem: { like: gemini, base-url: "%1$s", api-key: "${file:%2$s}" }
                  aws: { like: bedrock, region: us-east-1, access-key-id: AKIDEXAMPLE, secret-access-key: "${file:%2$s}" }
                  low: { like: openai, base-url: "%1$s/v1", api-key: "${file:%2$s}" }
                models:
                  smart:
                    aliases: [clever]
                    targets:
                      - { use: oai/gpt-5.1, tags: [eu], weight: 1, context-window: 400k }
                      - { use: ant/claude-sonnet-4-5, tier: 2, tags: [eu] }
                      - { use: gem/gemini-2.5-flash, tier: 3, tags: [us] }
                      - { use: gem/gemini-2.5-pro, tags: [eu], lacks: [tools] }
                    fallback: [{ use: low/gpt-5-mini, tags: [eu] }]
                    context-window-fallback: [oai/gpt-4.1]
                    content-policy-fallback: [ant/claude-haiku-4-5]
                    timeouts: { first-byte: 5s }
                  claude: { targets: [ant/claude-sonnet-4-5] }
                  picky: { unsupported: strict, caller-control: true, targets: [ant/claude-sonnet-4-5], fallback: [oai/gpt-5.1] }
                  tiny: { targets: [{ use: ant/claude-haiku-4-5, context-window: 20 }], context-window-fallback: [oai/gpt-4.1] }
                  gemini: { targets: [gem/gemini-2.5-flash] }
                  nova: { targets: [aws/amazon.nova-lite-v1:0] }
                  house: { targets: [low/nobody-knows-its-price] }
                  costly: { targets: [oai/gpt-5.1], budget-fallback: [low/gpt-5-mini] }
                keys:
                  - { name: ops, sha256: %4$s, models: ["*"] }
                  - { name: ci, sha256: %5$s, team: search, user: ada, models: [smart], target-tags: [eu], priority: batch }
                  - { name: thrifty, sha256: %7$s, team: thrifty, models: ["*"] }
                  - { name: old, sha256: %6$s, models: ["*"], expires: 2020-01-01 }
                limits:
                  - { per: key, of: "key:ci", requests: 1/min }
                  - { per: team, of: "team:thrifty", spend: 0.002 USD/month }
                  - { per: key, of: "key:ci", concurrent: 3 }
                  - { per: team, of: "team:search", spend: 5 USD/month }
                  - { per: team, of: "team:poor", spend: 0.0001 USD/month }
                  - { per: provider, of: "provider:oai", tokens: 1M/min }
                server: { explain: { keys: [ops] }, log: false, max-body: 64KiB }
                """.formatted(
                        at, secret, other, OPS.sha256(), CI.sha256(), "a".repeat(64), THRIFTY.sha256())));
    }

    @AfterEach
    void close() {
        gateway.close();
        upstream.close();
    }

    private FakeExchange post(KeyText key, String question) {
        return post(key, "/tollgate/explain", question);
    }

    private FakeExchange post(KeyText key, String path, String body) {
        FakeExchange exchange = new FakeExchange(
                "POST", path, Map.of("x-api-key", key.reveal()), body.getBytes(StandardCharsets.UTF_8));
        gateway.handle(exchange);
        await().until(exchange::isEnded);
        return exchange;
    }

    private JsonNode explain(String... fields) {
        FakeExchange page = post(OPS, "{" + String.join(",", fields) + "}");
        assertThat(page.status()).as(page.text()).isEqualTo(200);
        assertThat(page.answerHeader("content-type")).contains("application/json");
        assertThat(page.text()).doesNotContain(CANARY);
        assertThat(upstream.requests()).isEmpty();
        return Json.read(page.text());
    }

    private static List<String> texts(JsonNode list, String field) {
        List<String> texts = new ArrayList<>();
        list.forEach(each ->
                texts.add(field.isEmpty() ? each.asString() : each.path(field).asString()));
        return texts;
    }

    private static JsonNode named(JsonNode list, String field, String value) {
        for (JsonNode each : list) {
            if (each.path(field).asString().startsWith(value)) {
                return each;
            }
        }
        throw new AssertionError("no " + value + " in " + list);
    }

    @Test
    void theCallerIsTold() {
        JsonNode caller = explain(CHAT, BODY, "\"key\":\"ci\"").path("caller");

        assertThat(caller.toString())
                .isEqualTo("{\"key\":\"ci\",\"team\":\"search\",\"user\":\"ada\",\"priority\":\"batch\","
                        + "\"models\":[\"smart\"],\"target_tags\":[\"eu\"]}");
    }

    @Test
    void theModelIsToldByAllItsNames() {
        JsonNode told = explain(CHAT, BODY, "\"key\":\"ci\"");

        JsonNode model = told.path("model");
        assertThat(model.path("asked").asString()).isEqualTo("clever");
        assertThat(model.path("configured").asString()).isEqualTo("smart");
        assertThat(model.path("alias").booleanValue()).isTrue();
        assertThat(model.path("timeouts_ms").path("first_byte").intValue()).isEqualTo(5_000);
        assertThat(told.path("endpoint").toString())
                .isEqualTo("{\"path\":\"/v1/chat/completions\",\"operation\":\"chat\",\"dialect\":\"openai-chat\"}");
    }

    @Test
    void tokensAndPriceAreEstimated() {
        JsonNode estimate = explain(CHAT, BODY, "\"key\":\"ci\"").path("estimate");

        assertThat(estimate.path("input_tokens").intValue()).isBetween(5, 60);
        assertThat(estimate.path("input_tokens_at_most").intValue())
                .isGreaterThanOrEqualTo(estimate.path("input_tokens").intValue());
        assertThat(estimate.path("output_tokens_at_most").intValue()).isEqualTo(100);
        assertThat(estimate.path("priced").booleanValue()).isTrue();
        assertThat(estimate.path("nano_usd_at_most").longValue()).isPositive();
        assertThat(estimate.path("usd_at_most").asString()).matches("0\\.00[0-9]{7}");
    }

    @Test
    void aModelWithoutAPriceIsUnpricedAndNotFree() {
        JsonNode estimate = explain(CHAT, BODY.replace("clever", "house")).path("estimate");

        assertThat(estimate.path("priced").booleanValue()).isFalse();
        assertThat(estimate.path("nano_usd_at_most").isNull()).isTrue();
        assertThat(estimate.path("usd_at_most").isNull()).isTrue();
    }

    @Test
    void everyLimitThatConcernsTheCallIsToldWithWhatRemains() {
        JsonNode limits = explain(CHAT, BODY, "\"key\":\"ci\"").path("limits");

        assertThat(texts(limits, "limit"))
                .containsExactlyInAnyOrder(
                        "key \"ci\": 1 request per minute",
                        "key \"ci\": 3 calls at a time",
                        "team \"search\": 5 USD per month");
        assertThat(limits).allMatch(limit -> limit.path("remaining_is_known").booleanValue());
        JsonNode requests = named(limits, "limit", "key \"ci\": 1 request");
        assertThat(requests.path("remaining").intValue()).isEqualTo(1);
        assertThat(requests.path("needed").intValue()).isEqualTo(1);
        assertThat(requests.path("wait_ms").intValue()).isZero();
        assertThat(named(limits, "unit", "nano-usd").path("remaining").longValue())
                .isEqualTo(5_000_000_000L);
        assertThat(named(limits, "unit", "calls").path("remaining").intValue()).isEqualTo(3);
    }

    @Test
    void askingTakesNothingOfALimit() {
        for (int i = 0; i < 3; i++) {
            JsonNode told = explain(CHAT, BODY, "\"key\":\"ci\"");
            assertThat(named(told.path("limits"), "limit", "key \"ci\": 1 request")
                            .path("remaining")
                            .intValue())
                    .isEqualTo(1);
            assertThat(told.has("refusal")).isFalse();
        }
    }

    @Test
    void candidatesAreToldInOrderWithWhatTheyAreLike() {
        JsonNode told = explain(CHAT, BODY, "\"key\":\"ci\"");
        JsonNode candidates = told.path("candidates");

        assertThat(texts(candidates, "target"))
                .containsExactly("oai/gpt-5.1", "gem/gemini-2.5-pro", "ant/claude-sonnet-4-5", "low/gpt-5-mini");
        JsonNode first = candidates.get(0);
        assertThat(first.path("tier").intValue()).isEqualTo(1);
        assertThat(first.path("weight").intValue()).isEqualTo(1);
        assertThat(first.path("fallback").booleanValue()).isFalse();
        assertThat(first.path("context_window").intValue()).isEqualTo(400_000);
        assertThat(first.path("standing").path("condition").asString()).isEqualTo("well");
        assertThat(first.path("standing").path("in_flight").intValue()).isZero();
        assertThat(first.path("standing").has("first_token_ms")).isTrue();
        assertThat(texts(first.path("credentials"), "")).containsExactlyInAnyOrder("1", "spare");
        assertThat(first.path("estimate").path("priced").booleanValue()).isTrue();
        assertThat(texts(first.path("limits"), "limit")).containsExactly("provider \"oai\": 1000000 tokens per minute");
        assertThat(candidates.get(3).path("fallback").booleanValue()).isTrue();
        assertThat(told.path("last_standing").booleanValue()).isFalse();
    }

    @Test
    void everyExclusionHasItsReason() {
        String tools = BODY.replace(
                "\"max_tokens\"",
                "\"tools\":[{\"type\":\"function\",\"function\":{\"name\":\"f\",\"parameters\":{\"type\":\"object\"}}}],\"max_tokens\"");

        JsonNode told = explain(CHAT, tools, "\"key\":\"ci\"");

        assertThat(texts(told.path("needs").path("abilities"), "")).containsExactly("tools");
        assertThat(texts(told.path("needs").path("tags"), "")).containsExactly("eu");
        JsonNode excluded = told.path("excluded");
        assertThat(texts(excluded, "target")).containsExactly("gem/gemini-2.5-flash", "gem/gemini-2.5-pro");
        assertThat(texts(excluded, "reason")).containsExactly("tags", "cannot");
        assertThat(excluded.get(0).path("detail").asString()).contains("eu");
        assertThat(excluded.get(1).path("detail").asString()).contains("tools");
    }

    @Test
    void chainsAreTold() {
        JsonNode chains = explain(CHAT, BODY, "\"key\":\"ci\"").path("chains");

        assertThat(chains.toString())
                .isEqualTo("{\"context_window\":[\"oai/gpt-4.1\"],\"content_policy\":[\"ant/claude-haiku-4-5\"],"
                        + "\"budget\":[]}");
    }

    @Test
    void theRequestIsShownAsItWouldBeSentWithItsKeyMasked() {
        JsonNode request = explain(CHAT, BODY, "\"key\":\"ci\"").path("request");

        assertThat(request.path("method").asString()).isEqualTo("POST");
        assertThat(request.path("url").asString()).isEqualTo(upstream.uri() + "/v1/chat/completions");
        assertThat(request.path("headers").path("authorization").asString()).isEqualTo("Bearer ***");
        assertThat(request.path("headers").path("content-type").asString()).isEqualTo("application/json");
        assertThat(request.path("body").path("model").asString()).isEqualTo("gpt-5.1");
        assertThat(request.path("body").toString()).contains("How tall is the tower?");
    }

    @Test
    void keysInHeadersOfTheProvidersOwnAreMaskedAndSignaturesNamed() {
        JsonNode claude = explain(CHAT, BODY.replace("clever", "claude"));
        assertThat(claude.path("request").path("headers").path("x-api-key").asString())
                .isEqualTo("***");
        assertThat(claude.path("request").path("dialect").asString()).isEqualTo("anthropic");
        assertThat(claude.path("request").path("body").path("max_tokens").intValue())
                .isEqualTo(100);

        JsonNode gemini = explain(CHAT, BODY.replace("clever", "gemini")).path("request");
        assertThat(gemini.path("headers").path("x-goog-api-key").asString()).isEqualTo("***");
        assertThat(gemini.path("url").asString()).endsWith("/models/gemini-2.5-flash:generateContent");

        JsonNode nova = explain(CHAT, BODY.replace("clever", "nova")).path("request");
        assertThat(nova.path("headers").path("authorization").asString())
                .isEqualTo("*** (AWS Signature Version 4 for bedrock in us-east-1)");
        assertThat(nova.path("url").asString()).startsWith("https://bedrock-runtime.us-east-1.amazonaws.com/model/");
    }

    @Test
    void whatATargetCannotBeToldIsNamed() {
        JsonNode told =
                explain(CHAT, BODY.replace("clever", "claude").replace("\"max_tokens\"", "\"seed\":7,\"max_tokens\""));

        assertThat(texts(told.path("dropped"), "")).containsExactly("seed");
        assertThat(texts(told.path("candidates").get(0).path("dropped"), "")).containsExactly("seed");
    }

    @Test
    void aCallThatALimitWouldRefuseIsToldWithItsRefusalAndNoCandidates() {
        JsonNode told = explain(CHAT, BODY, "\"key\":{\"team\":\"poor\"}");

        JsonNode refusal = told.path("refusal");
        assertThat(refusal.path("step").asString()).isEqualTo("limit");
        assertThat(refusal.path("status").intValue()).isEqualTo(400);
        assertThat(refusal.path("code").asString()).isEqualTo("policy_exceeds_limit");
        assertThat(refusal.path("message").asString()).contains("team \"poor\"");
        assertThat(told.has("candidates")).isFalse();
        assertThat(told.has("request")).isFalse();
        JsonNode limit = named(told.path("limits"), "limit", "team \"poor\"");
        assertThat(limit.path("lets_through").booleanValue()).isFalse();
        assertThat(limit.path("remaining").longValue()).isEqualTo(100_000);
    }

    @Test
    void aCallIsRefusedAtTheStepWhereItWouldBe() {
        assertThat(refusalOf(CHAT, BODY.replace("clever", "house"), "\"key\":\"ci\""))
                .isEqualTo("route 403 policy_model_not_allowed");
        assertThat(refusalOf(CHAT, BODY, "\"key\":\"old\"")).isEqualTo("access 401 caller_invalid_key");
        assertThat(refusalOf(CHAT, BODY, "\"key\":\"nobody\"")).isEqualTo("access 401 caller_invalid_key");
        assertThat(refusalOf(CHAT, "\"body\":\"{broken\"")).isEqualTo("receive 400 caller_bad_request");
        assertThat(refusalOf(CHAT, "\"body\":{\"model\":\"clever\"}")).isEqualTo("receive 400 caller_bad_request");
        assertThat(refusalOf(CHAT, BODY.replace("clever", "nothing"))).isEqualTo("route 404 caller_model_unknown");
        assertThat(refusalOf(CHAT, BODY, "\"headers\":{\"Authorization\":\"Bearer tg-0123456789abcdefghij\"}"))
                .isEqualTo("access 401 caller_invalid_key");
    }

    private String refusalOf(String... fields) {
        JsonNode refusal = explain(fields).path("refusal");
        return refusal.path("step").asString() + " " + refusal.path("status").intValue() + " "
                + refusal.path("code").asString();
    }

    @Test
    void aCallThatNoTargetWouldGetIsToldWhy() {
        JsonNode untold =
                explain(CHAT, BODY.replace("clever", "picky").replace("\"max_tokens\"", "\"seed\":7,\"max_tokens\""));
        assertThat(untold.path("refusal").path("step").asString()).isEqualTo("forward");
        assertThat(untold.path("refusal").path("field").asString()).isEqualTo("seed");
        assertThat(texts(untold.path("excluded"), "detail"))
                .containsExactly(
                        "it cannot be told \"seed\"",
                        "a target before it cannot be told everything, and the model is strict");

        JsonNode nowhere =
                explain("\"endpoint\":\"/v1/embeddings\"", "\"body\":{\"model\":\"claude\",\"input\":\"Hi\"}");
        assertThat(nowhere.path("refusal").path("message").asString()).contains("/v1/embeddings");
        assertThat(texts(nowhere.path("excluded"), "detail")).containsExactly("it does not serve /v1/embeddings");
        assertThat(nowhere.has("candidates")).isFalse();
    }

    @Test
    void aCallThatLooksTooLongGoesToTheChainForSuch() {
        JsonNode told = explain(CHAT, BODY.replace("clever", "tiny"));

        assertThat(told.path("context_window_fallback").booleanValue()).isTrue();
        assertThat(texts(told.path("candidates"), "target")).containsExactly("oai/gpt-4.1");
        assertThat(told.path("request").path("body").path("model").asString()).isEqualTo("gpt-4.1");
    }

    @Test
    void whatTheCallerSaysOfItsTriesCounts() {
        JsonNode told = explain(
                CHAT,
                BODY.replace("clever", "picky"),
                "\"headers\":{\"x-tollgate-attempts\":\"1\",\"x-tollgate-timeout-ms\":\"1500\",\"x-tollgate-fallback\":\"off\"}");

        assertThat(told.path("tries").toString())
                .isEqualTo("{\"attempts\":1,\"fallback\":false,\"total_ms\":1500,\"hedge\":false}");
        assertThat(told.path("candidates")).hasSize(1);
    }

    @Test
    void aCallIsItsHeadersCallersElseTheAskers() {
        assertThat(explain(CHAT, BODY, "\"headers\":{\"X-Api-Key\":\"" + CI.reveal() + "\"}")
                        .path("caller")
                        .path("key")
                        .asString())
                .isEqualTo("ci");
        assertThat(explain(CHAT, BODY).path("caller").path("key").asString()).isEqualTo("ops");
    }

    @Test
    void headersAndDialectsCountAsInACall() {
        JsonNode told = explain(
                "\"endpoint\":\"/v1/messages\"",
                "\"headers\":{\"anthropic-version\":\"2023-06-01\",\"x-tollgate-priority\":\"batch\"}",
                BODY.replace("\"max_tokens\"", "\"stream\":true,\"max_tokens\""));

        assertThat(told.path("endpoint").path("dialect").asString()).isEqualTo("anthropic");
        assertThat(told.path("stream").booleanValue()).isTrue();
        assertThat(told.path("request").path("body").path("stream").booleanValue())
                .isTrue();
    }

    @Test
    void onlyTheKeysThatAreNamedMayAsk() {
        FakeExchange refused = post(CI, "{" + CHAT + "," + BODY + "}");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.answerHeader("x-tollgate-error")).contains("policy_not_allowed");
        assertThat(post(KeyText.generate(new SecureRandom()), "{}").status()).isEqualTo(401);
    }

    @Test
    void whatIsNoQuestionIsRefused() {
        assertThat(post(OPS, "nonsense").status()).isEqualTo(400);
        assertThat(post(OPS, "{}").text()).contains("endpoint");
        assertThat(post(OPS, "{\"endpoint\":\"/v1/chat/completions\",\"bdy\":{}}")
                        .text())
                .contains("bdy");
        assertThat(post(OPS, "{\"endpoint\":\"/v1/nothing\"}").status()).isEqualTo(400);
        assertThat(post(OPS, "{\"endpoint\":\"/v1/files\"}").status()).isEqualTo(400);
        assertThat(post(OPS, "{\"endpoint\":\"relative\"}").status()).isEqualTo(400);
        assertThat(post(OPS, "{" + CHAT + ",\"key\":{\"name\":\"ci\"}}").status())
                .isEqualTo(400);
        assertThat(post(OPS, "{" + CHAT + ",\"headers\":{\"a\":1}}").status()).isEqualTo(400);
    }

    @Test
    void theCallItselfStillHasItsWholeAllowanceAndAfterItNone() {
        upstream.always(peer -> peer.json(200, ANSWER));
        explain(CHAT, BODY, "\"key\":\"ci\"");
        explain(CHAT, BODY, "\"key\":\"ci\"");

        FakeExchange call = post(CI, "/v1/chat/completions", BODY.substring("\"body\":".length()));

        assertThat(call.status()).as(call.text()).isEqualTo(200);
        assertThat(upstream.requests()).hasSize(1);
        JsonNode told = Json.read(
                post(OPS, "{" + CHAT + "," + BODY + ",\"key\":\"ci\"}").text());
        assertThat(named(told.path("limits"), "limit", "key \"ci\": 1 request")
                        .path("remaining")
                        .intValue())
                .isZero();
        JsonNode refusal = told.path("refusal");
        assertThat(refusal.path("status").intValue()).isEqualTo(429);
        assertThat(refusal.path("code").asString()).isEqualTo("policy_rate_limited");
        assertThat(refusal.path("retry_after_ms").intValue()).isBetween(1, 60_000);
        FakeExchange refused = post(CI, "/v1/chat/completions", BODY.substring("\"body\":".length()));
        assertThat(refused.status()).isEqualTo(429);
        assertThat(refused.text()).contains("key \\\"ci\\\"");
        assertThat(upstream.requests()).hasSize(1);
    }

    @Test
    void aBudgetWithoutMoneySendsTheCallToItsOwnTargets() {
        upstream.always(peer -> peer.json(200, ANSWER.replace("\"completion_tokens\":2", "\"completion_tokens\":150")));
        String costly = BODY.replace("clever", "costly");
        FakeExchange call = post(THRIFTY, "/v1/chat/completions", costly.substring("\"body\":".length()));
        assertThat(call.status()).as(call.text()).isEqualTo(200);

        JsonNode told = Json.read(
                post(OPS, "{" + CHAT + "," + costly + ",\"key\":\"thrifty\"}").text());

        assertThat(told.path("chains").path("budget").toString()).isEqualTo("[\"low/gpt-5-mini\"]");
        assertThat(told.path("budget_fallback").booleanValue()).isTrue();
        assertThat(told.has("refusal")).isFalse();
        assertThat(texts(told.path("candidates"), "target")).containsExactly("low/gpt-5-mini");
    }
}
