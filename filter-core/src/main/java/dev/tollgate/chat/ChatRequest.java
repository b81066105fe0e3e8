package dev.tollgate.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chat call, in no provider's format.
 *
 * @param model the model name as the caller gave it
 * @param messages the conversation, system and developer messages included, in the caller's order
 * @param parallelTools whether several tools may be called at once; null when the caller did not say
 * @param user the caller's own name for its end user, or null
 * @param serviceTier the processing tier asked for, in the dialect's own word, or null
 * @param stream whether the answer is to be streamed
 * @param streamUsage whether a streamed answer is to end with its usage
 * @param extras fields that only the caller's dialect knows
 */
public record ChatRequest(
        String model,
        List<Message> messages,
        List<Tool> tools,
        @Nullable ToolChoice toolChoice,
        @Nullable Boolean parallelTools,
        Sampling sampling,
        @Nullable OutputFormat output,
        @Nullable Thinking thinking,
        @Nullable String user,
        @Nullable String serviceTier,
        boolean stream,
        boolean streamUsage,
        Extras extras) {

    public ChatRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    /**
     * The same call for another model.
     *
     * @param model the provider's name for it
     * @param streamUsage whether a streamed answer is to end with its usage
     */
    public ChatRequest to(String model, boolean streamUsage) {
        return new ChatRequest(
                model,
                messages,
                tools,
                toolChoice,
                parallelTools,
                sampling,
                output,
                thinking,
                user,
                serviceTier,
                stream,
                streamUsage,
                extras);
    }
}
