package dev.tollgate.dialect.anthropic;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.CacheHints;
import dev.tollgate.dialect.ClaudeGeneration;
import dev.tollgate.dialect.ClaudeThinking;
import dev.tollgate.dialect.Schemas;
import dev.tollgate.dialect.WriteTerms;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes a Messages request. */
final class RequestWriter {
    private final ChatRequest request;
    private final WriteTerms terms;
    private final boolean own;
    private final ObjectNode body = JsonNodeFactory.instance.objectNode();

    private RequestWriter(ChatRequest request, WriteTerms terms) {
        this.request = request;
        this.terms = terms;
        this.own = request.extras().isFrom(Anthropic.ID);
    }

    static ObjectNode write(ChatRequest request, WriteTerms terms) {
        return new RequestWriter(request, terms).write();
    }

    private ObjectNode write() {
        ClaudeThinking plan = ClaudeThinking.of(request, own, terms);
        body.put("model", request.model());
        body.put("max_tokens", plan.maxTokens());
        new ConversationWriter(terms, own).write(request.messages(), body);
        tools();
        thinking(plan);
        sampling(request.sampling(), plan.thinks());
        output(request.output());
        if (request.hints().user() != null) {
            body.putObject("metadata").put("user_id", request.hints().user());
        }
        serviceTier();
        terms.dropped(Asked.CACHE_KEY, request.hints().cacheKey());
        terms.dropped(Asked.VERBOSITY, request.hints().verbosity());
        terms.dropped(Asked.METADATA, request.hints().metadata());
        if (request.stream()) {
            body.put("stream", true);
        }
        terms.carry(request.extras(), Anthropic.ID, body);
        terms.quirks().drops().forEach(this::drop);
        return body;
    }

    private void drop(String name) {
        if (body.remove(name) != null) {
            terms.refused(name, RequestWords.WORDS);
        }
    }

    private void thinking(ClaudeThinking plan) {
        if (plan.thinking() != null) {
            body.set("thinking", plan.thinking());
        }
        if (plan.effort() != null) {
            config().put("effort", plan.effort());
        }
    }

    private ObjectNode config() {
        return body.withObject("/output_config");
    }

    private void sampling(Sampling sampling, boolean thinks) {
        if (own) {
            set("temperature", sampling.temperature());
            set("top_p", sampling.topP());
            set("top_k", sampling.topK());
        } else {
            drawn(sampling, thinks);
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

    /**
     * How another dialect wants the answer drawn: not at all for models that refuse to be told or that think, with one of
     * temperature and top_p, since newer models refuse both, and with a temperature of 1 at most.
     */
    private void drawn(Sampling sampling, boolean thinks) {
        boolean refused = thinks || ClaudeGeneration.of(request.model()).refusesSampling();
        JsonNode temperature = sampling.temperature();
        if (temperature == null || refused) {
            terms.dropped(Asked.TEMPERATURE, temperature);
        } else if (temperature.doubleValue() > 1) {
            terms.dropped(Asked.TEMPERATURE);
            body.put("temperature", 1);
        } else {
            body.set("temperature", temperature);
        }
        if (refused || temperature != null) {
            terms.dropped(Asked.TOP_P, sampling.topP());
        } else {
            set("top_p", sampling.topP());
        }
        if (refused) {
            terms.dropped(Asked.TOP_K, sampling.topK());
        } else {
            set("top_k", sampling.topK());
        }
    }

    private void set(String name, @Nullable JsonNode value) {
        if (value != null) {
            body.set(name, value);
        }
    }

    private void set(String name, @Nullable Long value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    /** Anthropic refuses a stop sequence of blanks alone. */
    private void stop(List<String> stop) {
        List<String> words =
                own ? stop : stop.stream().filter(word -> !word.isBlank()).toList();
        if (!words.isEmpty()) {
            words.forEach(body.putArray("stop_sequences")::add);
        }
        if (words.size() < stop.size()) {
            terms.dropped(Asked.STOP);
        }
    }

    private void output(@Nullable OutputFormat output) {
        if (output instanceof OutputFormat.Json) {
            terms.dropped(Asked.OUTPUT);
        } else if (output instanceof OutputFormat.Schema schema) {
            terms.dropped(Asked.OUTPUT_DESCRIPTION, schema.description());
            config().putObject("format").put("type", "json_schema").set("schema", schema.schema());
        }
    }

    private void serviceTier() {
        String tier = request.hints().serviceTier();
        if (tier == null) {
            return;
        }
        if (own || tier.equals("auto")) {
            body.put("service_tier", tier);
        } else if (tier.equals("default")) {
            body.put("service_tier", "standard_only");
        } else {
            terms.dropped(Asked.SERVICE_TIER);
        }
    }

    private void tools() {
        ArrayNode tools = JsonNodeFactory.instance.arrayNode();
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Function function) {
                tools.add(function(function));
            } else if (tool instanceof Tool.Foreign foreign) {
                foreign(foreign, tools);
            }
        }
        if (!tools.isEmpty()) {
            body.set("tools", tools);
        }
        if (own || !tools.isEmpty()) {
            toolChoice();
        } else {
            terms.dropped(Asked.TOOL_CHOICE, request.toolChoice());
        }
    }

    private void foreign(Tool.Foreign tool, ArrayNode tools) {
        if (tool.whole().isFrom(Anthropic.ID)) {
            tools.add(tool.whole().value());
        } else {
            terms.dropped(tool.whole());
        }
    }

    private ObjectNode function(Tool.Function function) {
        ObjectNode tool = JsonNodeFactory.instance.objectNode().put("name", function.name());
        if (function.description() != null) {
            tool.put("description", function.description());
        }
        tool.set("input_schema", own ? function.schema() : Schemas.ofObject(function.schema()));
        if (function.strict() != null) {
            tool.put("strict", function.strict());
        }
        CacheHints.write(function.cache(), tool);
        terms.carry(function.extras(), Anthropic.ID, tool);
        return tool;
    }

    private void toolChoice() {
        ToolChoice choice = request.toolChoice();
        Boolean parallel = request.parallelTools();
        if (choice instanceof ToolChoice.Named named && !own && !named.isAmong(request.tools())) {
            terms.dropped(Asked.TOOL_CHOICE);
            choice = null;
        }
        if (choice == null && (parallel == null || parallel)) {
            return;
        }
        ObjectNode node = body.putObject("tool_choice").put("type", word(choice));
        if (choice instanceof ToolChoice.Named named) {
            node.put("name", named.name());
        }
        if (parallel != null && (own || !(parallel || choice instanceof ToolChoice.None))) {
            node.put("disable_parallel_tool_use", !parallel);
        }
    }

    private static String word(@Nullable ToolChoice choice) {
        if (choice instanceof ToolChoice.Required) {
            return "any";
        }
        if (choice instanceof ToolChoice.Named) {
            return "tool";
        }
        return choice instanceof ToolChoice.None ? "none" : "auto";
    }
}
