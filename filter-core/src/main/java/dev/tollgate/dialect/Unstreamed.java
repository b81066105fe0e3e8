package dev.tollgate.dialect;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.route.Candidate;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The translation of a call whose answers are never streamed: a request, and how its answer is read. */
public final class Unstreamed implements Translation {
    private final byte[] requestBody;
    private final WriteTerms terms;
    private final AnswerReader answers;
    private final Errors errors;

    /** Makes the caller's answer of the target's. */
    @FunctionalInterface
    public interface AnswerReader {
        /**
         * @param body the target's answer, a JSON object
         * @param bytes the same as it came
         */
        Whole read(JsonNode body, byte[] bytes) throws BadAnswer;
    }

    /** Understands the target's errors. */
    public interface Errors {
        /** Reads one, as {@link Dialect#readError}. */
        ProviderError read(int status, @Nullable JsonNode body, String excerpt);

        /** Whether the caller can be given it as it is. */
        boolean areCallers(JsonNode body);
    }

    /** @param terms where what could not be carried is noted */
    public Unstreamed(byte[] requestBody, WriteTerms terms, AnswerReader answers, Errors errors) {
        this.requestBody = requestBody;
        this.terms = terms;
        this.answers = answers;
        this.errors = errors;
    }

    /**
     * Reads a caller's request.
     *
     * @throws Refusal {@link ErrorCode#CALLER_BAD_REQUEST} naming the field at fault where that is known
     */
    public static <T> T read(Function<ObjectNode, T> reader, JsonDocument body) {
        try {
            return reader.apply(body.tree());
        } catch (JacksonException e) {
            throw new Refusal(ErrorCode.CALLER_BAD_REQUEST, "a value of the request has the wrong type");
        }
    }

    /** What a target is like. */
    public static WriteTerms terms(Candidate target, long defaultMaxTokens) {
        return new WriteTerms(target.provider().quirks(), target.provider().family(), defaultMaxTokens);
    }

    @Override
    public byte[] requestBody() {
        return requestBody;
    }

    @Override
    public List<String> dropped() {
        return terms.dropped();
    }

    @Override
    public Whole answer(byte[] body) throws BadAnswer {
        try {
            return answers.read(Answers.read(body), body);
        } catch (JacksonException e) {
            throw new BadAnswer("a value of the provider's answer has the wrong type");
        }
    }

    @Override
    public Streamed stream(Framing framing) {
        throw new IllegalStateException("such answers are never streamed");
    }

    @Override
    public ProviderError error(int status, byte[] body) {
        return Answers.error(errors::read, status, body);
    }

    @Override
    public byte @Nullable [] errorAsIs(int status, byte[] body) {
        JsonNode error = Answers.json(body);
        return error != null && errors.areCallers(error) ? body : null;
    }
}
