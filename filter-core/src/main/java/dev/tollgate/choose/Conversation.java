package dev.tollgate.choose;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.Message.Role;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Tool;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a request has in common with others of its conversation, in whatever dialect they are: digests of how it begins. */
final class Conversation {
    /** Providers keep no prompts that are shorter. */
    private static final int LEAST_TOKENS = 1_024;

    private static final int CHARACTERS_PER_TOKEN = 4;

    /** The most messages that one turn of a conversation adds to it. */
    private static final int MOST_PREFIXES = 64;

    private final ChatRequest request;
    private final Digest digest;

    private Conversation(String model, ChatRequest request) {
        this.request = request;
        this.digest = Digest.of("conversation").add(model);
    }

    /** A digest of instructions, tools and the first message, which the turns of a conversation have in common. */
    static List<String> beginning(String model, ChatRequest request) {
        Conversation conversation = new Conversation(model, request);
        conversation.addTools();
        request.messages().stream().filter(Conversation::isInstruction).forEach(conversation::add);
        request.messages().stream()
                .filter(each -> !isInstruction(each))
                .findFirst()
                .ifPresent(conversation::add);
        return List.of(conversation.digest.soFar());
    }

    /**
     * Digests of all that the request begins with, the longest first and that of tools and instructions last; none of what is too
     * short to be kept by a provider.
     */
    static List<String> prefixes(String model, ChatRequest request) {
        Conversation conversation = new Conversation(model, request);
        List<String> digests = new ArrayList<>();
        conversation.addTools();
        boolean begun = false;
        for (Message message : request.messages()) {
            if (!begun && !isInstruction(message)) {
                begun = true;
                conversation.note(digests);
            }
            conversation.add(message);
            if (begun) {
                conversation.note(digests);
            }
        }
        Collections.reverse(digests);
        return digests.size() <= MOST_PREFIXES ? digests : shortened(digests);
    }

    private static List<String> shortened(List<String> digests) {
        List<String> some = new ArrayList<>(digests.subList(0, MOST_PREFIXES - 1));
        some.add(digests.get(digests.size() - 1));
        return some;
    }

    private void note(List<String> digests) {
        if (digest.characters() >= LEAST_TOKENS * CHARACTERS_PER_TOKEN) {
            digests.add(digest.soFar());
        }
    }

    private static boolean isInstruction(Message message) {
        return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
    }

    private void addTools() {
        for (Tool tool : request.tools()) {
            if (tool instanceof Tool.Function function) {
                digest.add(function.name())
                        .add(function.description())
                        .add(function.schema().toString());
            } else if (tool instanceof Tool.Foreign foreign) {
                digest.add(foreign.type()).add(foreign.whole().value().toString());
            } else {
                throw new AssertionError(tool);
            }
        }
    }

    /** What a message says; not how it is marked, which changes from turn to turn. */
    private void add(Message message) {
        digest.add(isInstruction(message) ? Role.SYSTEM.name() : message.role().name());
        message.parts().forEach(this::add);
    }

    private void add(Part part) {
        if (part instanceof Part.Text text) {
            digest.add(text.text());
        } else if (part instanceof Part.Media media) {
            digest.add(media.kind().name());
            add(media.source());
        } else if (part instanceof Part.ToolCall call) {
            digest.add(call.name()).add(call.arguments());
        } else if (part instanceof Part.ToolResult result) {
            result.content().forEach(this::add);
        } else if (part instanceof Part.Reasoning reasoning) {
            digest.add(reasoning.text());
        } else if (part instanceof Part.Declined declined) {
            digest.add(declined.text());
        } else if (part instanceof Part.Foreign foreign) {
            digest.add(foreign.type()).addLong(foreign.whole().value().toString());
        } else {
            throw new AssertionError(part);
        }
    }

    private void add(Part.Source source) {
        if (source instanceof Part.Source.Inline inline) {
            digest.add(inline.mediaType()).addLong(inline.base64());
        } else if (source instanceof Part.Source.Url url) {
            digest.add(url.url());
        } else if (source instanceof Part.Source.FileId file) {
            digest.add(file.id());
        } else if (source instanceof Part.Source.PlainText text) {
            digest.add(text.text());
        } else {
            throw new AssertionError(source);
        }
    }
}
