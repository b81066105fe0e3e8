package dev.tollgate.config;

import dev.tollgate.config.Scalar.NotOne;
import dev.tollgate.config.Settings.Sticky;
import java.util.List;
import java.util.Locale;

/** What keeps calls at one target, as it is written. */
final class StickyText {
    private static final String HEADER = "header:";
    private static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}"; // RFC 9110, 5.6.2
    private static final List<String> WORDS = List.of("header:NAME", "conversation", "session", "cache");

    static final Scalar<Sticky> STICKY = Scalar.text(
            "`header:NAME`, `conversation`, `session` or `cache`",
            Scalars.pattern("conversation|session|cache|" + HEADER + TOKEN),
            StickyText::parse,
            StickyText::show);

    private StickyText() {}

    private static Sticky parse(String text) throws NotOne {
        if (text.startsWith(HEADER)) {
            return new Sticky.ToHeader(header(text.substring(HEADER.length())));
        }
        return switch (text) {
            case "conversation" -> new Sticky.ToConversation();
            case "session" -> new Sticky.ToSession();
            case "cache" -> new Sticky.ToCache();
            default -> throw new NotOne("is not one of " + String.join(", ", WORDS) + Suggestion.ending(text, WORDS));
        };
    }

    private static String header(String name) throws NotOne {
        if (!name.matches(TOKEN)) {
            throw new NotOne("names no header; write it as header:x-session-id");
        }
        return name.toLowerCase(Locale.ROOT);
    }

    private static String show(Sticky sticky) {
        if (sticky instanceof Sticky.ToHeader header) {
            return HEADER + header.name();
        }
        if (sticky instanceof Sticky.ToConversation) {
            return "conversation";
        }
        return sticky instanceof Sticky.ToSession ? "session" : "cache";
    }
}
