package dev.tollgate.dialect.bedrock;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Sampling;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes a Converse request. Its model and whether to stream stand in its path. */
final class RequestWriter {
    private static final int MOST_LABELS = 16;
    private static final Pattern LABEL = Pattern.compile("[a-zA-Z0-9\\s:_@$#=/+,.-]{0,256}");

    private final ChatRequest request;
    private final WriteTerms terms;
    private final boolean own;
    private final ModelFamily family;
    private final ObjectNode body = JsonNodeFactory.instance.objectNode();

    private RequestWriter(ChatRequest request, WriteTerms terms) {
        this.request = request;
        this.terms = terms;
        this.own = request.extras().isFrom(Bedrock.ID);
        this.family = ModelFamily.of(request.model());
    }

    static ObjectNode write(ChatRequest request, WriteTerms terms) {
        return new RequestWriter(request, terms).write();
    }

    private ObjectNode write() {
        ContentWriter content = new ContentWriter(terms, own, family);
        new ConversationWriter(terms, own, content).write(request.messages(), body);
        new ToolWriter(request, terms, own, family, content).write(body);
        if (own) {
            asGiven();
        } else {
            translated();
        }
        output(request.output());
        hints(request.hints());
        terms.carry(request.extras(), Bedrock.ID, body);
        for (String name : terms.quirks().drops()) {
            if (body.remove(name) != null) {
                terms.refused(name, RequestWords.WORDS);
            }
        }
        return body;
    }

    /** What is asked for in a model's own words stays where it was. */
    private void asGiven() {
        Sampling sampling = request.sampling();
        limit(sampling.maxTokens());
        set("temperature", sampling.temperature());
        set("topP", sampling.topP());
        stop(sampling.stop());
    }

    private void translated() {
        ModelWords words = new ModelWords(request, family, terms);
        limit(words.maxTokens());
        drawn(request.sampling(), words.refusesSampling());
        if (!words.fields().isEmpty()) {
            body.set("additionalModelRequestFields", words.fields());
        }
    }

    private ObjectNode inference() {
        return body.withObject("/inferenceConfig");
    }

    private void limit(@Nullable Long maxTokens) {
        if (maxTokens != null) {
            inference().put("maxTokens", maxTokens);
        }
    }

    private void set(String name, @Nullable JsonNode value) {
        if (value != null) {
            inference().set(name, value);
        }
    }

    /** How another dialect wants the answer drawn: a temperature of 1 at most, and for Claude not with top-p beside it. */
    private void drawn(Sampling sampling, boolean refused) {
        JsonNode temperature = sampling.temperature();
        if (temperature == null || refused) {
            terms.dropped(Asked.TEMPERATURE, temperature);
        } else if (temperature.doubleValue() > 1) {
            terms.dropped(Asked.TEMPERATURE);
            inference().put("temperature", 1);
        } else {
            set("temperature", temperature);
        }
        if (refused || (temperature != null && family == ModelFamily.CLAUDE)) {
            terms.dropped(Asked.TOP_P, sampling.topP());
        } else {
            set("topP", sampling.topP());
        }
        terms.dropped(Asked.FREQUENCY_PENALTY, sampling.frequencyPenalty());
        terms.dropped(Asked.PRESENCE_PENALTY, sampling.presencePenalty());
        terms.dropped(Asked.SEED, sampling.seed());
        terms.dropped(Asked.LOGPROBS, sampling.topLogprobs());
        if (sampling.choices() != null && sampling.choices() != 1) {
            terms.dropped(Asked.CHOICES);
        }
        stop(sampling.stop());
    }

    /** Bedrock refuses an empty stop sequence, and Claude one of blanks. */
    private void stop(List<String> stop) {
        List<String> words =
                own ? stop : stop.stream().filter(word -> !word.isBlank()).toList();
        if (!words.isEmpty()) {
            words.forEach(inference().putArray("stopSequences")::add);
        }
        if (words.size() < stop.size()) {
            terms.dropped(Asked.STOP);
        }
    }

    private void output(@Nullable OutputFormat output) {
        if (output instanceof OutputFormat.Json
                || (output != null && !own && !family.followsSchemas(request.model()))) {
            terms.dropped(Asked.OUTPUT);
        } else if (output instanceof OutputFormat.Schema schema) {
            ObjectNode format =
                    body.withObject("/outputConfig").putObject("textFormat").put("type", "json_schema");
            ObjectNode definition = format.putObject("structure").putObject("jsonSchema");
            if (!own) {
                definition.put("schema", Json.text(schema.schema()));
            }
            if (schema.name() != null) {
                definition.put("name", schema.name());
            }
            if (schema.description() != null) {
                definition.put("description", schema.description());
            }
        }
    }

    private void hints(Hints hints) {
        terms.dropped(Asked.USER, hints.user());
        terms.dropped(Asked.CACHE_KEY, hints.cacheKey());
        terms.dropped(Asked.VERBOSITY, hints.verbosity());
        if (hints.metadata() != null && (own || areLabels(hints.metadata()))) {
            body.set("requestMetadata", hints.metadata());
        } else {
            terms.dropped(Asked.METADATA, hints.metadata());
        }
        if (hints.serviceTier() != null) {
            serviceTier(hints.serviceTier());
        }
    }

    private static boolean areLabels(JsonNode metadata) {
        for (Map.Entry<String, JsonNode> each : metadata.properties()) {
            boolean fits = each.getValue().isString()
                    && !each.getKey().isEmpty()
                    && LABEL.matcher(each.getKey()).matches()
                    && LABEL.matcher(each.getValue().stringValue()).matches();
            if (!fits) {
                return false;
            }
        }
        return metadata.isObject() && !metadata.isEmpty() && metadata.size() <= MOST_LABELS;
    }

    private void serviceTier(String tier) {
        String type = switch (tier) {
            case "priority", "default", "flex", "reserved" -> tier;
            case "standard_only", "standard" -> "default";
            default -> own ? tier : "";
        };
        if (!type.isEmpty()) {
            body.putObject("serviceTier").put("type", type);
        } else if (!tier.equals("auto")) {
            terms.dropped(Asked.SERVICE_TIER);
        }
    }
}
