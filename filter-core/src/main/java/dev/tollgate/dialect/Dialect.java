package dev.tollgate.dialect;

import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Quirks;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One wire format for chat, read and written. A dialect is stateless; its readers and writers of streams are not, and each
 * serves one stream.
 */
public interface Dialect extends WireFormat {

    /** The name it has in {@code providers.yaml}, records and {@link dev.tollgate.chat.Extras}, for example "anthropic". */
    @Override
    String id();

    /**
     * Reads a caller's request.
     *
     * @throws Refusal {@link dev.tollgate.ErrorCode#CALLER_BAD_REQUEST} naming the field that is missing or mistyped
     */
    ChatRequest readRequest(ObjectNode body);

    /** What this dialect calls what requests ask for. */
    Words words();

    @Override
    default OptionalLong mostOutput(JsonDocument body) {
        return words().number(Asked.MAX_TOKENS, body);
    }

    @Override
    default long answers(JsonDocument body) {
        return words().number(Asked.CHOICES, body).orElse(1);
    }

    /** Whether providers of this dialect fetch what requests name by a URL. */
    default boolean takesUrls() {
        return true;
    }

    /**
     * Refuses a request that only a provider of this dialect could answer, because it builds on what such a provider keeps.
     *
     * @throws Refusal {@link dev.tollgate.ErrorCode#CALLER_BAD_REQUEST} naming the field, and saying what to do
     */
    default void refuseUntranslatable(ObjectNode body) {}

    /**
     * Writes a request for a provider that speaks this dialect.
     *
     * @param request the call; its model is already the provider's name for it
     * @param terms what the provider is like, and where to note what this dialect cannot say
     */
    ObjectNode writeRequest(ChatRequest request, WriteTerms terms);

    /**
     * What a request in this dialect must say differently when it is passed through to a provider, besides its model and
     * the fields that the provider refuses.
     *
     * @param stream whether the answer is to be streamed
     */
    default Splices splices(JsonDocument body, Quirks quirks, boolean stream) {
        return Splices.NONE;
    }

    /**
     * Reads a provider's whole answer.
     *
     * @throws BadAnswer when it is not an answer in this dialect
     */
    ChatResponse readResponse(JsonNode body) throws BadAnswer;

    /** Writes a whole answer for a caller who speaks this dialect. */
    ObjectNode writeResponse(ChatResponse response, WriteTerms terms);

    /** The same for an answer that repeats parts of what was asked. */
    default ObjectNode writeResponse(ChatRequest request, ChatResponse response, WriteTerms terms) {
        return writeResponse(response, terms);
    }

    /** A reader for one streamed answer of a provider that speaks this dialect. */
    EventReader eventReader();

    /** A writer of one streamed answer for a caller who speaks this dialect. */
    EventWriter eventWriter(ChatRequest request, WriteTerms terms);

    /** Reads facts from a stream that is passed through untouched; it must never fail. */
    StreamObserver observer();

    /** Reads usage and finish reason of a whole answer that is passed through untouched. */
    AnswerFacts facts(JsonNode body) throws BadAnswer;

    /** An error body in this dialect's shape, as its SDKs expect it. */
    byte[] errorBody(Refusal refusal, String callId);

    /** The HTTP status this dialect's SDKs expect for a refusal (Anthropic's word for overload is 529). */
    default int errorStatus(Refusal refusal) {
        return refusal.status();
    }

    /** Headers that go with an error in this dialect besides {@code retry-after} (for example {@code request-id}). */
    default List<Header> errorHeaders(Refusal refusal, String callId) {
        return List.of();
    }

    /** The frames that tell a caller in the middle of a stream that it failed; never a mark of success. */
    List<Frame> errorFrames(Refusal refusal, String callId);

    /** A frame that keeps an idle stream alive and that the SDKs ignore. */
    Frame heartbeat();

    /** Whether providers may put a stream on the wire as an array of JSON, of the same media type as their whole answers. */
    default boolean mayStreamArrays() {
        return false;
    }

    /** A frame of this dialect from a framing that has no names of events, with the name that other framings give it. */
    default Frame named(Frame frame) {
        return frame;
    }

    /**
     * Reads a provider's error answer.
     *
     * @param status the HTTP status
     * @param body the parsed body, or null when it is not JSON
     * @param excerpt the start of the body as text, for a message when the shape is unknown; never shown to callers raw
     */
    ProviderError readError(int status, @Nullable JsonNode body, String excerpt);

    /** Whether an SDK of this dialect finds in an error body what it looks for, so that a provider's own can be handed on. */
    default boolean isErrorBody(JsonNode body) {
        return body.path("error").path("message").isString();
    }

    /** How this dialect counts tokens; empty where it has no way to. */
    default Optional<TokenCounting> tokenCounting() {
        return Optional.empty();
    }

    /** The list of models that a caller may use, as this dialect's {@code GET /v1/models} gives it, all on one page. */
    ObjectNode writeModels(List<String> names);

    /** One model, as this dialect's {@code GET /v1/models/{id}} gives it. */
    ObjectNode writeModel(String name);

    /** Turns the frames of one provider stream into neutral events. */
    interface EventReader {
        /**
         * @return the events of this frame, in order; none for a frame that says nothing
         * @throws BadAnswer when the frame is not this dialect
         */
        List<StreamEvent> read(Frame frame) throws BadAnswer;

        /**
         * The events that follow from the end of the stream, where this dialect has no mark for it: those that finish the
         * answer, {@link StreamEvent.Done} last, if nothing of it is missing; none if something is.
         */
        default List<StreamEvent> end() {
            return List.of();
        }

        /** Whether the provider is at something that it does not show as it goes: thoughts, or a tool of its own. */
        default boolean isWorking() {
            return false;
        }
    }

    /** Turns neutral events into the frames of one caller's stream. */
    interface EventWriter {
        /**
         * The frames for one event; may be none, where this dialect says it later or not at all.
         *
         * @throws BadAnswer when the events cannot be said in this dialect
         */
        List<Frame> write(StreamEvent event) throws BadAnswer;

        /**
         * The frames that tell the caller that its stream failed, where they depend on what was written before; null where
         * {@link Dialect#errorFrames} says it all.
         */
        default @Nullable List<Frame> failure(Refusal refusal, String callId) {
            return null;
        }
    }
}
