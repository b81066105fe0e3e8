package dev.tollgate.dialect.cohere;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.Thinking.Mode;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.Schemas;
import dev.tollgate.dialect.WriteTerms;
import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.DecimalNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes a chat request. */
final class RequestWriter {
    /** The most stop sequences that Cohere accepts. */
    private static final int MOST_STOPS = 5;

    private final ChatRequest request;
    private final WriteTerms terms;
    private final boolean own;
    private final ObjectNode body = JsonNodeFactory.instance.objectNode();

    private RequestWriter(ChatRequest request, WriteTerms terms) {
        this.request = request;
        this.terms = terms;
        this.own = request.extras().isFrom(Cohere.ID);
    }

    static ObjectNode write(ChatRequest request, WriteTerms terms) {
        return new RequestWriter(request, terms).write();
    }

    private ObjectNode write() {
        body.put("model", request.model());
        body.set("messages", MessageWriter.write(request.messages(), terms, own));
        tools();
        sampling(request.sampling());
        output(request.output());
        thinking(request.thinking());
        hints(request.hints());
        if (request.stream()) {
            body.put("stream", true);
        }
        terms.carry(request.extras(), Cohere.ID, body);
        for (String name : terms.quirks().drops()) {
            if (body.remove(name) != null) {
                terms.refused(name, RequestWords.WORDS);
            }
        }
        return body;
    }

    private void sampling(Sampling sampling) {
        put("max_tokens", sampling.maxTokens());
        set("temperature", sampling.temperature());
        set("p", own ? sampling.topP() : within(sampling.topP(), Asked.TOP_P, "0.01", "0.99"));
        put("k", sampling.topK());
        set(
                "frequency_penalty",
                own ? sampling.frequencyPenalty() : penalty(sampling.frequencyPenalty(), Asked.FREQUENCY_PENALTY));
        set(
                "presence_penalty",
                own ? sampling.presencePenalty() : penalty(sampling.presencePenalty(), Asked.PRESENCE_PENALTY));
        put("seed", sampling.seed());
        if (sampling.choices() != null && sampling.choices() != 1) {
            terms.dropped(Asked.CHOICES);
        }
        if (sampling.topLogprobs() != null) {
            body.put("logprobs", true);
            if (sampling.topLogprobs() > 0) {
                terms.dropped(Asked.TOP_LOGPROBS);
            }
        }
        stop(sampling.stop());
    }

    /** Penalties are between 0 and 1 here; other dialects' go from -2 to 2. */
    private @Nullable JsonNode penalty(@Nullable JsonNode value, Asked asked) {
        return within(value, asked, "0", "1");
    }

    /** A number in the bounds that Cohere has for it; one from outside is moved to the nearest, which is noted. */
    private @Nullable JsonNode within(@Nullable JsonNode value, Asked asked, String least, String most) {
        if (value == null) {
            return null;
        }
        DecimalNode low = DecimalNode.valueOf(new BigDecimal(least));
        DecimalNode high = DecimalNode.valueOf(new BigDecimal(most));
        if (value.doubleValue() >= low.doubleValue() && value.doubleValue() <= high.doubleValue()) {
            return value;
        }
        // A top-p of 1 is none at all, and the nearest to it is as good.
        if (asked != Asked.TOP_P || value.doubleValue() != 1) {
            terms.dropped(asked);
        }
        return value.doubleValue() < low.doubleValue() ? low : high;
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

    private void stop(List<String> stop) {
        if (stop.isEmpty()) {
            return;
        }
        ArrayNode words = body.putArray("stop_sequences");
        stop.stream().limit(own ? Integer.MAX_VALUE : MOST_STOPS).forEach(words::add);
        if (words.size() < stop.size()) {
            terms.dropped(Asked.STOP);
        }
    }

    /** The form of the answer, which Cohere does not hold to beside tools. */
    private void output(@Nullable OutputFormat output) {
        if (output == null) {
            return;
        }
        if (!own && body.has("tools")) {
            terms.dropped(Asked.OUTPUT);
            return;
        }
        ObjectNode format = body.putObject("response_format").put("type", "json_object");
        if (output instanceof OutputFormat.Schema schema) {
            format.set("json_schema", schema.schema());
            if (schema.description() != null) {
                terms.dropped(Asked.OUTPUT_DESCRIPTION);
            }
        }
    }

    private void thinking(@Nullable Thinking thinking) {
        if (thinking == null) {
            return;
        }
        if (!own && !thinks(request.model())) {
            if (thinking.mode() != Mode.OFF) {
                terms.dropped(Asked.EFFORT);
            }
            return;
        }
        ObjectNode node = body.putObject("thinking");
        node.put("type", thinking.mode() == Mode.OFF ? "disabled" : "enabled");
        Long budget = thinking.budgetTokens() == null && !own ? budget(thinking.effort()) : thinking.budgetTokens();
        if (budget != null && thinking.mode() != Mode.OFF) {
            node.put("token_budget", budget);
        }
    }

    /** Whether a model thinks; the others answer 400 to being asked to. */
    private static boolean thinks(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        return name.contains("reasoning") || name.contains("command-a-plus") || !name.startsWith("command");
    }

    private static @Nullable Long budget(@Nullable String effort) {
        return switch (effort == null ? "" : effort) {
            case "minimal" -> 1024L;
            case "low" -> 2048L;
            case "medium" -> 8192L;
            case "high", "xhigh", "max" -> 16384L;
            default -> null;
        };
    }

    private void hints(Hints hints) {
        terms.dropped(Asked.USER, hints.user());
        terms.dropped(Asked.SERVICE_TIER, "auto".equals(hints.serviceTier()) ? null : hints.serviceTier());
        terms.dropped(Asked.CACHE_KEY, hints.cacheKey());
        terms.dropped(Asked.VERBOSITY, hints.verbosity());
        terms.dropped(Asked.METADATA, hints.metadata());
    }

    private void tools() {
        ArrayNode tools = JsonNodeFactory.instance.arrayNode();
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Function function) {
                tools.add(function(function));
            } else if (tool instanceof Tool.Foreign foreign && foreign.whole().isFrom(Cohere.ID)) {
                tools.add(foreign.whole().value());
            } else if (tool instanceof Tool.Foreign foreign) {
                terms.dropped(foreign.whole());
            }
        }
        if (!tools.isEmpty()) {
            body.set("tools", tools);
            strict();
        }
        choice(tools.isEmpty());
        if (Boolean.FALSE.equals(request.parallelTools())) {
            terms.dropped(Asked.PARALLEL_TOOLS);
        }
    }

    /** Strictness is one word for all tools here; where they differ, none is held to its schema. */
    private void strict() {
        List<Tool.Function> functions = request.tools().stream()
                .filter(tool -> tool instanceof Tool.Function)
                .map(tool -> (Tool.Function) tool)
                .toList();
        boolean all = functions.stream().allMatch(each -> Boolean.TRUE.equals(each.strict()));
        boolean some = functions.stream().anyMatch(each -> Boolean.TRUE.equals(each.strict()));
        boolean said = functions.stream().allMatch(each -> each.strict() != null);
        if (!functions.isEmpty() && (all || (own && said))) {
            body.put("strict_tools", all);
        } else if (some) {
            terms.dropped(Asked.STRICT_TOOLS);
        }
    }

    private ObjectNode function(Tool.Function function) {
        ObjectNode tool = JsonNodeFactory.instance.objectNode().put("type", "function");
        ObjectNode inner = tool.putObject("function").put("name", function.name());
        if (function.description() != null) {
            inner.put("description", function.description());
        }
        inner.set("parameters", own ? function.schema() : Schemas.ofObject(function.schema()));
        if (function.cache() != null) {
            terms.dropped(function.extras(), Asked.CACHE);
        }
        terms.carry(function.extras(), Cohere.ID, tool);
        return tool;
    }

    /** That the model decides is said by saying nothing; a single tool is forced by forcing some where there is no other. */
    private void choice(boolean noTools) {
        ToolChoice choice = request.toolChoice();
        if (choice == null || (choice instanceof ToolChoice.Auto && !noTools)) {
            return;
        }
        if (noTools && !own) {
            terms.dropped(Asked.TOOL_CHOICE);
        } else if (choice instanceof ToolChoice.None) {
            body.put("tool_choice", "NONE");
        } else {
            body.put("tool_choice", "REQUIRED");
            if (choice instanceof ToolChoice.Named && request.tools().size() > 1) {
                terms.dropped(Asked.TOOL_CHOICE);
            }
        }
    }
}
