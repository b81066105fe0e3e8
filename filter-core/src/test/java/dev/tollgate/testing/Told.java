package dev.tollgate.testing;

import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.completions.CompletionUsage;
import dev.tollgate.dialect.Frame;
import dev.tollgate.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/**
 * What an answer tells its caller, whatever its dialect, as the official SDKs read it.
 *
 * @param text without blanks, since dialects divide texts differently
 * @param calls each tool's call, as its name and its arguments
 * @param finish in OpenAI's words
 * @param input input tokens, cached ones included
 */
public record Told(String text, List<String> calls, String finish, long input, long output) {

    /**
     * Reads an answer of OpenAI's dialect.
     *
     * @param whole whether it must have all that the SDK wants, which old recordings have not
     */
    public static Told byOpenAi(String body, boolean streamed, boolean whole) {
        ChatCompletion answer = streamed ? accumulateOpenAi(body) : read(ChatCompletion.class, body);
        if (whole) {
            answer.validate();
        }
        ChatCompletionMessage message = answer.choices().get(0).message();
        CompletionUsage usage = answer.usage().orElseThrow();
        return new Told(
                withoutBlanks(message.content().orElse("") + message.refusal().orElse("")),
                message.toolCalls().orElse(List.of()).stream()
                        .map(call -> call.asFunction().function())
                        .map(function -> function.name() + Json.read(function.arguments()))
                        .toList(),
                message.refusal().isPresent()
                        ? "content_filter"
                        : answer.choices().get(0).finishReason().asString(),
                usage.promptTokens(),
                usage.completionTokens());
    }

    private static ChatCompletion accumulateOpenAi(String body) {
        ChatCompletionAccumulator all = ChatCompletionAccumulator.create();
        for (Frame frame : Recording.frames(body)) {
            if (!frame.data().equals("[DONE]")) {
                all.accumulate(read(ChatCompletionChunk.class, frame.data()));
            }
        }
        return all.chatCompletion();
    }

    /**
     * Reads an answer of Anthropic's dialect.
     *
     * @param whole whether it must have all that the SDK wants, which old recordings have not
     */
    public static Told byAnthropic(String body, boolean streamed, boolean whole) {
        Message answer = streamed ? accumulateAnthropic(body) : read(Message.class, body);
        if (whole) {
            answer.validate();
        }
        return new Told(
                withoutBlanks(answer.content().stream()
                        .flatMap(block -> block.text().stream())
                        .map(block -> block.text())
                        .collect(Collectors.joining())),
                answer.content().stream()
                        .filter(ContentBlock::isToolUse)
                        .map(ContentBlock::asToolUse)
                        .map(call -> call.name() + tree(call._input().convert(Object.class)))
                        .toList(),
                finish(answer.stopReason().orElseThrow().asString()),
                answer.usage().inputTokens()
                        + answer.usage().cacheReadInputTokens().orElse(0L)
                        + answer.usage().cacheCreationInputTokens().orElse(0L),
                answer.usage().outputTokens());
    }

    private static Message accumulateAnthropic(String body) {
        MessageAccumulator all = MessageAccumulator.create();
        for (Frame frame : Recording.frames(body)) {
            if (!frame.data().contains("\"type\":\"ping\"") && !frame.data().contains("\"type\": \"ping\"")) {
                all.accumulate(read(RawMessageStreamEvent.class, frame.data()));
            }
        }
        return all.message();
    }

    private static String finish(String stopReason) {
        return switch (stopReason) {
            case "tool_use" -> "tool_calls";
            case "max_tokens" -> "length";
            case "refusal" -> "content_filter";
            default -> "stop";
        };
    }

    private static String withoutBlanks(String text) {
        return text.replaceAll("\\s", "");
    }

    private static JsonNode tree(Object value) {
        try {
            return Json.read(com.anthropic.core.ObjectMappers.jsonMapper().writeValueAsString(value));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T read(Class<T> type, String json) {
        try {
            return type.getName().startsWith("com.openai.")
                    ? com.openai.core.ObjectMappers.jsonMapper().readValue(json, type)
                    : com.anthropic.core.ObjectMappers.jsonMapper().readValue(json, type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
