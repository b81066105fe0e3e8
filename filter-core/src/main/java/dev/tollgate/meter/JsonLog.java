package dev.tollgate.meter;

import dev.tollgate.PlainText;
import dev.tollgate.chat.Usage;
import java.io.StringWriter;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * One line of JSON per call, logged at INFO by the logger {@code tollgate.calls}. A line holds what the record holds, no
 * prompt, key or header; absent values are left out, and text from outside is cut and freed of control characters.
 */
public final class JsonLog implements CallSink {
    /** The name of the logger. */
    public static final String LOGGER = "tollgate.calls";

    private static final int LONGEST_TEXT = 200;
    private static final int MOST_ITEMS = 20;
    private static final JsonFactory JSON = new JsonFactory();

    private final Logger log;

    public JsonLog() {
        this(System.getLogger(LOGGER));
    }

    JsonLog(Logger log) {
        this.log = log;
    }

    @Override
    public void accept(CallRecord call) {
        if (log.isLoggable(Level.INFO)) {
            log.log(Level.INFO, line(call));
        }
    }

    static String line(CallRecord call) {
        StringWriter line = new StringWriter(512);
        try (JsonGenerator out = JSON.createGenerator(ObjectWriteContext.empty(), line)) {
            out.writeStartObject();
            writeCall(out, call);
            writeOutcome(out, call);
            writeUse(out, call);
            out.writeEndObject();
        }
        return line.toString();
    }

    private static void writeCall(JsonGenerator out, CallRecord call) {
        out.writeStringProperty("time", call.started().toString());
        text(out, "id", call.id());
        text(out, "dialect", call.dialect());
        text(out, "endpoint", call.endpoint());
        if (call.caller() != null) {
            text(out, "key", call.caller().key());
            text(out, "team", call.caller().team());
            text(out, "user", call.caller().user());
        }
        text(out, "model", call.model());
        text(out, "configured", call.configured());
        out.writeBooleanProperty("stream", call.stream());
    }

    private static void writeOutcome(JsonGenerator out, CallRecord call) {
        out.writeNumberProperty("status", call.status());
        text(out, "error", call.error() == null ? null : call.error().id());
        text(out, "target", call.target());
        writeAttempts(out, call.attempts());
        call.firstByteNanos().ifPresent(nanos -> millis(out, "first_byte_ms", nanos));
        millis(out, "total_ms", call.totalNanos());
        millis(out, "upstream_ms", call.upstreamNanos());
        text(out, "finish", call.finish());
        if (!call.dropped().isEmpty()) {
            out.writeArrayPropertyStart("dropped");
            call.dropped().stream()
                    .limit(MOST_ITEMS)
                    .forEach(name -> out.writeString(PlainText.of(name, LONGEST_TEXT)));
            out.writeEndArray();
        }
    }

    private static void writeAttempts(JsonGenerator out, List<CallRecord.Attempt> attempts) {
        out.writeArrayPropertyStart("attempts");
        for (CallRecord.Attempt attempt : attempts.subList(0, Math.min(MOST_ITEMS, attempts.size()))) {
            out.writeStartObject();
            text(out, "target", attempt.target());
            out.writeNumberProperty("status", attempt.status());
            text(out, "error", attempt.error() == null ? null : attempt.error().id());
            millis(out, "ms", attempt.nanos());
            out.writeEndObject();
        }
        out.writeEndArray();
    }

    private static void writeUse(JsonGenerator out, CallRecord call) {
        Usage usage = call.usage();
        if (usage != null) {
            out.writeObjectPropertyStart("tokens");
            out.writeNumberProperty("input", usage.uncachedInput());
            out.writeNumberProperty("cache_read", usage.cacheRead());
            out.writeNumberProperty("cache_write_5m", usage.cacheWrite5m());
            out.writeNumberProperty("cache_write_1h", usage.cacheWrite1h());
            out.writeNumberProperty("output", usage.output());
            out.writeNumberProperty("reasoning", usage.reasoning());
            out.writeEndObject();
            out.writeBooleanProperty("estimated", call.estimated());
        }
        call.costNanoUsd().ifPresent(cost -> out.writeNumberProperty("cost_nano_usd", cost));
    }

    private static void text(JsonGenerator out, String name, @Nullable String value) {
        if (value != null) {
            out.writeStringProperty(name, PlainText.of(value, LONGEST_TEXT));
        }
    }

    private static void millis(JsonGenerator out, String name, long nanos) {
        out.writeNumberProperty(name, BigDecimal.valueOf(nanos / 1_000, 3));
    }
}
