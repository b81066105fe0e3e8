package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.chat.Part.Source;
import dev.tollgate.dialect.BetaFeatures;
import dev.tollgate.dialect.Continuation;
import dev.tollgate.dialect.Counting;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Passage;
import dev.tollgate.dialect.TokenCounting;
import dev.tollgate.dialect.Translation;
import dev.tollgate.dialect.Translations;
import dev.tollgate.dialect.WireFormat;
import dev.tollgate.dialect.embed.EmbedCaller;
import dev.tollgate.dialect.embed.Embeddings;
import dev.tollgate.dialect.rerank.Rerankings;
import dev.tollgate.provider.Operation;
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Translates between the dialects that can be spoken. */
final class DialectTranslator implements Translator {
    private final Function<String, Dialect> dialects;

    DialectTranslator(Function<String, Dialect> dialects) {
        this.dialects = dialects;
    }

    @Override
    public Translation translate(Call call, Candidate candidate, Way way, Map<String, Source.Inline> fetched) {
        WireFormat format = call.endpoint().format();
        return switch (way.operation()) {
            case CHAT -> Translations.of(passage(call, candidate, way), call.body(), fetched, resumes(call));
            case COUNT_TOKENS -> Counting.of(passage(call, candidate, way), (TokenCounting) format, call.body());
            case EMBED -> Embeddings.between((EmbedCaller) format, way, candidate, call.body());
            case RERANK -> Rerankings.of(way, candidate, call.body());
            case RELAY -> throw new IllegalArgumentException("no translation of " + way.operation());
        };
    }

    private static boolean resumes(Call call) {
        return call.stream() && call.plan().model().routing().resume();
    }

    @Override
    public Translation continued(
            Call call, Candidate candidate, Way way, Map<String, Source.Inline> fetched, Continuation rest) {
        return Translations.continued(passage(call, candidate, way), call.body(), fetched, rest);
    }

    @Override
    public Set<String> unfetchable(Call call, Way way) {
        return way.operation() == Operation.CHAT
                ? Translations.unfetchable(call.dialect(), dialects.apply(way.dialect()), call.body())
                : Set.of();
    }

    @Override
    public boolean speaks(Way way) {
        return switch (way.operation()) {
            case COUNT_TOKENS -> dialects.apply(way.dialect()).tokenCounting().isPresent();
            case EMBED -> Embeddings.target(way.dialect()).isPresent();
            case RERANK -> Rerankings.isTarget(way.dialect());
            case CHAT, RELAY -> true;
        };
    }

    private Passage passage(Call call, Candidate candidate, Way way) {
        return new Passage(
                call.dialect(),
                dialects.apply(way.dialect()),
                way,
                candidate,
                call.plan().model().maxOutputTokens(),
                call.stream(),
                call.endpoint().framing(),
                call.id(),
                call.exchange().headers(BetaFeatures.HEADER));
    }
}
