package dev.tollgate.dialect.openairesponses;

import dev.tollgate.Refusal;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.OpenAiErrors;
import dev.tollgate.json.Json;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The frames that tell a caller that its stream failed: an {@code error} event, which SDKs raise as an exception, and {@code
 * response.failed}, which agents wait for. OpenAI's documentation has the error's members in the event itself, its servers put
 * them into an object in it; both are there.
 */
final class FailureFrames {
    /** A sequence number that comes after those of a stream whose frames were not counted. */
    static final long AFTER_ALL = Integer.MAX_VALUE - 1L;

    private FailureFrames() {}

    /**
     * @param response the answer as far as it went
     * @param sequence the number of the first frame
     */
    static List<Frame> of(Refusal refusal, ObjectNode response, long sequence) {
        JsonNode error = OpenAiErrors.body(refusal).path("error");
        ObjectNode told = JsonNodeFactory.instance.objectNode().put("type", "error");
        told.put("sequence_number", sequence);
        told.set("code", error.path("code"));
        told.set("message", error.path("message"));
        told.set("param", error.path("param"));
        told.set("error", error);

        ObjectNode failed = JsonNodeFactory.instance.objectNode().put("type", "response.failed");
        failed.put("sequence_number", sequence + 1);
        response.put("status", Status.FAILED);
        ObjectNode reason = response.putObject("error");
        JsonNode code = error.path("code");
        reason.put("code", code.isString() ? code.stringValue() : "server_error");
        reason.set("message", error.path("message"));
        failed.set("response", response);
        return List.of(new Frame("error", Json.text(told)), new Frame("response.failed", Json.text(failed)));
    }
}
