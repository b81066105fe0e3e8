package dev.tollgate;

import dev.tollgate.dialect.Framing;
import dev.tollgate.provider.Operation;
import dev.tollgate.stream.Framings;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One row of the table of paths.
 *
 * @param methods the methods it takes
 * @param template the path, with {@code {model}} for a model's name, which may hold slashes, and other names in braces for
 *     single segments
 * @param dialect the id of the dialect whose path it is; null where several dialects share it
 * @param format the id of the format of its calls' bodies
 * @param streamed whether the answer is to be streamed, where the path says so; null where the body does
 */
record Route(
        Set<String> methods,
        String template,
        Pattern pattern,
        Endpoint.Kind kind,
        Operation operation,
        @Nullable String dialect,
        String format,
        @Nullable Boolean streamed,
        Stream stream) {
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");

    /** How a streamed answer is put on the wire. */
    enum Stream {
        EVENTS,
        /** A list of JSON, unless the query asks for events. */
        LIST_OR_EVENTS,
        AWS_EVENTS;

        Framing framing(RequestTarget target) {
            boolean events = target.parameter("alt").equals(Optional.of("sse"));
            return switch (this) {
                case EVENTS -> Framings.SSE;
                case LIST_OR_EVENTS -> events ? Framings.SSE : Framings.JSON_ARRAY;
                case AWS_EVENTS -> Framings.EVENT_STREAM;
            };
        }
    }

    /** A path that chats are posted to, which say all else in their body. */
    static Route chat(String template, String dialect) {
        return call(Operation.CHAT, template, dialect, dialect, null, Stream.EVENTS);
    }

    /** A path that chats are posted to, which says whether to stream. */
    static Route chat(String template, String dialect, boolean streamed, Stream stream) {
        return call(Operation.CHAT, template, dialect, dialect, streamed, stream);
    }

    /** A path that calls are posted to which are never streamed. */
    static Route whole(Operation operation, String template, String dialect, String format) {
        return call(operation, template, dialect, format, false, Stream.EVENTS);
    }

    /** A path whose calls are not translated. */
    static Route relay(String template, String dialect, String... methods) {
        return new Route(
                Set.of(methods),
                template,
                compile(template),
                Endpoint.Kind.CALL,
                Operation.RELAY,
                dialect,
                dialect,
                null,
                Stream.EVENTS);
    }

    private static Route call(
            Operation operation,
            String template,
            String dialect,
            String format,
            @Nullable Boolean streamed,
            Stream stream) {
        Endpoint.Kind kind = Endpoint.Kind.CALL;
        return new Route(
                Set.of("POST"), template, compile(template), kind, operation, dialect, format, streamed, stream);
    }

    /** A document of the gateway's own, in a dialect's form or, where that is null, in the caller's. */
    static Route page(Endpoint.Kind kind, String template, @Nullable String dialect) {
        return new Route(
                Set.of("GET", "HEAD"),
                template,
                compile(template),
                kind,
                Operation.CHAT,
                dialect,
                "",
                null,
                Stream.EVENTS);
    }

    private static Pattern compile(String template) {
        StringBuilder pattern = new StringBuilder();
        Matcher variable = VARIABLE.matcher(template);
        int at = 0;
        while (variable.find()) {
            pattern.append(Pattern.quote(template.substring(at, variable.start())));
            pattern.append(variable.group(1).equals("model") ? "(?<model>[^/].*)" : "[^/]+");
            at = variable.end();
        }
        return Pattern.compile(
                pattern.append(Pattern.quote(template.substring(at))).toString());
    }

    /** Whether it is the route of a path. */
    boolean isOf(String path) {
        int variable = template.indexOf('{');
        if (variable < 0) {
            return path.equals(template);
        }
        return path.regionMatches(0, template, 0, variable)
                && pattern.matcher(path).matches();
    }

    /** The model that a path of this route names, or null. */
    @Nullable
    String model(String path) {
        Matcher matcher = pattern.matcher(path);
        return template.contains("{model}") && matcher.matches() ? matcher.group("model") : null;
    }
}
