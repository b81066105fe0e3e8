package dev.tollgate.config;

import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** A kind of value in the file: how it is read, described to editors and people, and shown. */
interface Type<T> {

    /** The value of a node; empty when it is none of this kind, which has then been noted as a problem. */
    Optional<T> read(Node node, Reading reading);

    /** The JSON Schema of the values; a new one for each call. */
    ObjectNode schema();

    /** What the values are, in Markdown, as a piece of a sentence: "duration, as {@code 3s}". */
    String phrase();

    /** A value as the effective configuration shows it. */
    JsonNode show(T value);

    /** Tells a visitor about the sections inside. */
    default void visit(String path, SectionVisitor visitor) {}

    /** Is told of sections, outer ones first. */
    interface SectionVisitor {
        void section(String path, Section<?> section);
    }
}
