package dev.tollgate.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A chat call, in no provider's format.
 *
 * @param model the model name as the caller gave it; empty where the dialect names the model outside the body
 * @param messages the conversation, system and developer messages included, in the caller's order
 * @param parallelTools whether several tools may be called at once; null when the caller did not say
 * @param hints what the caller says about the call besides
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
        Hints hints,
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
     * @param stream whether the answer is to be streamed, which some dialects say outside the body
     * @param streamUsage whether a streamed answer is to end with its usage
     */
    public ChatRequest to(String model, boolean stream, boolean streamUsage) {
        return new ChatRequest(
                model,
                messages,
                tools,
                toolChoice,
                parallelTools,
                sampling,
                output,
                thinking,
                hints,
                stream,
                streamUsage,
                extras);
    }

    /** The same call with other messages, tools and choice among them. */
    public ChatRequest with(List<Message> otherMessages, List<Tool> otherTools, @Nullable ToolChoice otherChoice) {
        return new ChatRequest(
                model,
                otherMessages,
                otherTools,
                otherChoice,
                parallelTools,
                sampling,
                output,
                thinking,
                hints,
                stream,
                streamUsage,
                extras);
    }
}
