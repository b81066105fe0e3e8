package dev.tollgate.dialect.rerank;

import dev.tollgate.Refusal;
import dev.tollgate.chat.RerankRequest;
import dev.tollgate.chat.RerankResponse;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.ProviderError;
import dev.tollgate.dialect.RequestBytes;
import dev.tollgate.dialect.Translation;
import dev.tollgate.dialect.Unstreamed;
import dev.tollgate.dialect.WireFormat;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The formats of reranking by name, and the translation between them. Callers ask in one of them. */
public final class Rerankings {
    private static final CohereRerank CALLERS = new CohereRerank();
    private static final Map<String, RerankTarget> TARGETS =
            Map.of(CohereRerank.ID, CALLERS, VoyageRerank.ID, new VoyageRerank());

    private static final Unstreamed.Errors ERRORS = new Unstreamed.Errors() {
        @Override
        public ProviderError read(int status, @Nullable JsonNode body, String excerpt) {
            return ProviderError.read(status, body, excerpt);
        }

        /** Cohere's own have another form than the caller's. */
        @Override
        public boolean areCallers(JsonNode body) {
            return body.path("error").path("message").isString();
        }
    };

    private Rerankings() {}

    /** The format of this name in which callers may ask; empty when there is none. */
    public static Optional<WireFormat> caller(String id) {
        return id.equals(CohereRerank.ID) ? Optional.of(CALLERS) : Optional.empty();
    }

    /** Whether providers can be asked in the format of this name. */
    public static boolean isTarget(String id) {
        return TARGETS.containsKey(id);
    }

    /**
     * The translation of one attempt.
     *
     * @throws Refusal {@link dev.tollgate.ErrorCode#CALLER_BAD_REQUEST} when the request cannot be understood
     */
    public static Translation of(Way way, Candidate candidate, JsonDocument body) {
        RerankTarget targets = TARGETS.get(way.dialect());
        if (targets == null) {
            throw new IllegalArgumentException("no reranking in '" + way.dialect() + "'");
        }
        WriteTerms terms = Unstreamed.terms(candidate, 1);
        if (targets == CALLERS && CohereRerank.isPlain(body)) {
            byte[] request = RequestBytes.passed(body, CALLERS, way, candidate, Map.of(), terms::dropped);
            return new Unstreamed(
                    request,
                    terms,
                    (answer, bytes) -> new Translation.Whole(bytes, facts(targets.readResponse(answer))),
                    ERRORS);
        }
        RerankRequest request = Unstreamed.read(CALLERS::readRequest, body).to(candidate.model());
        byte[] written = RequestBytes.written(targets.writeRequest(request, terms), way);
        return new Unstreamed(
                written, terms, (answer, bytes) -> answer(request, targets.readResponse(answer), terms), ERRORS);
    }

    private static Translation.Whole answer(RerankRequest request, RerankResponse response, WriteTerms terms)
            throws BadAnswer {
        for (RerankResponse.Result result : response.results()) {
            if (result.index() >= request.documents().size()) {
                throw new BadAnswer("a result is about a document that was not sent");
            }
        }
        RerankResponse named = new RerankResponse(
                response.id(),
                response.model().isEmpty() ? request.model() : response.model(),
                response.results(),
                response.usage(),
                response.extras());
        return new Translation.Whole(Json.write(CALLERS.writeResponse(request, named, terms)), facts(named));
    }

    private static AnswerFacts facts(RerankResponse response) {
        return new AnswerFacts(response.model(), response.usage(), null);
    }
}
