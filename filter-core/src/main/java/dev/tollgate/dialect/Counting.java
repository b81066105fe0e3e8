package dev.tollgate.dialect;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Usage;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The translation of calls for the number of a chat's tokens. */
public final class Counting {
    private Counting() {}

    /**
     * The translation of one attempt.
     *
     * @param callers how the caller asks
     * @throws dev.tollgate.Refusal {@link dev.tollgate.ErrorCode#CALLER_BAD_REQUEST} when the body must be understood and is
     *     not such a request
     * @throws IllegalArgumentException when the target's dialect cannot count
     */
    public static Translation of(Passage passage, TokenCounting callers, JsonDocument body) {
        TokenCounting targets = passage.targets()
                .tokenCounting()
                .orElseThrow(
                        () -> new IllegalArgumentException(passage.targets().id() + " has no way to count tokens"));
        WriteTerms terms = Unstreamed.terms(passage.target(), passage.defaultMaxTokens());
        Unstreamed.Errors errors = errors(passage);
        if (passage.isSameDialect()) {
            JsonDocument told = targets.forTarget(body, passage.target().model(), terms);
            byte[] request =
                    RequestBytes.passed(told, targets, passage.way(), passage.target(), Map.of(), terms::dropped);
            return new Unstreamed(
                    request,
                    terms,
                    (answer, bytes) -> {
                        targets.readCount(answer);
                        return whole(bytes);
                    },
                    errors);
        }
        passage.callers().refuseUntranslatable(body.tree());
        ChatRequest request =
                Unstreamed.read(callers::readRequest, body).to(passage.target().model(), false, false);
        byte[] written = RequestBytes.written(targets.writeRequest(request, terms), passage.way());
        return new Unstreamed(
                written,
                terms,
                (answer, bytes) -> whole(Json.write(callers.writeCount(targets.readCount(answer), terms))),
                errors);
    }

    /** Counting uses nothing that anybody pays for. */
    private static Translation.Whole whole(byte[] body) {
        return new Translation.Whole(body, new AnswerFacts("", Usage.NONE, null));
    }

    private static Unstreamed.Errors errors(Passage passage) {
        return new Unstreamed.Errors() {
            @Override
            public ProviderError read(int status, @Nullable JsonNode body, String excerpt) {
                return passage.targets().readError(status, body, excerpt);
            }

            @Override
            public boolean areCallers(JsonNode body) {
                return passage.isSameDialect() && passage.callers().isErrorBody(body);
            }
        };
    }
}
