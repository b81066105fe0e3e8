package dev.tollgate.dialect.openairesponses;

import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.AnswerFacts;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.JsonSkim;
import dev.tollgate.dialect.ProviderError;
import dev.tollgate.dialect.StreamObserver;
import dev.tollgate.json.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Watches a stream of events. Deltas, which are nearly all of it, are skimmed and not parsed; the start, the end and an error
 * are.
 */
final class ResponseObserver implements StreamObserver {
    private static final String[] WHOLE = {
        "response.created",
        "response.in_progress",
        "response.completed",
        "response.incomplete",
        "response.failed",
        "response.output_item.done"
    };

    private String model = "";
    private JsonNode tier = MissingNode.getInstance();
    private @Nullable Usage usage;
    private @Nullable FinishReason finish;
    private StreamEvent.@Nullable Failed failure;
    private final UnseenWork work = new UnseenWork();
    private boolean complete;
    private long characters;

    /** Whether a frame has had the answer in deltas; where none has, the "done"s are all there is. */
    private boolean deltas;

    @Override
    public Sight see(Frame frame) {
        if (complete && frame.data().trim().equals(ResponseEventReader.END)) {
            return Sight.END;
        }
        String type = type(frame);
        if (type.endsWith(".delta")) {
            deltas = true;
            return skim(frame.data(), "delta");
        }
        work.see(type, frame.data());
        return switch (type) {
            case "response.created", "response.completed", "response.incomplete", "response.failed", "error" ->
                parse(type, frame.data());
            case "response.output_item.added" -> begins(frame.data()) ? Sight.CONTENT : Sight.PREAMBLE;
            case "response.output_item.done" -> item(frame.data());
            default -> Sight.PREAMBLE;
        };
    }

    /** The type of an event, which stands in its name and in its data; some providers send only the latter. */
    private static String type(Frame frame) {
        if (frame.event() != null) {
            return frame.event();
        }
        String first = JsonSkim.first(frame.data(), "type");
        if (first.endsWith(".delta")) {
            return first;
        }
        for (String type : WHOLE) {
            // Inside a longer string its quotes would be escaped.
            if (frame.data().contains('"' + type + '"')) {
                return type;
            }
        }
        return JsonSkim.has(frame.data(), "error", '{') ? "error" : first;
    }

    private Sight skim(String data, String member) {
        long before = characters;
        characters += JsonSkim.characters(data, member);
        return characters > before ? Sight.CONTENT : Sight.PREAMBLE;
    }

    private static boolean begins(String data) {
        return data.contains("_call\"");
    }

    private Sight item(String data) {
        if (!deltas) {
            skim(data, "text");
            skim(data, "arguments");
        }
        return Sight.CONTENT;
    }

    private Sight parse(String type, String data) {
        JsonNode event;
        try {
            event = Json.read(data);
        } catch (JacksonException e) {
            // What cannot be read is no news; the caller gets the bytes all the same.
            return Sight.PREAMBLE;
        }
        JsonNode response = event.path("response");
        model = response.path("model").asString(model);
        tier = response.path("service_tier").isString() ? response.path("service_tier") : tier;
        Usage told = UsageFields.read(response.get("usage"));
        usage = told == null ? usage : told;
        return switch (type) {
            case "response.created" -> Sight.PREAMBLE;
            case "response.completed", "response.incomplete" -> end(response);
            default -> failed(type.equals("error") ? event : response);
        };
    }

    private Sight end(JsonNode response) {
        finish = ResponseReader.finish(response);
        complete = true;
        return Sight.END;
    }

    private Sight failed(JsonNode told) {
        ProviderError error = ProviderError.read(200, told, "");
        if (failure == null) {
            String type = error.type() == null || error.type().equals("error") ? null : error.type();
            failure = new StreamEvent.Failed(type, error.code(), error.message());
        }
        return Sight.ERROR;
    }

    @Override
    public AnswerFacts facts() {
        return new AnswerFacts(model, usage, finish).servedIn(tier);
    }

    @Override
    public StreamEvent.@Nullable Failed failure() {
        return failure;
    }

    @Override
    public boolean complete() {
        return complete && failure == null;
    }

    @Override
    public long characters() {
        return characters;
    }

    @Override
    public boolean isWorking() {
        return work.isUnderWay();
    }
}
