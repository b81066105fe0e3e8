package dev.tollgate.dialect;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.ChatResponse;
import dev.tollgate.chat.ChatResponse.Choice;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.StreamEvent;
import dev.tollgate.chat.Tool;
import dev.tollgate.chat.ToolChoice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The names of a request's tools in the form every provider accepts: letters, digits, "_" and "-", beginning with a letter or
 * "_", 64 at most. A name always becomes the same other name, in this request and in the next turns', so that what was called
 * before goes by the name that is on offer now; what the model calls is named back.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/chat/create">OpenAI's functions</a>
 * @see <a href="https://ai.google.dev/api/caching#FunctionDeclaration">Google's, which begin with no digit</a>
 */
final class SafeNames {
    private static final int LONGEST = 64;

    private final Map<String, String> originals = new HashMap<>();

    /** A name that every provider accepts, for this one. */
    private String safe(String name) {
        if (name.isEmpty()) {
            return name;
        }
        String words = ToolIds.wordsOnly(name);
        boolean begins = Character.isLetter(words.charAt(0)) || words.charAt(0) == '_';
        String safe = ToolIds.within(begins ? words : '_' + words, LONGEST);
        if (!safe.equals(name)) {
            originals.put(safe, name);
        }
        return safe;
    }

    /** The name that the caller gave to what the provider knows by this one. */
    private String original(String safe) {
        return originals.getOrDefault(safe, safe);
    }

    /** The request with names that every provider accepts. */
    ChatRequest of(ChatRequest request) {
        List<Tool> tools = request.tools().stream().map(this::of).toList();
        List<Message> messages = request.messages().stream()
                .map(each -> new Message(each.role(), safe(each.parts()), each.extras()))
                .toList();
        ToolChoice choice = request.toolChoice();
        if (originals.isEmpty() && !(choice instanceof ToolChoice.Named)) {
            return request;
        }
        return request.with(messages, tools, of(choice, request.tools()));
    }

    private @Nullable ToolChoice of(@Nullable ToolChoice choice, List<Tool> tools) {
        return choice instanceof ToolChoice.Named named && named.isAmong(tools)
                ? new ToolChoice.Named(safe(named.name()))
                : choice;
    }

    private Tool of(Tool tool) {
        return tool instanceof Tool.Function function
                ? new Tool.Function(
                        safe(function.name()),
                        function.description(),
                        function.schema(),
                        function.strict(),
                        function.cache(),
                        function.extras())
                : tool;
    }

    private List<Part> safe(List<Part> parts) {
        return parts.stream()
                .map(part -> part instanceof Part.ToolCall call ? named(call, safe(call.name())) : part)
                .toList();
    }

    private static Part named(Part.ToolCall call, String name) {
        return new Part.ToolCall(call.id(), name, call.arguments(), call.proof(), call.cache(), call.extras());
    }

    /** An answer with the names that the caller gave. */
    ChatResponse back(ChatResponse answer) {
        if (originals.isEmpty()) {
            return answer;
        }
        List<Choice> choices = answer.choices().stream()
                .map(each -> new Choice(each.index(), back(each.parts()), each.finish(), each.chances(), each.extras()))
                .toList();
        return new ChatResponse(
                answer.id(), answer.model(), answer.created(), choices, answer.usage(), answer.extras());
    }

    private List<Part> back(List<Part> parts) {
        return parts.stream()
                .map(part -> part instanceof Part.ToolCall call ? named(call, original(call.name())) : part)
                .toList();
    }

    /** The same for a step of a streamed answer. */
    StreamEvent back(StreamEvent event) {
        return event instanceof StreamEvent.ToolCallStart start
                ? new StreamEvent.ToolCallStart(start.choice(), start.part(), start.id(), original(start.name()))
                : event;
    }
}
