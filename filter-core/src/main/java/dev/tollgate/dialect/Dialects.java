package dev.tollgate.dialect;

import dev.tollgate.dialect.anthropic.Anthropic;
import dev.tollgate.dialect.bedrock.Bedrock;
import dev.tollgate.dialect.cohere.Cohere;
import dev.tollgate.dialect.embed.Embeddings;
import dev.tollgate.dialect.gemini.Gemini;
import dev.tollgate.dialect.ollama.Ollama;
import dev.tollgate.dialect.openaichat.OpenAiChat;
import dev.tollgate.dialect.openaicompletions.OpenAiCompletions;
import dev.tollgate.dialect.openairesponses.OpenAiResponses;
import dev.tollgate.dialect.rerank.Rerankings;
import dev.tollgate.provider.Operation;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The wire formats there are. A new one is a folder beside this file and a line in it. */
public final class Dialects {
    private final Map<String, Dialect> byId = new LinkedHashMap<>();

    /** @param clock what the dialects tell the time by, where an answer has none of its own */
    public Dialects(InstantSource clock) {
        List<Dialect> all = List.of(
                new OpenAiChat(clock),
                new OpenAiCompletions(clock),
                new Ollama(clock),
                new OpenAiResponses(clock),
                new Anthropic(),
                new Gemini(),
                new Bedrock(clock),
                new Cohere());
        all.forEach(dialect -> byId.put(dialect.id(), dialect));
    }

    /**
     * The dialect of this id.
     *
     * @throws IllegalArgumentException when there is none
     */
    public Dialect byId(String id) {
        Dialect dialect = byId.get(id);
        if (dialect == null) {
            throw new IllegalArgumentException("no dialect '" + id + "', only " + byId.keySet());
        }
        return dialect;
    }

    /** The dialect of this id; empty when there is none. */
    public Optional<Dialect> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** The format of this id in which callers ask for an operation; empty when there is none. */
    public Optional<WireFormat> format(Operation operation, String id) {
        return switch (operation) {
            case CHAT -> find(id).map(WireFormat.class::cast);
            case COUNT_TOKENS -> find(id).flatMap(Dialect::tokenCounting).map(WireFormat.class::cast);
            case EMBED -> Embeddings.caller(id).map(WireFormat.class::cast);
            case RERANK -> Rerankings.caller(id);
            case RELAY -> find(id).map(WireFormat.class::cast); // not translated, so it has the form of its dialect
        };
    }

    /** All ids. */
    public Set<String> ids() {
        return Set.copyOf(byId.keySet());
    }
}
