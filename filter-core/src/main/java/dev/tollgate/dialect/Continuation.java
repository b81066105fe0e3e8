package dev.tollgate.dialect;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Sampling;
import dev.tollgate.chat.Thinking;
import dev.tollgate.chat.ToolChoice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rest of an answer that broke off, as a target is asked for it: the same request, with what the caller has been told as the
 * beginning of the assistant's answer.
 *
 * @param text what the caller has been told
 * @param tokens about how many tokens that is
 */
public record Continuation(String text, long tokens) {

    /** The text to go on from. Providers refuse one that ends in white space; what is cut here is taken off the rest's beginning. */
    String prefix() {
        return text.stripTrailing();
    }

    /** Whether there is any text to go on from; if not, the target is asked what the first was. */
    public boolean hasPrefix() {
        return !prefix().isEmpty();
    }

    /**
     * Whether an answer to this request can be gone on with as long as it is text: not where it must be JSON, where several are
     * asked for, where a tool must be called, where the model is to think first, or where the caller has begun the answer itself.
     */
    static boolean isPossible(ChatRequest request) {
        List<Message> messages = request.messages();
        boolean begun = !messages.isEmpty() && messages.get(messages.size() - 1).role() == Role.ASSISTANT;
        Long choices = request.sampling().choices();
        return !begun
                && !thinks(request.thinking())
                && request.output() == null
                && (choices == null || choices == 1)
                && request.sampling().topLogprobs() == null
                && !(request.toolChoice() instanceof ToolChoice.Required)
                && !(request.toolChoice() instanceof ToolChoice.Named);
    }

    private static boolean thinks(@Nullable Thinking thinking) {
        return thinking != null && (thinking.mode() == Thinking.Mode.ON || thinking.mode() == Thinking.Mode.ADAPTIVE);
    }

    ChatRequest of(ChatRequest request) {
        List<Message> messages = new ArrayList<>(request.messages());
        if (hasPrefix()) {
            messages.add(new Message(Role.ASSISTANT, List.of(Part.Text.of(prefix())), Extras.NONE));
        }
        return new ChatRequest(
                request.model(),
                messages,
                request.tools(),
                request.toolChoice(),
                request.parallelTools(),
                shortened(request.sampling()),
                request.output(),
                request.thinking(),
                request.hints(),
                request.stream(),
                request.streamUsage(),
                request.extras());
    }

    private Sampling shortened(Sampling sampling) {
        Long most = sampling.maxTokens();
        return new Sampling(
                most == null ? null : Math.max(1, most - tokens),
                sampling.temperature(),
                sampling.topP(),
                sampling.topK(),
                sampling.frequencyPenalty(),
                sampling.presencePenalty(),
                sampling.seed(),
                sampling.choices(),
                sampling.topLogprobs(),
                sampling.stop());
    }
}
