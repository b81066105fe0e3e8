package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Hints;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.ToolChoice;
import dev.tollgate.dialect.Asked;
import dev.tollgate.dialect.OpenAiEffort;
import dev.tollgate.dialect.StrictSchema;
import dev.tollgate.dialect.WriteTerms;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes a request for a response. One of another dialect is not to be stored, since nobody will ask for it again. */
final class RequestWriter {
    /** The fewest output tokens that OpenAI accepts to be limited to. */
    private static final long FEWEST_TOKENS = 16;

    /** The longest {@code user} that OpenAI accepts. */
    private static final int LONGEST_USER = 64;

    private static final String SAFETY_IDENTIFIER = "safety_identifier";

    private final ChatRequest request;
    private final WriteTerms terms;
    private final boolean own;
    private final ObjectNode body = JsonNodeFactory.instance.objectNode();

    private RequestWriter(ChatRequest request, WriteTerms terms) {
        this.request = request;
        this.terms = terms;
        this.own = request.extras().isFrom(OpenAiResponses.ID);
    }

    static ObjectNode write(ChatRequest request, WriteTerms terms) {
        RequestWriter writer = new RequestWriter(request, terms);
        writer.body.put("model", request.model());
        new InputWriter(terms, writer.own).write(request.messages(), writer.body);
        writer.settings();
        terms.quirks().drops().forEach(writer::drop);
        return writer.body;
    }

    /** All of a request but its model and what is to be answered. */
    static ObjectNode settings(ChatRequest request, WriteTerms terms) {
        RequestWriter writer = new RequestWriter(request, terms);
        writer.settings();
        return writer.body;
    }

    private void settings() {
        tools();
        sampling(request.sampling());
        output(request.output());
        thinking();
        hints(request.hints());
        if (request.stream()) {
            body.put("stream", true);
        }
        terms.carry(request.extras(), OpenAiResponses.ID, body);
        if (!own) {
            body.put("store", false);
            include();
        } else if (body.path("input").isEmpty() && body.path("input").isArray() && isStored()) {
            body.remove("input");
        }
    }

    private boolean isStored() {
        return body.has("prompt") || body.has("previous_response_id") || body.has("conversation");
    }

    private void drop(String name) {
        if (body.remove(name) != null) {
            terms.refused(name, RequestWords.WORDS);
        }
    }

    /** What an answer is to hold besides: what its reasoning can be given back with, and how likely its tokens were. */
    private void include() {
        ArrayNode include = JsonNodeFactory.instance.arrayNode();
        if (!OpenAiEffort.neverReasons(request.model())) {
            include.add(RequestReader.ENCRYPTED);
        }
        if (request.sampling().topLogprobs() != null) {
            include.add(RequestReader.LOGPROBS);
        }
        if (!include.isEmpty()) {
            body.set("include", include);
        }
    }

    private void sampling(Sampling sampling) {
        maxTokens(sampling.maxTokens());
        set("temperature", sampling.temperature());
        set("top_p", sampling.topP());
        if (sampling.topLogprobs() != null && (!own || sampling.topLogprobs() > 0)) {
            body.put("top_logprobs", sampling.topLogprobs());
        }
        terms.dropped(Asked.TOP_K, sampling.topK());
        terms.dropped(Asked.FREQUENCY_PENALTY, sampling.frequencyPenalty());
        terms.dropped(Asked.PRESENCE_PENALTY, sampling.presencePenalty());
        terms.dropped(Asked.SEED, sampling.seed());
        if (sampling.choices() != null && sampling.choices() != 1) {
            terms.dropped(Asked.CHOICES);
        }
        if (!sampling.stop().isEmpty()) {
            terms.dropped(Asked.STOP);
        }
    }

    private void maxTokens(@Nullable Long asked) {
        if (asked == null) {
            return;
        }
        boolean few = !own && asked < FEWEST_TOKENS;
        if (few) {
            terms.dropped(Asked.MAX_TOKENS);
        }
        body.put("max_output_tokens", few ? FEWEST_TOKENS : asked);
    }

    private void set(String name, @Nullable JsonNode value) {
        if (value != null) {
            body.set(name, value);
        }
    }

    private void set(String name, @Nullable String value) {
        if (value != null) {
            body.put(name, value);
        }
    }

    private void output(@Nullable OutputFormat output) {
        if (output instanceof OutputFormat.Json) {
            format("json_object");
        } else if (output instanceof OutputFormat.Schema schema) {
            ObjectNode format = format("json_schema");
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

    private ObjectNode format(String type) {
        return body.withObject("/text").putObject("format").put("type", type);
    }

    /** Other dialects hold their models to the schema; OpenAI does so only for schemas that leave nothing open. */
    private Boolean strict(OutputFormat.Schema schema) {
        if (schema.strict() != null || StrictSchema.is(schema.schema())) {
            return schema.strict() == null ? Boolean.TRUE : schema.strict();
        }
        terms.dropped(Asked.OUTPUT);
        return Boolean.FALSE;
    }

    private void thinking() {
        Thinking thinking = request.thinking();
        if (thinking == null) {
            return;
        }
        OpenAiEffort.write(thinking, request.model(), own, terms)
                .ifPresent(word -> body.withObject("/reasoning").put("effort", word));
        boolean reasons = thinking.mode() != Thinking.Mode.OFF && !OpenAiEffort.neverReasons(request.model());
        if (!own && Boolean.TRUE.equals(thinking.shown()) && reasons) {
            body.withObject("/reasoning").put("summary", "auto");
        }
    }

    private void hints(Hints hints) {
        user(hints.user());
        serviceTier(hints.serviceTier());
        set("prompt_cache_key", hints.cacheKey());
        if (hints.verbosity() != null) {
            body.withObject("/text").put("verbosity", hints.verbosity());
        }
        set("metadata", hints.metadata());
    }

    /** Claude Code names its device, account and session in one text far beyond OpenAI's limit. */
    private void user(@Nullable String user) {
        if (user == null || (own && request.extras().fields().containsKey(Extras.LABEL + SAFETY_IDENTIFIER))) {
            return;
        }
        if (own || user.length() <= LONGEST_USER) {
            body.put("user", user);
        } else {
            terms.dropped(Asked.USER);
        }
    }

    private void serviceTier(@Nullable String tier) {
        if (tier == null) {
            return;
        }
        if (own || tier.equals("auto") || tier.equals("default") || tier.equals("flex") || tier.equals("priority")) {
            body.put("service_tier", tier);
        } else if (tier.equals("standard_only")) {
            body.put("service_tier", "default");
        } else {
            terms.dropped(Asked.SERVICE_TIER);
        }
    }

    private void tools() {
        ArrayNode tools = ToolWriter.write(request.tools(), terms);
        if (!tools.isEmpty()) {
            body.set("tools", tools);
        }
        ToolChoice choice = request.toolChoice();
        if (!own && tools.isEmpty()) {
            terms.dropped(Asked.TOOL_CHOICE, choice);
            return;
        }
        if (choice instanceof ToolChoice.Named named) {
            named(named);
        } else if (choice != null) {
            body.put("tool_choice", word(choice));
        }
        Boolean parallel = request.parallelTools();
        // Models that never call in parallel refuse to be asked for it, so another dialect's plain yes stays unsaid.
        if (parallel != null && (own || !parallel)) {
            body.put("parallel_tool_calls", parallel);
        }
    }

    private void named(ToolChoice.Named named) {
        if (own && request.extras().fields().containsKey(Extras.LABEL + "tool_choice")) {
            return; // put back as it was
        }
        if (own || named.isAmong(request.tools())) {
            body.putObject("tool_choice").put("type", "function").put("name", named.name());
        } else {
            terms.dropped(Asked.TOOL_CHOICE);
        }
    }

    private static String word(ToolChoice choice) {
        if (choice instanceof ToolChoice.Auto) {
            return "auto";
        }
        return choice instanceof ToolChoice.None ? "none" : "required";
    }
}
