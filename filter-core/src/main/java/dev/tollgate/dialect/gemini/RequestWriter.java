package dev.tollgate.dialect.gemini;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Sampling;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.WriteTerms;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes a request. */
final class RequestWriter {
    /** The most stop sequences that Google accepts. */
    private static final int MOST_STOPS = 5;

    private final ChatRequest request;
    private final WriteTerms terms;
    private final boolean own;
    private final Generation generation;
    private final ObjectNode body = JsonNodeFactory.instance.objectNode();
    private final ObjectNode config = JsonNodeFactory.instance.objectNode();

    private RequestWriter(ChatRequest request, WriteTerms terms) {
        this.request = request;
        this.terms = terms;
        this.own = request.extras().isFrom(Gemini.ID);
        this.generation = Generation.of(request.model());
    }

    static ObjectNode write(ChatRequest request, WriteTerms terms) {
        return new RequestWriter(request, terms).write();
    }

    private ObjectNode write() {
        new ContentWriter(terms, own, generation).write(request.messages(), body);
        new ToolWriter(request, terms, own).write(body);
        sampling(request.sampling());
        output(request.output());
        ObjectNode thinking = ThinkingPlan.of(request.thinking(), request.model(), own, terms);
        if (!thinking.isEmpty()) {
            config.set("thinkingConfig", thinking);
        }
        if (!config.isEmpty()) {
            body.set("generationConfig", config);
        }
        hints();
        terms.carry(request.extras(), Gemini.ID, body);
        terms.quirks().drops().forEach(this::drop);
        return body;
    }

    private void drop(String name) {
        if (body.remove(name) != null) {
            terms.refused(name, RequestWords.WORDS);
        }
    }

    private void sampling(Sampling sampling) {
        put("maxOutputTokens", sampling.maxTokens());
        set("temperature", sampling.temperature());
        set("topP", sampling.topP());
        put("topK", sampling.topK());
        penalty("frequencyPenalty", Asked.FREQUENCY_PENALTY, sampling.frequencyPenalty());
        penalty("presencePenalty", Asked.PRESENCE_PENALTY, sampling.presencePenalty());
        seed(sampling.seed());
        put("candidateCount", sampling.choices());
        if (sampling.topLogprobs() != null) {
            config.put("responseLogprobs", true);
            if (sampling.topLogprobs() > 0) {
                config.put("logprobs", sampling.topLogprobs());
            }
        }
        stop(sampling.stop());
    }

    private void put(String name, @Nullable Long value) {
        if (value != null) {
            config.put(name, value);
        }
    }

    private void set(String name, @Nullable JsonNode value) {
        if (value != null) {
            config.set(name, value);
        }
    }

    private void penalty(String name, Asked asked, @Nullable JsonNode value) {
        if (value == null || own || !generation.refusesPenalties()) {
            set(name, value);
        } else if (value.doubleValue() != 0) {
            terms.dropped(asked);
        }
    }

    /** A seed is an int32 here. */
    private void seed(@Nullable Long seed) {
        if (seed != null && !own && seed.intValue() != seed) {
            terms.dropped(Asked.SEED);
        } else {
            put("seed", seed);
        }
    }

    private void stop(List<String> stop) {
        List<String> words = own ? stop : stop.stream().limit(MOST_STOPS).toList();
        if (!words.isEmpty()) {
            words.forEach(config.putArray("stopSequences")::add);
        }
        if (words.size() < stop.size()) {
            terms.dropped(Asked.STOP);
        }
    }

    private void output(@Nullable OutputFormat output) {
        if (output == null) {
            return;
        }
        if (!own && !request.tools().isEmpty() && !generation.formatsAmongTools()) {
            terms.dropped(Asked.OUTPUT);
            return;
        }
        config.put("responseMimeType", GenerationConfig.JSON);
        if (output instanceof OutputFormat.Schema schema) {
            String given = "generationConfig." + Extras.LABEL + "responseSchema";
            if (!(own && request.extras().fields().containsKey(given))) {
                config.set("responseJsonSchema", schema.schema());
            }
            if (schema.description() != null) {
                terms.dropped(Asked.OUTPUT_DESCRIPTION);
            }
        }
    }

    private void hints() {
        String tier = request.hints().serviceTier();
        if (own) {
            if (tier != null) {
                body.put("serviceTier", tier);
            }
            return;
        }
        boolean usual = tier == null || tier.equals("auto") || tier.equals("default") || tier.equals("standard_only");
        if (!usual) {
            terms.dropped(Asked.SERVICE_TIER);
        }
        terms.dropped(Asked.USER, request.hints().user());
        terms.dropped(Asked.CACHE_KEY, request.hints().cacheKey());
        terms.dropped(Asked.VERBOSITY, request.hints().verbosity());
        terms.dropped(Asked.METADATA, request.hints().metadata());
        if (Boolean.FALSE.equals(request.parallelTools())) {
            terms.dropped(Asked.PARALLEL_TOOLS);
        }
    }
}
