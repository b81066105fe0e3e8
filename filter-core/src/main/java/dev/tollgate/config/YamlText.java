package dev.tollgate.config;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.schema.JsonSchema;

/** The text of a YAML 1.2 file, within bounds that no honest configuration reaches. */
final class YamlText {
    static final String EMPTY = "the file is empty; write at least providers and models";
    static final int MAX_BYTES = 1024 * 1024;
    private static final int MAX_DEPTH = 50;
    private static final int MAX_ALIASES = 50;
    private static final LoadSettings SETTINGS = LoadSettings.builder()
            .setSchema(new JsonSchema()) // the core schema would add merge keys, which hide what is set twice
            .setAllowNonScalarKeys(true) // so that they are reported where they stand
            .setCodePointLimit(MAX_BYTES)
            .setMaxAliasesForCollections(MAX_ALIASES)
            .build();

    private final String file;

    YamlText(String file) {
        this.file = file;
    }

    /** The root of the one document in a file. */
    Node parse(byte[] content) throws ConfigException {
        String text = decode(content);
        try {
            checkDepth(text);
            return new Compose(SETTINGS).composeString(text).orElseThrow(() -> problem(0, 0, EMPTY));
        } catch (MarkedYamlEngineException e) {
            throw problem(mark(e), "not YAML: " + describe(e));
        } catch (ReaderException e) {
            throw problem(lineOf(text, e.getPosition()), 1, "not YAML: a character that YAML does not allow");
        } catch (YamlEngineException e) {
            // The rest are the parser's own bounds, whose messages quote nothing of the file.
            throw problem(0, 0, "not YAML: " + e.getMessage());
        }
    }

    private String decode(byte[] content) throws ConfigException {
        if (content.length > MAX_BYTES) {
            throw problem(0, 0, "the file is larger than 1 MiB");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(content))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw problem(0, 0, "the file is not UTF-8");
        }
    }

    /** Composing recurses, so the depth is counted first. */
    private void checkDepth(String text) throws ConfigException {
        int depth = 0;
        for (Event event : new Parse(SETTINGS).parseString(text)) {
            switch (event.getEventId()) {
                case MappingStart, SequenceStart -> depth++;
                case MappingEnd, SequenceEnd -> depth--;
                default -> {}
            }
            if (depth > MAX_DEPTH) {
                throw problem(event.getStartMark().orElse(null), "nested more than " + MAX_DEPTH + " levels deep");
            }
        }
    }

    /** What is wrong, without the excerpt of the file that the exception's own message has, which may hold a secret. */
    private static String describe(MarkedYamlEngineException e) {
        String context = e.getContext() == null ? "" : e.getContext();
        String begun = e.getContextMark()
                .map(mark -> " (begun in line " + (mark.getLine() + 1) + ")")
                .orElse("");
        String problem = e.getProblem() == null ? "malformed" : e.getProblem();
        return context.isEmpty() ? problem : context + begun + ": " + problem;
    }

    private static @Nullable Mark mark(MarkedYamlEngineException e) {
        Optional<Mark> mark = e.getProblemMark();
        return mark.or(e::getContextMark).orElse(null);
    }

    private static int lineOf(String text, int position) {
        int end = Math.min(position, text.length());
        return 1 + (int) text.substring(0, end).chars().filter(c -> c == '\n').count();
    }

    private ConfigException problem(@Nullable Mark mark, String message) {
        return mark == null ? problem(0, 0, message) : problem(mark.getLine() + 1, mark.getColumn() + 1, message);
    }

    private ConfigException problem(int line, int column, String message) {
        return new ConfigException(List.of(new Problem(file, line, column, message)));
    }
}
