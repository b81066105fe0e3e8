package dev.tollgate.dialect.embed;

import dev.tollgate.Refusal;
import dev.tollgate.chat.EmbedRequest;
import dev.tollgate.chat.EmbedResponse;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.ProviderError;
import dev.tollgate.dialect.RequestBytes;
import dev.tollgate.dialect.TokenEstimate;
import dev.tollgate.dialect.Translation;
import dev.tollgate.dialect.Unstreamed;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The formats of embeddings by name, and the translation between them. A call is one request to its target: one with more
 * inputs than the target takes is refused, not split, so that it is answered whole or not at all.
 */
public final class Embeddings {
    /** A caller's format of Gemini's for one input. */
    public static final String GEMINI_ONE = "gemini:embedContent";

    private static final OpenAiEmbeddings OPENAI = new OpenAiEmbeddings();
    private static final GeminiEmbeddings GEMINI = new GeminiEmbeddings(true);

    private static final Map<String, EmbedCaller> CALLERS =
            Map.of(OpenAiEmbeddings.ID, OPENAI, GeminiEmbeddings.ID, GEMINI, GEMINI_ONE, new GeminiEmbeddings(false));
    private static final Map<String, EmbedTarget> TARGETS = Stream.of(
                    OPENAI,
                    GEMINI,
                    new VertexEmbeddings(),
                    new CohereEmbeddings(CohereEmbeddings.ID),
                    new CohereEmbeddings(CohereEmbeddings.BEDROCK),
                    new TitanEmbeddings(),
                    StrictEmbeddings.VOYAGE,
                    StrictEmbeddings.JINA)
            .collect(Collectors.toUnmodifiableMap(EmbedTarget::id, Function.identity()));

    private Embeddings() {}

    /** The format of this name in which callers may ask; empty when there is none. */
    public static Optional<EmbedCaller> caller(String id) {
        return Optional.ofNullable(CALLERS.get(id));
    }

    /** The format of this name in which providers may be asked; empty when there is none. */
    public static Optional<EmbedTarget> target(String id) {
        return Optional.ofNullable(TARGETS.get(id));
    }

    /**
     * The translation of one attempt: none at all where caller and target speak alike and the body says the model.
     *
     * @throws Refusal {@link dev.tollgate.ErrorCode#CALLER_BAD_REQUEST} when the request cannot be put to the target
     */
    public static Translation between(EmbedCaller callers, Way way, Candidate candidate, JsonDocument body) {
        EmbedTarget targets = target(way.dialect())
                .orElseThrow(() -> new IllegalArgumentException("no embeddings in '" + way.dialect() + "'"));
        WriteTerms terms = Unstreamed.terms(candidate, 1);
        boolean same = callers == targets && !targets.modelInPath();
        Unstreamed.Errors errors = errors(callers.id().equals(targets.id()));
        if (same) {
            byte[] request = RequestBytes.passed(body, targets, way, candidate, Map.of(), terms::dropped);
            return new Unstreamed(
                    request,
                    terms,
                    (answer, bytes) -> new Translation.Whole(bytes, facts(targets.readResponse(answer))),
                    errors);
        }
        EmbedRequest request = Unstreamed.read(callers::readRequest, body).to(candidate.model());
        check(request, targets, candidate);
        byte[] written = RequestBytes.written(targets.writeRequest(request, terms), way);
        return new Unstreamed(
                written,
                terms,
                (answer, bytes) -> answer(callers, request, targets.readResponse(answer), terms),
                errors);
    }

    private static void check(EmbedRequest request, EmbedTarget targets, Candidate candidate) {
        int inputs = request.inputs().size();
        if (inputs > targets.mostInputs()) {
            throw Refusal.badField(
                    "input",
                    candidate.label() + " takes at most " + targets.mostInputs()
                            + " inputs in one call, and this one has " + inputs + "; split it");
        }
    }

    private static Translation.Whole answer(
            EmbedCaller callers, EmbedRequest request, EmbedResponse response, WriteTerms terms) throws BadAnswer {
        if (response.vectors().size() != request.inputs().size()) {
            throw new BadAnswer("the answer has not as many embeddings as the request has inputs");
        }
        boolean reported = response.usage() != null;
        Usage usage = reported ? response.usage() : Inputs.usage(estimate(request));
        EmbedResponse named = new EmbedResponse(
                response.model().isEmpty() ? request.model() : response.model(),
                response.vectors(),
                usage,
                response.extras());
        byte[] body = Json.write(callers.writeResponse(request, named, terms));
        return new Translation.Whole(body, facts(named), !reported);
    }

    private static long estimate(EmbedRequest request) {
        long tokens = 0;
        for (EmbedRequest.Input input : request.inputs()) {
            if (input instanceof EmbedRequest.Input.Text text) {
                tokens += TokenEstimate.of(List.of(text.text()));
            } else if (input instanceof EmbedRequest.Input.Tokens numbers) {
                tokens += numbers.ids().size();
            } else if (input instanceof EmbedRequest.Input.Foreign foreign) {
                tokens += TokenEstimate.of(List.of(Json.text(foreign.whole().value())));
            }
        }
        return tokens;
    }

    private static AnswerFacts facts(EmbedResponse response) {
        return new AnswerFacts(response.model(), response.usage(), null);
    }

    private static Unstreamed.Errors errors(boolean same) {
        return new Unstreamed.Errors() {
            @Override
            public ProviderError read(int status, @Nullable JsonNode body, String excerpt) {
                return ProviderError.read(status, body, excerpt);
            }

            @Override
            public boolean areCallers(JsonNode body) {
                return same && body.path("error").path("message").isString();
            }
        };
    }
}
