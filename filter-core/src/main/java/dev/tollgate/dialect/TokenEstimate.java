package dev.tollgate.dialect;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.TokenCount;
import dev.tollgate.chat.Tool;
import dev.tollgate.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * About how many tokens a chat has, counted from its bytes. Four bytes of UTF-8 make a token in most tokenizers' English, and
 * less than two characters do in scripts whose characters take three.
 */
public final class TokenEstimate {
    private static final int BYTES_PER_TOKEN = 4;

    /** What a turn costs besides its text. */
    private static final int PER_MESSAGE = 4;

    /** What a large image costs at most providers. */
    private static final int PER_MEDIA = 1_500;

    private long bytes;
    private long tokens;

    private TokenEstimate() {}

    /** The estimate for a chat. */
    public static TokenCount of(ChatRequest request) {
        TokenEstimate estimate = new TokenEstimate();
        request.messages().forEach(estimate::add);
        request.tools().forEach(estimate::add);
        return new TokenCount(estimate.tokens + ofBytes(estimate.bytes), Extras.NONE);
    }

    /** The estimate for some texts. */
    public static long of(List<String> texts) {
        return texts.stream().mapToLong(text -> ofBytes(size(text))).sum();
    }

    private static long ofBytes(long bytes) {
        return (bytes + BYTES_PER_TOKEN - 1) / BYTES_PER_TOKEN;
    }

    private void add(Message message) {
        tokens += PER_MESSAGE;
        message.parts().forEach(this::add);
    }

    private void add(Part part) {
        if (part instanceof Part.Text text) {
            bytes += size(text.text());
        } else if (part instanceof Part.Media media) {
            add(media);
        } else if (part instanceof Part.ToolCall call) {
            bytes += size(call.name()) + size(call.arguments());
        } else if (part instanceof Part.ToolResult result) {
            result.content().forEach(this::add);
        } else if (part instanceof Part.Reasoning reasoning) {
            bytes += size(reasoning.text());
        } else if (part instanceof Part.Declined declined) {
            bytes += size(declined.text());
        } else if (part instanceof Part.Foreign foreign) {
            bytes += size(Json.text(foreign.whole().value()));
        }
    }

    private void add(Part.Media media) {
        if (media.source() instanceof Part.Source.PlainText text) {
            bytes += size(text.text());
        } else {
            tokens += PER_MEDIA;
        }
    }

    private void add(Tool tool) {
        if (tool instanceof Tool.Function function) {
            String about = function.description() == null ? "" : function.description();
            bytes += size(function.name()) + size(about) + size(Json.text(function.schema()));
        } else if (tool instanceof Tool.Foreign foreign) {
            bytes += size(Json.text(foreign.whole().value()));
        }
    }

    private static long size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
