package dev.tollgate.dialect.openairesponses;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.Sampling;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.OpenAiErrors;
import dev.tollgate.dialect.OpenAiModels;
import dev.tollgate.dialect.PartedEvents;
import dev.tollgate.dialect.ProviderError;
import dev.tollgate.dialect.Shape;
import dev.tollgate.dialect.StreamObserver;
import dev.tollgate.dialect.TokenCounting;
import dev.tollgate.dialect.Words;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonKind;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The dialect of OpenAI's Responses.
 *
 * <p>Read and written again, a request or an answer is the same but for what says the same in two ways: a null is an absent
 * member, an item without a type is a message, a lone plain text part is a string, a lone user message of plain text is the
 * input itself, a text format is none, base64 without a data URL is a PDF's, tools of one namespace that stand together are
 * one namespace, fractions of a second are none, and a count of zero and an empty list are none.
 */
public final class OpenAiResponses implements Dialect {
    static final String ID = "openai-responses";

    private static final Shape SHAPE = new Shape()
            .may(JsonKind.BOOLEAN, "stream", "parallel_tool_calls", "store", "background")
            .may(JsonKind.NUMBER, "temperature", "top_p", "max_output_tokens", "max_tool_calls", "top_logprobs")
            .may(JsonKind.STRING, "input", "instructions", "tool_choice", "user", "service_tier", "truncation")
            .may(JsonKind.STRING, "previous_response_id", "prompt_cache_key", "safety_identifier")
            .may(JsonKind.ARRAY, "input", "tools", "include")
            .may(JsonKind.OBJECT, "tool_choice", "text", "reasoning", "metadata", "stream_options");

    /** An answer's request, where nobody told it. */
    private static final ChatRequest UNTOLD = new ChatRequest(
            "",
            List.of(),
            List.of(),
            null,
            null,
            new Sampling(null, null, null, null, null, null, null, null, null, List.of()),
            null,
            null,
            Hints.NONE,
            false,
            true,
            Extras.NONE);

    private final InstantSource clock;

    /** @param clock tells when an answer was made, where its provider does not */
    public OpenAiResponses(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String id() {
        return ID;
    }

    @Override
    public Words words() {
        return RequestWords.WORDS;
    }

    @Override
    public Shape shape() {
        return SHAPE;
    }

    @Override
    public ChatRequest readRequest(ObjectNode body) {
        return RequestReader.read(body);
    }

    @Override
    public void refuseUntranslatable(ObjectNode body) {
        StoredState.refuse(body);
    }

    @Override
    public ObjectNode writeRequest(ChatRequest request, WriteTerms terms) {
        return RequestWriter.write(request, terms);
    }

    @Override
    public ChatResponse readResponse(JsonNode body) throws BadAnswer {
        return ResponseReader.read(body);
    }

    @Override
    public ObjectNode writeResponse(ChatResponse response, WriteTerms terms) {
        return ResponseWriter.write(UNTOLD, response, terms, clock);
    }

    @Override
    public ObjectNode writeResponse(ChatRequest request, ChatResponse response, WriteTerms terms) {
        return ResponseWriter.write(request, response, terms, clock);
    }

    @Override
    public EventReader eventReader() {
        return new ResponseEventReader();
    }

    @Override
    public EventWriter eventWriter(ChatRequest request, WriteTerms terms) {
        return new PartedEvents(terms, new ResponseEvents(request, terms, clock));
    }

    @Override
    public StreamObserver observer() {
        return new ResponseObserver();
    }

    @Override
    public AnswerFacts facts(JsonNode body) throws BadAnswer {
        return ResponseReader.facts(body);
    }

    @Override
    public byte[] errorBody(Refusal refusal, String callId) {
        return Json.write(OpenAiErrors.body(refusal));
    }

    /** 529 is Anthropic's own word for overload; a provider's error in this dialect keeps whatever status it came with. */
    @Override
    public int errorStatus(Refusal refusal) {
        return refusal.status() == 529 && refusal.verbatim() == null ? 503 : refusal.status();
    }

    @Override
    public List<Frame> errorFrames(Refusal refusal, String callId) {
        ObjectNode response =
                Echo.of(UNTOLD, "resp_" + callId, "", clock.instant().getEpochSecond());
        return FailureFrames.of(refusal, response, FailureFrames.AFTER_ALL);
    }

    @Override
    public Frame heartbeat() {
        return new Frame(null, "");
    }

    @Override
    public ProviderError readError(int status, @Nullable JsonNode body, String excerpt) {
        return ProviderError.read(status, body, excerpt);
    }

    @Override
    public Optional<TokenCounting> tokenCounting() {
        return Optional.of(new InputCounting());
    }

    @Override
    public ObjectNode writeModels(List<String> names) {
        return OpenAiModels.list(names);
    }

    @Override
    public ObjectNode writeModel(String name) {
        return OpenAiModels.one(name);
    }
}
