package dev.tollgate.dialect.openairesponses;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.PartSequence;
import dev.tollgate.dialect.PartedEvents;
import dev.tollgate.dialect.WriteTerms;
import java.time.InstantSource;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A stream of events: created and in_progress, then each item from its beginning over its deltas to its end, then the whole
 * response as completed or incomplete.
 */
final class ResponseEvents implements PartedEvents.Form {
    private final ChatRequest request;
    private final WriteTerms terms;
    private final InstantSource clock;
    private final Numbered frames = new Numbered();
    private ObjectNode response = JsonNodeFactory.instance.objectNode();
    private ItemFrames items;
    private boolean begun;

    ResponseEvents(ChatRequest request, WriteTerms terms, InstantSource clock) {
        this.request = request;
        this.terms = terms;
        this.clock = clock;
        this.items = items("");
    }

    private ItemFrames items(String id) {
        ItemIds ids = new ItemIds(id, clock);
        return new ItemFrames(frames, new OutputItems(ids, new ToolNames(request.tools()), terms), terms);
    }

    @Override
    public void start(StreamEvent.Start start) {
        if (begun) {
            return;
        }
        long created = start.created() == null ? clock.instant().getEpochSecond() : start.created();
        String id = new ItemIds(start.id(), clock).response();
        begin(id, start.model(), created);
        if (!start.extras().isFrom(OpenAiResponses.ID)) {
            terms.dropped(start.extras());
        }
    }

    private void begin(String id, String model, long created) {
        begun = true;
        response = Echo.of(request, id, model, created);
        items = items(id);
        frames.add(event("response.created"));
        frames.add(event("response.in_progress"));
    }

    private void ensureBegun() {
        if (!begun) {
            start(new StreamEvent.Start("", request.model(), null, null, Extras.NONE));
        }
    }

    /** An event with the response as it is now. */
    private ObjectNode event(String type) {
        ObjectNode event = JsonNodeFactory.instance.objectNode().put("type", type);
        event.set("response", response.deepCopy());
        return event;
    }

    @Override
    public PartSequence.Parts parts() {
        ensureBegun();
        return items;
    }

    @Override
    public boolean canSay(StreamEvent.OfPart piece) {
        ensureBegun();
        return items.canSay(piece);
    }

    @Override
    public void chances(StreamEvent.Chances chances, WriteTerms terms) {
        if (chances.choice() == 0) {
            items.chances(chances.chances());
        }
    }

    @Override
    public void finish(StreamEvent.Finish finish) {
        items.end(Status.isWhole(finish.reason(), items.declines()));
        if (!finish.extras().isFrom(OpenAiResponses.ID)) {
            terms.dropped(finish.extras());
        }
    }

    @Override
    public void end(FinishReason reason, Usage usage) {
        items.end(Status.isWhole(reason, items.declines()));
        Status.write(reason, items.declines(), response);
        response.set("output", items.output());
        response.set("usage", UsageFields.write(usage, terms));
        JsonNode status = response.path("status");
        frames.add(event("response." + status.stringValue()));
    }

    @Override
    public List<Frame> failure(Refusal refusal, String callId) {
        if (!begun) {
            response = Echo.of(
                    request, "resp_" + callId, request.model(), clock.instant().getEpochSecond());
        }
        response.set("output", items.output());
        return FailureFrames.of(refusal, response, frames.next());
    }

    @Override
    public List<Frame> taken() {
        return frames.taken();
    }
}
