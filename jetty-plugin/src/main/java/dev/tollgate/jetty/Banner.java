package dev.tollgate.jetty;

import dev.tollgate.Version;
import dev.tollgate.access.KeyText;
import dev.tollgate.config.Settings;
import java.net.URI;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/** What the stand-alone gateway says about itself when it has started. */
final class Banner {
    private static final int MANY = 12;

    private Banner() {}

    /**
     * @param at where the gateway is reached
     * @param key the key made for this run, or null where the configuration has keys of its own
     */
    static String text(URI at, Settings settings, @Nullable KeyText key) {
        StringBuilder text = new StringBuilder();
        text.append("Tollgate ")
                .append(Version.TEXT)
                .append(" serves ")
                .append(at)
                .append("\n\n");
        line(text, "OpenAI", "base URL " + at + "/v1");
        line(text, "others", "base URL " + at + "   (Anthropic, Gemini, Bedrock, Azure)");
        line(text, "models", some(settings.models().keySet()) + "   (all: GET " + at + "/v1/models)");
        line(text, "providers", some(settings.providers().keySet()));
        if (key != null) {
            line(text, "key", key.reveal() + "   (for this run only)");
            text.append("\nTry it:\n\n").append(curl(at, key)).append('\n');
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append("  %-10s %s%n".formatted(name, value));
    }

    private static String some(Collection<String> names) {
        String first = String.join(", ", names.stream().limit(MANY).toList());
        return names.size() <= MANY ? first : first + " and " + (names.size() - MANY) + " more";
    }

    private static String curl(URI at, KeyText key) {
        return """
                curl %s/v1/chat/completions \\
                  -H "Authorization: Bearer %s" \\
                  -H "Content-Type: application/json" \\
                  -d '{"model": "echo", "messages": [{"role": "user", "content": "Hello"}]}'
                """.formatted(at, key.reveal());
    }
}
