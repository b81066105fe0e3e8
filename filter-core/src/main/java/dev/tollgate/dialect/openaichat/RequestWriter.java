package dev.tollgate.dialect.openaichat;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.CacheHints;
import dev.tollgate.dialect.OpenAiEffort;
import dev.tollgate.dialect.StrictSchema;
import dev.tollgate.dialect.WriteTerms;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes a chat completion request. */
final class RequestWriter {
    /** The most stop sequences that OpenAI accepts. */
    private static final int MOST_STOPS = 4;

    /** The longest {@code user} that OpenAI accepts. */
    private static final int LONGEST_USER = 64;

    private final ChatRequest request;
    private final WriteTerms terms;
    private final boolean own;
    private final ObjectNode body = JsonNodeFactory.instance.objectNode();

    private RequestWriter(ChatRequest request, WriteTerms terms) {
        this.request = request;
        this.terms = terms;
        this.own = request.extras().isFrom(OpenAiChat.ID);
    }

    static ObjectNode write(ChatRequest request, WriteTerms terms) {
        return new RequestWriter(request, terms).write();
    }

    private ObjectNode write() {
        body.put("model", request.model());
        body.set("messages", new MessageWriter(terms, own).write(request.messages()));
        tools();
        sampling(request.sampling());
        output(request.output());
        thinking();
        user();
        hints(request.hints());
        serviceTier();
        stream();
        terms.carry(request.extras(), OpenAiChat.ID, body);
        terms.quirks().drops().forEach(this::drop);
        return body;
    }

    private void drop(String name) {
        if (body.remove(name) != null) {
            terms.refused(name, RequestWords.WORDS);
        }
    }

    private void stream() {
        if (request.stream()) {
            body.put("stream", true);
            if (terms.quirks().streamUsage()) {
                body.putObject("stream_options").put("include_usage", true);
            }
        }
    }

    private void sampling(Sampling sampling) {
        put(terms.quirks().maxTokensField(), sampling.maxTokens());
        set("temperature", sampling.temperature());
        set("top_p", sampling.topP());
        if (own) {
            put("top_k", sampling.topK());
        } else if (sampling.topK() != null) {
            terms.dropped(Asked.TOP_K);
        }
        set("frequency_penalty", sampling.frequencyPenalty());
        set("presence_penalty", sampling.presencePenalty());
        put("seed", sampling.seed());
        put("n", sampling.choices());
        if (sampling.topLogprobs() != null) {
            body.put("logprobs", true);
            put("top_logprobs", sampling.topLogprobs() == 0 ? null : sampling.topLogprobs());
        }
        stop(sampling.stop());
    }

    private void stop(List<String> stop) {
        if (stop.isEmpty()) {
            return;
        }
        ArrayNode words = body.putArray("stop");
        stop.stream().limit(own ? Integer.MAX_VALUE : MOST_STOPS).forEach(words::add);
        if (words.size() < stop.size()) {
            terms.dropped(Asked.STOP);
        }
    }

    private void put(String name, @Nullable Long value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private void set(String name, @Nullable JsonNode value) {
        if (value != null) {
            body.set(name, value);
        }
    }

    private void output(@Nullable OutputFormat output) {
        if (output instanceof OutputFormat.Json) {
            body.putObject("response_format").put("type", "json_object");
        } else if (output instanceof OutputFormat.Schema schema) {
            ObjectNode format =
                    body.putObject("response_format").put("type", "json_schema").putObject("json_schema");
            String name = schema.name();
            if (name != null || !own) {
                // OpenAI wants a name; other dialects have none.
                format.put("name", name == null ? "answer" : name);
            }
            if (schema.description() != null) {
                format.put("description", schema.description());
            }
            format.set("schema", schema.schema());
            Boolean strict = own ? schema.strict() : strict(schema);
            if (strict != null) {
                format.put("strict", strict);
            }
        }
    }

    /** Other dialects hold their models to the schema; OpenAI does so only for schemas that leave nothing open. */
    private @Nullable Boolean strict(OutputFormat.Schema schema) {
        if (schema.strict() != null || StrictSchema.is(schema.schema())) {
            return schema.strict() == null ? Boolean.TRUE : schema.strict();
        }
        terms.dropped(Asked.OUTPUT);
        return null;
    }

    private void thinking() {
        // Read in this dialect it stands where it stood.
        if (request.thinking() != null && !own) {
            OpenAiEffort.write(request.thinking(), request.model(), own, terms)
                    .ifPresent(word -> body.put("reasoning_effort", word));
        }
    }

    /** Claude Code names its device, account and session in one text far beyond OpenAI's limit. */
    private void user() {
        String user = request.hints().user();
        if (user == null) {
            return;
        }
        if (own || user.length() <= LONGEST_USER) {
            body.put("user", user);
        } else {
            terms.dropped(Asked.USER);
        }
    }

    private void hints(Hints hints) {
        if (hints.cacheKey() != null) {
            body.put("prompt_cache_key", hints.cacheKey());
        }
        if (hints.verbosity() != null) {
            body.put("verbosity", hints.verbosity());
        }
        set("metadata", hints.metadata());
    }

    private void serviceTier() {
        String tier = request.hints().serviceTier();
        if (tier == null) {
            return;
        }
        if (own || tier.equals("auto")) {
            body.put("service_tier", tier);
        } else if (tier.equals("standard_only")) {
            body.put("service_tier", "default");
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
            toolChoice();
        } else if (own) {
            toolChoice();
        } else if (request.toolChoice() != null) {
            // OpenAI refuses a choice where there is nothing to choose from.
            terms.dropped(Asked.TOOL_CHOICE);
        }
    }

    private void foreign(Tool.Foreign tool, ArrayNode tools) {
        if (tool.whole().isFrom(OpenAiChat.ID)) {
            tools.add(tool.whole().value());
        } else {
            terms.dropped(tool.whole());
        }
    }

    private ObjectNode function(Tool.Function function) {
        ObjectNode tool = JsonNodeFactory.instance.objectNode().put("type", "function");
        ObjectNode inner = tool.putObject("function").put("name", function.name());
        if (function.description() != null) {
            inner.put("description", function.description());
        }
        if (!(function.schema().isObject() && function.schema().isEmpty())) {
            inner.set("parameters", function.schema());
        }
        if (function.strict() != null) {
            inner.put("strict", function.strict());
        }
        if (own || PartWriter.takesCacheHints(terms)) {
            CacheHints.write(function.cache(), tool);
        } else if (function.cache() != null) {
            terms.dropped(function.extras(), Asked.CACHE);
        }
        terms.carry(function.extras(), OpenAiChat.ID, tool);
        return tool;
    }

    private void toolChoice() {
        ToolChoice choice = request.toolChoice();
        if (choice instanceof ToolChoice.Named named && !own && !named.isAmong(request.tools())) {
            terms.dropped(Asked.TOOL_CHOICE);
        } else if (choice instanceof ToolChoice.Named named) {
            ObjectNode node = body.putObject("tool_choice").put("type", "function");
            node.putObject("function").put("name", named.name());
        } else if (choice != null) {
            body.put("tool_choice", word(choice));
        }
        Boolean parallel = request.parallelTools();
        // Models that never call in parallel refuse to be asked for it, so another dialect's plain yes stays unsaid.
        if (parallel != null && (own || !parallel)) {
            body.put("parallel_tool_calls", parallel);
        }
    }

    private static String word(ToolChoice choice) {
        if (choice instanceof ToolChoice.Auto) {
            return "auto";
        }
        return choice instanceof ToolChoice.None ? "none" : "required";
    }
}
