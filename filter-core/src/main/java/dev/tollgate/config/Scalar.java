package dev.tollgate.config;

import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A single value, written as text. References in it are resolved before it is parsed; a message quotes it as it stands in the
 * file.
 *
 * @param phrase what the values are, as a piece of a sentence
 * @param form writes their JSON Schema, to which references are then added
 * @param parser makes a value, or fails with what is wrong as the end of a sentence that begins with the value
 * @param shower the value as it would be written
 */
record Scalar<T>(String phrase, Consumer<ObjectNode> form, Parser<T> parser, Function<T, JsonNode> shower)
        implements Type<T> {

    /** Makes a value from text. */
    interface Parser<T> {
        T parse(String text) throws NotOne;
    }

    /** A text is not a value of this kind; the message continues a sentence that begins with the text. */
    static final class NotOne extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean mayQuote;

        NotOne(String message) {
            this(message, true);
        }

        private NotOne(String message, boolean mayQuote) {
            super(message, null, false, false);
            this.mayQuote = mayQuote;
        }

        /** For a text that may be a secret put in the wrong place: the message is a sentence of its own. */
        static NotOne unquoted(String message) {
            return new NotOne(message, false);
        }
    }

    /** A scalar whose values are shown as text. */
    static <T> Scalar<T> text(
            String phrase, Consumer<ObjectNode> schema, Parser<T> parser, Function<T, String> shower) {
        return new Scalar<>(phrase, schema, parser, shower.andThen(JsonNodeFactory.instance::stringNode));
    }

    @Override
    public Optional<T> read(Node node, Reading reading) {
        if (!(node instanceof ScalarNode scalar)) {
            reading.problem(node, "expected " + phrase.replace("`", "'") + " and not " + Entries.nameOf(node));
            return Optional.empty();
        }
        if (scalar.getValue().isBlank() || Entries.isNothing(node)) {
            reading.problem(node, "the value is empty; expected " + phrase.replace("`", "'"));
            return Optional.empty();
        }
        return reading.text(scalar).flatMap(text -> parse(text, scalar.getValue(), node, reading));
    }

    /** Parses a text that stands in the file as {@code written}. */
    Optional<T> parse(String text, String written, Node at, Reading reading) {
        try {
            return Optional.of(parser.parse(text));
        } catch (NotOne e) {
            reading.problem(at, (e.mayQuote ? "'" + withoutPassword(written) + "' " : "") + e.getMessage());
            return Optional.empty();
        }
    }

    /** Some write a password into a URL; the message that refuses it must not repeat it. */
    private static String withoutPassword(String written) {
        return written.replaceAll("//[^/@]*@", "//***@");
    }

    @Override
    public ObjectNode schema() {
        ObjectNode written = JsonNodeFactory.instance.objectNode();
        form.accept(written);
        return written;
    }

    @Override
    public JsonNode show(T value) {
        return shower.apply(value);
    }
}
