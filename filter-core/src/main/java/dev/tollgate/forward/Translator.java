package dev.tollgate.forward;

import dev.tollgate.Call;
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
import dev.tollgate.provider.Way;
import dev.tollgate.route.Candidate;
import java.util.function.Function;

/** Makes the translation of one attempt from what the call brought. */
@FunctionalInterface
public interface Translator {

    /** @throws dev.tollgate.Refusal when the caller's request cannot be read in its own dialect */
    Translation translate(Call call, Candidate candidate, Way way);

    /** @param dialects the dialects that can be spoken, by id */
    static Translator between(Function<String, Dialect> dialects) {
        return (call, candidate, way) -> {
            WireFormat format = call.endpoint().format();
            return switch (way.operation()) {
                case CHAT -> Translations.of(passage(dialects, call, candidate, way), call.body());
                case COUNT_TOKENS ->
                    Counting.of(passage(dialects, call, candidate, way), (TokenCounting) format, call.body());
                case EMBED -> Embeddings.between((EmbedCaller) format, way, candidate, call.body());
                case RERANK -> Rerankings.of(way, candidate, call.body());
                case RELAY -> throw new IllegalArgumentException("no translation of " + way.operation());
            };
        };
    }

    private static Passage passage(Function<String, Dialect> dialects, Call call, Candidate candidate, Way way) {
        return new Passage(
                call.dialect(),
                dialects.apply(way.dialect()),
                way,
                candidate,
                call.plan().model().maxOutputTokens(),
                call.stream(),
                call.endpoint().framing(),
                call.id());
    }
}
