package dev.tollgate.dialect;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.json.Json;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.provider.Provider;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** The way between a caller and a target of different dialects, through the neutral records. */
final class Translated implements Translation {
    private final Passage passage;
    private final WriteTerms terms;
    private final SafeNames names = new SafeNames();
    private final ChatRequest request;
    private final byte[] requestBody;
    private final boolean resumable;

    /**
     * @param resumes whether another target may go on with a streamed answer
     * @param rest what is asked of the target where it is to go on with another's answer; else null
     */
    Translated(
            Passage passage,
            JsonDocument body,
            Map<String, Source.Inline> fetched,
            boolean resumes,
            @Nullable Continuation rest) {
        Provider provider = passage.target().provider();
        this.passage = passage;
        this.terms = terms(passage, body);
        this.request = RemoteMedia.inlined(read(passage.callers(), body), fetched);
        this.resumable = resumes && Continuation.isPossible(request);
        ChatRequest asked = rest == null ? request : rest.of(request);
        ChatRequest sent = names.of(asked)
                .to(
                        passage.target().model(),
                        passage.stream(),
                        provider.quirks().streamUsage());
        ObjectNode written = passage.targets().writeRequest(sent, terms);
        if (rest != null && rest.hasPrefix()) {
            provider.quirks().prefill().sets().forEach(written::set);
        }
        this.requestBody = RequestBytes.written(written, passage.way());
    }

    private static WriteTerms terms(Passage passage, JsonDocument body) {
        Provider provider = passage.target().provider();
        return new WriteTerms(
                provider.quirks(),
                Makers.of(passage.targets().id(), provider.family(), provider.quirks()),
                passage.defaultMaxTokens(),
                passage.callers().words().in(body.tree()));
    }

    /** A stream of the caller's own dialect that is read and written again; null where nobody could go on with it. */
    static @Nullable TranslatedStream again(Passage passage, JsonDocument body) {
        ChatRequest request = read(passage.callers(), body);
        if (!Continuation.isPossible(request)) {
            return null;
        }
        return new TranslatedStream(
                passage,
                new SafeNames(),
                passage.targets().eventReader(),
                passage.callers().eventWriter(request, terms(passage, body)),
                new Seam());
    }

    @Override
    public boolean isResumable() {
        return resumable;
    }

    static ChatRequest read(Dialect dialect, JsonDocument body) {
        dialect.refuseUntranslatable(body.tree());
        return Unstreamed.read(dialect::readRequest, body);
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
        ChatResponse response;
        try {
            response = names.back(Answers.named(passage.targets().readResponse(Answers.read(body)), passage));
        } catch (JacksonException e) {
            throw new BadAnswer("a value of the provider's answer has the wrong type");
        }
        if (response.choices().stream().allMatch(Translated::saysNothing)) {
            throw new BadAnswer("the provider's answer says nothing, nor why");
        }
        byte[] written = Json.write(passage.callers().writeResponse(request, response, terms));
        return new Whole(written, facts(response));
    }

    private static boolean saysNothing(ChatResponse.Choice choice) {
        FinishReason finish = choice.finish();
        return choice.parts().isEmpty()
                && finish.kind() == FinishReason.Kind.OTHER
                && finish.raw().isEmpty();
    }

    private static AnswerFacts facts(ChatResponse response) {
        List<ChatResponse.Choice> choices = response.choices();
        Map<String, JsonNode> rest = response.extras().fields();
        JsonNode tier = rest.getOrDefault("service_tier", rest.getOrDefault("serviceTier", MissingNode.getInstance()));
        return new AnswerFacts(
                        response.model(),
                        response.usage(),
                        choices.isEmpty() ? null : choices.get(0).finish())
                .servedIn(tier);
    }

    @Override
    public Streamed stream(Framing answers) {
        return new TranslatedStream(
                passage,
                names,
                passage.targets().eventReader(),
                passage.callers().eventWriter(request, terms),
                resumable ? new Seam() : null);
    }

    @Override
    public boolean mayStreamArrays() {
        return passage.targets().mayStreamArrays();
    }

    @Override
    public ProviderError error(int status, byte[] body) {
        return Answers.error(passage.targets(), status, body);
    }

    @Override
    public byte @Nullable [] errorAsIs(int status, byte[] body) {
        return null;
    }
}
