package dev.tollgate.dialect.openaicompletions;

import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.TokenChance;
import dev.tollgate.chat.Usage;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Frame;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Writes one stream of completions: text, the reason for its end, usage if it was asked for, and {@code [DONE]}. */
final class ChunkWriter implements Dialect.EventWriter {
    private final boolean usageWanted;
    private final WriteTerms terms;
    private final InstantSource clock;
    private String id = "";
    private String model = "";
    private long created;
    private @Nullable Usage usage;
    private boolean over;

    ChunkWriter(boolean usageWanted, WriteTerms terms, InstantSource clock) {
        this.usageWanted = usageWanted;
        this.terms = terms;
        this.clock = clock;
    }

    @Override
    public List<Frame> write(StreamEvent event) {
        List<Frame> frames = new ArrayList<>(1);
        if (!over) {
            write(event, frames);
        }
        return frames;
    }

    private void write(StreamEvent event, List<Frame> frames) {
        if (event instanceof StreamEvent.Start start) {
            start(start);
        } else if (event instanceof StreamEvent.TextDelta delta) {
            frames.add(chunk(delta.choice(), delta.text(), List.of(), null));
        } else if (event instanceof StreamEvent.DeclinedDelta delta) {
            frames.add(chunk(delta.choice(), delta.text(), List.of(), null));
        } else if (event instanceof StreamEvent.Chances chances) {
            frames.add(chunk(chances.choice(), "", chances.chances(), null));
        } else if (event instanceof StreamEvent.Finish finish) {
            frames.add(chunk(finish.choice(), "", List.of(), ResponseWriter.finish(finish.reason())));
            terms.dropped(finish.extras());
        } else if (event instanceof StreamEvent.UsageReport report) {
            usage = report.usage();
        } else if (event instanceof StreamEvent.Done) {
            done(frames);
        } else if (event instanceof StreamEvent.Failed) {
            over = true;
        } else {
            unsaid(event);
        }
    }

    private void start(StreamEvent.Start start) {
        id = start.id();
        model = start.model();
        Long told = start.created();
        created = told == null ? clock.instant().getEpochSecond() : told;
        usage = start.usage();
        terms.dropped(start.extras());
    }

    private void unsaid(StreamEvent event) {
        if (event instanceof StreamEvent.ReasoningDelta) {
            terms.dropped("response.reasoning");
        } else if (event instanceof StreamEvent.ForeignDelta foreign) {
            terms.dropped(foreign.whole());
        } else if (!(event instanceof StreamEvent.PartEnd)) {
            terms.dropped("response.content");
        }
    }

    private void done(List<Frame> frames) {
        over = true;
        if (usageWanted && usage != null) {
            ObjectNode chunk = head();
            chunk.putArray("choices");
            chunk.set("usage", ResponseWriter.usage(usage, terms));
            frames.add(new Frame(null, Json.text(chunk)));
        }
        frames.add(new Frame(null, ChunkReader.END));
    }

    private ObjectNode head() {
        ObjectNode chunk = JsonNodeFactory.instance.objectNode();
        return chunk.put("id", id)
                .put("object", "text_completion")
                .put("created", created)
                .put("model", model);
    }

    private Frame chunk(int index, String text, List<TokenChance> chances, @Nullable String finish) {
        ObjectNode chunk = head();
        ObjectNode choice =
                chunk.putArray("choices").addObject().put("text", text).put("index", index);
        ObjectNode logprobs = Logprobs.write(chances);
        choice.set("logprobs", logprobs == null ? choice.nullNode() : logprobs);
        choice.put("finish_reason", finish);
        return new Frame(null, Json.text(chunk));
    }
}
