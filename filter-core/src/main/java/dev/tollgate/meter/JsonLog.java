package dev.tollgate.meter;

import dev.tollgate.chat.Usage;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/**
 * One line of JSON per call, logged at INFO by the logger {@code tollgate.calls}. A line holds what the record holds, no
 * prompt, key or header; absent values are left out, and text from outside is cut and freed of control characters.
 */
public final class JsonLog implements CallSink {
    /** The name of the logger. */
    public static final String LOGGER = "tollgate.calls";

    private static final int MOST_ITEMS = 20;

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
        JsonLine line = new JsonLine();
        writeCall(line, call);
        writeOutcome(line, call);
        writeUse(line, call);
        return line.close();
    }

    private static void writeCall(JsonLine out, CallRecord call) {
        out.text("time", call.started().toString());
        out.text("id", call.id());
        out.text("dialect", call.dialect());
        out.text("endpoint", call.endpoint());
        if (!call.operation().equals("chat")) {
            out.text("operation", call.operation());
        }
        if (call.caller() != null) {
            out.text("key", call.caller().key());
            out.text("team", call.caller().team());
            out.text("user", call.caller().user());
        }
        out.text("model", call.model());
        out.text("configured", call.configured());
        out.flag("stream", call.stream());
    }

    private static void writeOutcome(JsonLine out, CallRecord call) {
        out.number("status", call.status());
        out.text("error", call.error() == null ? null : call.error().id());
        out.text("target", call.target());
        writeAttempts(out, call.attempts());
        call.firstByteNanos().ifPresent(nanos -> out.millis("first_byte_ms", nanos));
        out.millis("total_ms", call.totalNanos());
        out.millis("upstream_ms", call.upstreamNanos());
        if (call.bytesIn() > 0) {
            out.number("bytes_in", call.bytesIn());
        }
        if (call.bytesOut() > 0) {
            out.number("bytes_out", call.bytesOut());
        }
        out.text("finish", call.finish());
        if (!call.dropped().isEmpty()) {
            out.begin("dropped", '[');
            call.dropped().stream().limit(MOST_ITEMS).forEach(out::item);
            out.end(']');
        }
    }

    private static void writeAttempts(JsonLine out, List<CallRecord.Attempt> attempts) {
        out.begin("attempts", '[');
        for (CallRecord.Attempt attempt : attempts.subList(0, Math.min(MOST_ITEMS, attempts.size()))) {
            out.begin(null, '{');
            out.text("target", attempt.target());
            out.number("status", attempt.status());
            out.text("error", attempt.error() == null ? null : attempt.error().id());
            out.millis("ms", attempt.nanos());
            writeUse(out, attempt);
            out.end('}');
        }
        out.end(']');
    }

    /** What a failed attempt used; of the others the call as a whole tells. */
    private static void writeUse(JsonLine out, CallRecord.Attempt attempt) {
        if (attempt.error() != null && attempt.usage() != null) {
            out.number("tokens", attempt.usage().total());
            out.flag("estimated", attempt.estimated());
            attempt.costNanoUsd().ifPresent(cost -> out.number("cost_nano_usd", cost));
        }
    }

    private static void writeUse(JsonLine out, CallRecord call) {
        Usage usage = call.usage();
        if (usage != null) {
            out.begin("tokens", '{');
            out.number("input", usage.uncachedInput());
            out.number("cache_read", usage.cacheRead());
            out.number("cache_write_5m", usage.cacheWrite5m());
            out.number("cache_write_1h", usage.cacheWrite1h());
            out.number("output", usage.output());
            out.number("reasoning", usage.reasoning());
            out.end('}');
            out.flag("estimated", call.estimated());
        }
        call.costNanoUsd().ifPresent(cost -> out.number("cost_nano_usd", cost));
    }
}
