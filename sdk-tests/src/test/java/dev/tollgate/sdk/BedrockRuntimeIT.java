package dev.tollgate.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollgate.testing.FakeProvider;
import dev.tollgate.testing.RealGateway;
import dev.tollgate.testing.Servers;
import dev.tollgate.testing.SharedGateways;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.document.Document;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.identity.spi.IdentityProvider;
import software.amazon.awssdk.identity.spi.ResolveIdentityRequest;
import software.amazon.awssdk.identity.spi.TokenIdentity;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeAsyncClient;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeBaseClientBuilder;
import software.amazon.awssdk.services.bedrockruntime.BedrockRuntimeClient;
import software.amazon.awssdk.services.bedrockruntime.auth.scheme.BedrockRuntimeAuthSchemeProvider;
import software.amazon.awssdk.services.bedrockruntime.model.AccessDeniedException;
import software.amazon.awssdk.services.bedrockruntime.model.BedrockRuntimeException;
import software.amazon.awssdk.services.bedrockruntime.model.ContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ConversationRole;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseResponse;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamRequest;
import software.amazon.awssdk.services.bedrockruntime.model.ConverseStreamResponseHandler;
import software.amazon.awssdk.services.bedrockruntime.model.ImageFormat;
import software.amazon.awssdk.services.bedrockruntime.model.ImageSource;
import software.amazon.awssdk.services.bedrockruntime.model.Message;
import software.amazon.awssdk.services.bedrockruntime.model.ReasoningContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ResourceNotFoundException;
import software.amazon.awssdk.services.bedrockruntime.model.StopReason;
import software.amazon.awssdk.services.bedrockruntime.model.SystemContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ThrottlingException;
import software.amazon.awssdk.services.bedrockruntime.model.Tool;
import software.amazon.awssdk.services.bedrockruntime.model.ToolConfiguration;
import software.amazon.awssdk.services.bedrockruntime.model.ToolInputSchema;
import software.amazon.awssdk.services.bedrockruntime.model.ToolResultContentBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ToolUseBlock;
import software.amazon.awssdk.services.bedrockruntime.model.ValidationException;

/** AWS's own SDK for Bedrock through the gateway in real servers, to providers of other dialects. */
@ParameterizedClass
@EnumSource
class BedrockRuntimeIT {
    private static final BedrockRuntimeAuthSchemeProvider BEARER =
            BedrockRuntimeAuthSchemeProvider.defaultProvider(List.of("httpBearerAuth"));

    private static RealGateway gateway;
    private static BedrockRuntimeClient client;
    private static BedrockRuntimeAsyncClient streaming;

    BedrockRuntimeIT(Servers kind) {
        assertThat(gateway).isSameAs(SharedGateways.in(kind));
    }

    @BeforeParameterizedClassInvocation
    static void open(Servers kind) {
        gateway = SharedGateways.in(kind);
        client = withKey(RealGateway.KEY);
        streaming = at(BedrockRuntimeAsyncClient.builder())
                .tokenProvider(token(RealGateway.KEY))
                .authSchemeProvider(BEARER)
                .httpClientBuilder(NettyNioAsyncHttpClient.builder().protocol(Protocol.HTTP1_1))
                .build();
    }

    @AfterParameterizedClassInvocation
    static void close() {
        client.close();
        streaming.close();
    }

    private static BedrockRuntimeClient withKey(String key) {
        return at(BedrockRuntimeClient.builder())
                .tokenProvider(token(key))
                .authSchemeProvider(BEARER)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build();
    }

    private static <B extends BedrockRuntimeBaseClientBuilder<B, C>, C> B at(B builder) {
        return builder.endpointOverride(gateway.uri())
                .region(Region.US_EAST_1)
                .overrideConfiguration(settings -> settings.retryStrategy(retry -> retry.maxAttempts(1)));
    }

    /** What the SDK makes of a Bedrock API key in AWS_BEARER_TOKEN_BEDROCK. */
    private static IdentityProvider<TokenIdentity> token(String key) {
        return new IdentityProvider<>() {
            @Override
            public Class<TokenIdentity> identityType() {
                return TokenIdentity.class;
            }

            @Override
            public CompletableFuture<TokenIdentity> resolveIdentity(ResolveIdentityRequest request) {
                return CompletableFuture.completedFuture(TokenIdentity.create(key));
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"oai,false", "ant,false", "gem,false", "oai,true", "ant,true", "gem,true"})
    void itAnswers(String provider, boolean streamed) {
        Answer answer = answer(ask(provider + "-plain"), streamed);

        assertThat(answer.text()).isEqualTo(FakeProvider.SENTENCE);
        assertThat(answer.stopReason()).isEqualTo(StopReason.END_TURN);
        assertThat(answer.usage().inputTokens()).isEqualTo(20);
        assertThat(answer.usage().cacheReadInputTokens()).isEqualTo(5);
        assertThat(answer.usage().outputTokens()).isEqualTo(12);
        assertThat(answer.usage().totalTokens()).isEqualTo(37);
    }

    @Test
    void theKeyIsTakenFromWhereAwsLooksForIt() {
        System.setProperty("aws.bearerTokenBedrock", RealGateway.KEY);
        try (BedrockRuntimeClient plain = at(BedrockRuntimeClient.builder())
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            assertThat(plain.converse(ask("ant-plain").build())
                            .output()
                            .message()
                            .content()
                            .get(0)
                            .text())
                    .isEqualTo(FakeProvider.SENTENCE);
        } finally {
            System.clearProperty("aws.bearerTokenBedrock");
        }
    }

    @ParameterizedTest
    @CsvSource({"oai,false", "ant,false", "gem,false", "oai,true", "ant,true", "gem,true"})
    void theLimitIsToldAsTheReasonOfTheEnd(String provider, boolean streamed) {
        ConverseRequest.Builder limited = ask(provider + "-length").inferenceConfig(limits -> limits.maxTokens(3));

        assertThat(answer(limited, streamed).stopReason()).isEqualTo(StopReason.MAX_TOKENS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void systemPromptsArrive(String provider) {
        Answer answer = answer(ask(provider + "-system").system(SystemContentBlock.fromText("Be brief.")), false);

        assertThat(answer.text()).isEqualTo("I was told: Be brief.");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void imagesArrive(String provider) {
        ContentBlock image = ContentBlock.fromImage(
                shown -> shown.format(ImageFormat.PNG).source(ImageSource.fromBytes(SdkBytes.fromUtf8String("abc"))));
        ConverseRequest.Builder asked = ConverseRequest.builder()
                .modelId(provider + "-image")
                .messages(user(ContentBlock.fromText("What is this?"), image));

        assertThat(answer(asked, false).text()).isEqualTo("I see image/png:3");
    }

    @ParameterizedTest
    @CsvSource({"oai,false", "ant,false", "gem,false", "oai,true", "ant,true", "gem,true"})
    void toolsAreCalledInParallelAndAnsweredInTheOtherOrder(String provider, boolean streamed) {
        ConverseRequest.Builder asked = ask(provider + "-two-tools").toolConfig(tools());
        Answer first = answer(asked, streamed);

        assertThat(first.stopReason()).isEqualTo(StopReason.TOOL_USE);
        assertThat(first.calls()).hasSize(2);
        ToolUseBlock paris = first.calls().get(0);
        assertThat(paris.name()).isEqualTo("get_weather");
        assertThat(paris.input().asMap().get("city").asString()).isEqualTo("Paris");
        Map<String, Document> options = paris.input().asMap().get("options").asMap();
        assertThat(options.get("unit").asString()).isEqualTo("°C");
        assertThat(options.get("days").asNumber().intValue()).isEqualTo(1);
        ToolUseBlock london = first.calls().get(1);
        assertThat(london.input().asMap().get("city").asString()).isEqualTo("London");
        Answer second = answer(
                asked.messages(question(), assistant(first), user(result(london, "rain"), result(paris, "sunny"))),
                streamed);
        assertThat(second.text()).startsWith("I hear: ").contains("rain").contains("sunny");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void signedThoughtsComeBackToTheirMaker(boolean streamed) {
        Document thinking = Document.mapBuilder()
                .putString("type", "enabled")
                .putNumber("budget_tokens", 2048)
                .build();
        ConverseRequest.Builder asked = ask("ant-thinking")
                .toolConfig(tools())
                .additionalModelRequestFields(
                        Document.mapBuilder().putDocument("thinking", thinking).build());
        Answer first = answer(asked, streamed);

        ReasoningContentBlock reasoning = first.content().get(0).reasoningContent();
        assertThat(reasoning.reasoningText().text()).isEqualTo(FakeProvider.THOUGHT);
        assertThat(reasoning.reasoningText().signature()).isNotEmpty();
        Answer second = answer(
                asked.messages(
                        question(), assistant(first), user(result(first.calls().get(0), "sunny"))),
                streamed);
        assertThat(second.text()).isEqualTo("I hear: sunny");
    }

    @Test
    void tokensAreCounted() {
        assertThat(client.countTokens(asked -> asked.modelId("ant-plain")
                                .input(input -> input.converse(conversation -> conversation.messages(question()))))
                        .inputTokens())
                .isEqualTo(25);
    }

    // --- errors

    @Test
    void aWrongKeyIsRaised() {
        try (BedrockRuntimeClient nobody = withKey("tg-nobody")) {
            BedrockRuntimeException raised = raised(BedrockRuntimeException.class, nobody, "ant-plain");

            assertThat(raised.statusCode()).isEqualTo(403);
            assertThat(raised.awsErrorDetails().errorCode()).isEqualTo("UnrecognizedClientException");
            assertThat(raised.awsErrorDetails().errorMessage()).contains("key is not known");
        }
    }

    @Test
    void aSignedCallIsToldToBringAKey() {
        StaticCredentialsProvider signing =
                StaticCredentialsProvider.create(AwsBasicCredentials.create("AKIAIOSFODNN7EXAMPLE", "secret"));
        try (BedrockRuntimeClient signed = at(BedrockRuntimeClient.builder())
                .credentialsProvider(signing)
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .build()) {
            BedrockRuntimeException raised = raised(BedrockRuntimeException.class, signed, "ant-plain");

            assertThat(raised.statusCode()).isEqualTo(403);
            assertThat(raised.awsErrorDetails().errorCode()).isEqualTo("UnrecognizedClientException");
            assertThat(raised.awsErrorDetails().errorMessage()).contains("Authorization: Bearer");
        }
    }

    @Test
    void anUnknownModelIsRaised() {
        ResourceNotFoundException raised = raised(ResourceNotFoundException.class, client, "nothing");

        assertThat(raised.statusCode()).isEqualTo(404);
        assertThat(raised.awsErrorDetails().errorMessage()).contains("nothing");
    }

    @Test
    void aModelThatTheKeyMayNotUseIsRaised() {
        try (BedrockRuntimeClient plain = withKey(RealGateway.PLAIN_KEY)) {
            BedrockRuntimeException raised = raised(BedrockRuntimeException.class, plain, "ant-tools");

            assertThat(raised).isInstanceOfAny(AccessDeniedException.class, ResourceNotFoundException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai", "ant", "gem"})
    void whatTheProviderRefusesIsRaisedWithItsWords(String provider) {
        ValidationException raised = raised(ValidationException.class, client, provider + "-status-400");
        ThrottlingException throttled = raised(ThrottlingException.class, client, provider + "-status-429");

        assertThat(raised.statusCode()).isEqualTo(400);
        assertThat(raised.awsErrorDetails().errorMessage()).contains("this is what 400 looks like");
        assertThat(throttled.statusCode()).isEqualTo(429);
        assertThat(throttled.awsErrorDetails().errorMessage()).contains("this is what 429 looks like");
    }

    @ParameterizedTest
    @CsvSource({"oai-status-500,500", "ant-status-529,503", "oai-garbage,502"})
    void aFaultOfTheProviderIsRaised(String model, int status) {
        BedrockRuntimeException raised = raised(BedrockRuntimeException.class, client, model);

        assertThat(raised.statusCode()).isEqualTo(status);
        assertThat(raised.awsErrorDetails().errorMessage()).isNotEmpty();
    }

    @Test
    void aStreamIsRefusedAsWholeAnswersAre() {
        CompletionException raised =
                catchThrowableOfType(CompletionException.class, () -> stream(ask("ant-status-400"), event -> {}));

        assertThat(raised).hasCauseInstanceOf(ValidationException.class);
        assertThat(raised.getCause()).hasMessageContaining("this is what 400 looks like");
    }

    @ParameterizedTest
    @ValueSource(strings = {"oai-cut", "ant-cut"})
    void aStreamThatFailsOnItsWayRaises(String model) {
        List<String> seen = new ArrayList<>();
        CompletionException raised = catchThrowableOfType(
                CompletionException.class,
                () -> stream(
                        ask(model),
                        visitor -> visitor.onContentBlockDelta(event -> {
                                    seen.add(event.delta().text());
                                    gateway.provider().goOn();
                                })
                                .onMessageStop(event -> seen.add("stopped"))));

        assertThat(seen).containsExactly("The capital");
        assertThat(raised).hasCauseInstanceOf(BedrockRuntimeException.class);
        assertThat(raised.getCause()).hasMessageContaining("the fake provider has had enough");
    }

    private static <T extends BedrockRuntimeException> T raised(
            Class<T> type, BedrockRuntimeClient client, String model) {
        T raised = catchThrowableOfType(type, () -> client.converse(ask(model).build()));
        assertThat(raised).as("what is raised").isNotNull();
        assertThat(raised.getMessage()).doesNotContain("127.0.0.1");
        return raised;
    }

    // --- the conversation

    private static ConverseRequest.Builder ask(String model) {
        return ConverseRequest.builder().modelId(model).messages(question());
    }

    private static Message question() {
        return user(ContentBlock.fromText("What is the capital of France?"));
    }

    private static Message user(ContentBlock... content) {
        return Message.builder().role(ConversationRole.USER).content(content).build();
    }

    private static Message assistant(Answer answer) {
        return Message.builder()
                .role(ConversationRole.ASSISTANT)
                .content(answer.content())
                .build();
    }

    private static ContentBlock result(ToolUseBlock call, String text) {
        return ContentBlock.fromToolResult(
                result -> result.toolUseId(call.toolUseId()).content(ToolResultContentBlock.fromText(text)));
    }

    private static ToolConfiguration tools() {
        Document city = Document.mapBuilder().putString("type", "string").build();
        Document schema = Document.mapBuilder()
                .putString("type", "object")
                .putDocument(
                        "properties",
                        Document.mapBuilder().putDocument("city", city).build())
                .build();
        return ToolConfiguration.builder()
                .tools(Tool.fromToolSpec(tool -> tool.name("get_weather")
                        .description("The weather of a city")
                        .inputSchema(ToolInputSchema.fromJson(schema))))
                .build();
    }

    private Answer answer(ConverseRequest.Builder asked, boolean streamed) {
        if (streamed) {
            StreamedAnswer answer = new StreamedAnswer();
            stream(asked, answer::listen);
            return answer.whole();
        }
        ConverseResponse answer = client.converse(asked.build());
        assertThat(answer.output().message().role()).isEqualTo(ConversationRole.ASSISTANT);
        return new Answer(answer.output().message().content(), answer.stopReason(), answer.usage());
    }

    private void stream(
            ConverseRequest.Builder asked, Consumer<ConverseStreamResponseHandler.Visitor.Builder> listening) {
        ConverseRequest request = asked.build();
        ConverseStreamResponseHandler.Visitor.Builder visitor = ConverseStreamResponseHandler.Visitor.builder();
        listening.accept(visitor);
        ConverseStreamRequest streamed = ConverseStreamRequest.builder()
                .modelId(request.modelId())
                .messages(request.messages())
                .system(request.system())
                .inferenceConfig(request.inferenceConfig())
                .toolConfig(request.toolConfig())
                .additionalModelRequestFields(request.additionalModelRequestFields())
                .build();
        streaming
                .converseStream(
                        streamed,
                        ConverseStreamResponseHandler.builder()
                                .subscriber(visitor.build())
                                .build())
                .orTimeout(30, TimeUnit.SECONDS)
                .join();
    }
}
