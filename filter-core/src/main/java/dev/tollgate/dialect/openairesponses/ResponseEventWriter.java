package dev.tollgate.dialect.openairesponses;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.FinishReason;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.BadAnswer;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.PartSequence;
import dev.tollgate.dialect.WriteTerms;
import java.time.InstantSource;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes one stream of events: created and in_progress, then each item from its beginning over its deltas to its end, then the
 * whole response as completed or incomplete. The last is held until the provider's own mark that its answer is whole, since
 * usage may come after the reason. After a failure it writes nothing more.
 */
final class ResponseEventWriter implements Dialect.EventWriter {
    private static final FinishReason UNSAID = new FinishReason(FinishReason.Kind.OTHER, "", "");

    private final ChatRequest request;
    private final WriteTerms terms;
    private final InstantSource clock;
    private final Numbered frames = new Numbered();
    private ObjectNode response = JsonNodeFactory.instance.objectNode();
    private ItemFrames items;
    private PartSequence sequence;
    private FinishReason reason = UNSAID;
    private Usage usage = Usage.NONE;
    private boolean begun;
    private boolean over;

    ResponseEventWriter(ChatRequest request, WriteTerms terms, InstantSource clock) {
        this.request = request;
        this.terms = terms;
        this.clock = clock;
        this.items = items("");
        this.sequence = new PartSequence(items);
    }

    private ItemFrames items(String id) {
        ItemIds ids = new ItemIds(id, clock);
        return new ItemFrames(frames, new OutputItems(ids, new ToolNames(request.tools()), terms), terms);
    }

    @Override
    public List<Frame> write(StreamEvent event) throws BadAnswer {
        if (over) {
            return List.of();
        }
        if (event instanceof StreamEvent.OfPart piece) {
            piece(piece);
        } else if (event instanceof StreamEvent.Start start) {
            start(start);
        } else if (event instanceof StreamEvent.Chances chances) {
            chances(chances);
        } else if (event instanceof StreamEvent.Finish finish) {
            finish(finish);
        } else if (event instanceof StreamEvent.UsageReport report) {
            usage = report.usage();
        } else if (event instanceof StreamEvent.Done) {
            done();
        } else if (event instanceof StreamEvent.Failed) {
            over = true;
        } else {
            throw new AssertionError(event);
        }
        return frames.taken();
    }

    private void start(StreamEvent.Start start) {
        usage = start.usage() == null ? Usage.NONE : start.usage();
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
        sequence = new PartSequence(items);
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

    private void piece(StreamEvent.OfPart piece) throws BadAnswer {
        ensureBegun();
        if (piece.choice() > 0) {
            terms.dropped("response.choices[]");
        } else if (piece instanceof StreamEvent.PartEnd) {
            sequence.end(piece.part());
        } else if (items.canSay(piece) && !sequence.accept(piece)) {
            over = true;
            throw new BadAnswer("the provider mixed its tool calls beyond what can be sorted");
        }
    }

    private void chances(StreamEvent.Chances chances) {
        if (chances.choice() == 0) {
            items.chances(chances.chances());
        }
    }

    private void finish(StreamEvent.Finish finish) {
        if (finish.choice() > 0) {
            return;
        }
        reason = finish.reason();
        sequence.endAll();
        items.end(Status.isWhole(reason, items.declines()));
        if (!finish.extras().isFrom(OpenAiResponses.ID)) {
            terms.dropped(finish.extras());
        }
    }

    private void done() {
        ensureBegun();
        over = true;
        sequence.endAll();
        items.end(Status.isWhole(reason, items.declines()));
        Status.write(reason, items.declines(), response);
        response.set("output", items.output());
        response.set("usage", UsageFields.write(usage, terms));
        JsonNode status = response.path("status");
        frames.add(event("response." + status.stringValue()));
    }

    @Override
    public List<Frame> failure(Refusal refusal, String callId) {
        over = true;
        if (!begun) {
            response = Echo.of(
                    request, "resp_" + callId, request.model(), clock.instant().getEpochSecond());
        }
        response.set("output", items.output());
        return FailureFrames.of(refusal, response, frames.next());
    }
}
