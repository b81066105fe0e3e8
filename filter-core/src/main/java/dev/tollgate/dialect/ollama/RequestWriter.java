package dev.tollgate.dialect.ollama;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.WriteTerms;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes a request. */
final class RequestWriter {
    private final ChatRequest request;
    private final WriteTerms terms;
    private final ObjectNode body = JsonNodeFactory.instance.objectNode();

    RequestWriter(ChatRequest request, WriteTerms terms) {
        this.request = request;
        this.terms = terms;
    }

    ObjectNode write() {
        body.put("model", request.model());
        ArrayNode messages = body.putArray("messages");
        MessageWriter writer = new MessageWriter(terms);
        for (Message message : request.messages()) {
            writer.write(message).forEach(messages::add);
        }
        tools();
        options(request.sampling());
        output(request.output());
        thinking(request.thinking());
        unsaid();
        body.put("stream", request.stream()); // it streams unless it is told not to
        terms.carry(request.extras(), Ollama.ID, body);
        return body;
    }

    private void tools() {
        ToolChoice choice = request.toolChoice();
        if (choice instanceof ToolChoice.None) {
            return;
        }
        ArrayNode tools = JsonNodeFactory.instance.arrayNode();
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Function function) {
                tools.add(function(function));
            } else if (tool instanceof Tool.Foreign foreign) {
                terms.dropped(foreign.whole());
            }
        }
        if (!tools.isEmpty()) {
            body.set("tools", tools);
        }
        terms.dropped(Asked.TOOL_CHOICE, choice instanceof ToolChoice.Auto ? null : choice);
        terms.dropped(
                Asked.PARALLEL_TOOLS, Boolean.TRUE.equals(request.parallelTools()) ? null : request.parallelTools());
    }

    private ObjectNode function(Tool.Function function) {
        ObjectNode tool = JsonNodeFactory.instance.objectNode().put("type", "function");
        ObjectNode inner = tool.putObject("function").put("name", function.name());
        if (function.description() != null) {
            inner.put("description", function.description());
        }
        inner.set("parameters", function.schema());
        if (Boolean.TRUE.equals(function.strict())) {
            terms.dropped(Asked.STRICT_TOOLS);
        }
        if (function.cache() != null) {
            terms.dropped(function.extras(), Asked.CACHE);
        }
        terms.carry(function.extras(), Ollama.ID, tool);
        return tool;
    }

    private void options(Sampling sampling) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        set(options, "num_predict", sampling.maxTokens());
        set(options, "temperature", sampling.temperature());
        set(options, "top_p", sampling.topP());
        set(options, "top_k", sampling.topK());
        set(options, "frequency_penalty", sampling.frequencyPenalty());
        set(options, "presence_penalty", sampling.presencePenalty());
        set(options, "seed", sampling.seed());
        if (!sampling.stop().isEmpty()) {
            sampling.stop().forEach(options.putArray("stop")::add);
        }
        if (!options.isEmpty()) {
            body.set("options", options);
        }
        terms.dropped(Asked.CHOICES, sampling.choices() != null && sampling.choices() == 1 ? null : sampling.choices());
        terms.dropped(Asked.LOGPROBS, sampling.topLogprobs());
    }

    private static void set(ObjectNode options, String name, @Nullable JsonNode value) {
        if (value != null) {
            options.set(name, value);
        }
    }

    private static void set(ObjectNode options, String name, @Nullable Long value) {
        if (value != null) {
            options.put(name, value);
        }
    }

    private void output(@Nullable OutputFormat output) {
        if (output instanceof OutputFormat.Json) {
            body.put("format", "json");
        } else if (output instanceof OutputFormat.Schema schema) {
            body.set("format", schema.schema());
            terms.dropped(Asked.OUTPUT_DESCRIPTION, schema.description());
        }
    }

    /** A level where one of its own was asked for, otherwise whether to think; models that cannot think refuse to. */
    private void thinking(@Nullable Thinking thinking) {
        if (thinking == null) {
            return;
        }
        String effort = thinking.effort();
        boolean own = request.extras().isFrom(Ollama.ID);
        if (thinking.mode() == Thinking.Mode.OFF || "none".equals(effort)) {
            body.put("think", false);
        } else if (effort != null && (own || isLevel(effort))) {
            body.put("think", effort);
        } else if (thinking.mode() != Thinking.Mode.UNSAID || effort != null) {
            body.put("think", true);
            terms.dropped(Asked.EFFORT, effort);
        }
        terms.dropped(Asked.BUDGET, thinking.budgetTokens());
    }

    private static boolean isLevel(String effort) {
        return effort.equals("low") || effort.equals("medium") || effort.equals("high");
    }

    private void unsaid() {
        terms.dropped(Asked.USER, request.hints().user());
        terms.dropped(Asked.SERVICE_TIER, request.hints().serviceTier());
        terms.dropped(Asked.CACHE_KEY, request.hints().cacheKey());
        terms.dropped(Asked.VERBOSITY, request.hints().verbosity());
        terms.dropped(Asked.METADATA, request.hints().metadata());
    }
}
