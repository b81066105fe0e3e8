package dev.tollgate.choose;

import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.Message;
import dev.tollgate.chat.OutputFormat;
import dev.tollgate.chat.Part;
import dev.tollgate.chat.Thinking;
import dev.tollgate.config.Settings.Ability;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a target must be able to do to answer a request. */
final class Needs {
    private final Set<Ability> all = EnumSet.noneOf(Ability.class);

    private Needs() {}

    static Set<Ability> of(ChatRequest request) {
        Needs needs = new Needs();
        needs.when(!request.tools().isEmpty(), Ability.TOOLS);
        needs.when(request.output() instanceof OutputFormat.Schema, Ability.STRUCTURED_OUTPUT);
        needs.when(reasons(request.thinking()), Ability.REASONING);
        request.messages().stream().map(Message::parts).forEach(needs::parts);
        return needs.all;
    }

    private static boolean reasons(@Nullable Thinking thinking) {
        return thinking != null
                && (thinking.mode() == Thinking.Mode.ON
                        || thinking.mode() == Thinking.Mode.ADAPTIVE
                        || thinking.budgetTokens() != null
                        || (thinking.effort() != null
                                && !thinking.effort().equals("none")
                                && thinking.mode() != Thinking.Mode.OFF));
    }

    private void parts(List<Part> parts) {
        for (Part part : parts) {
            if (part instanceof Part.Media media) {
                all.add(ability(media.kind()));
            } else if (part instanceof Part.ToolResult result) {
                parts(result.content());
            }
        }
    }

    private static Ability ability(Part.MediaKind kind) {
        return switch (kind) {
            case IMAGE -> Ability.IMAGES;
            case DOCUMENT -> Ability.DOCUMENTS;
            case AUDIO -> Ability.AUDIO;
        };
    }

    private void when(boolean needed, Ability ability) {
        if (needed) {
            all.add(ability);
        }
    }
}
