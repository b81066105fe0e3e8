package dev.tollgate.config;

import dev.tollgate.config.References.Unresolved;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** One reading of a file: the problems met so far, the names the file declares, and checks that wait for all of them. */
final class Reading {
    private final String file;
    private final Surroundings surroundings;
    private final Set<Problem> problems = new LinkedHashSet<>();
    private final Map<String, Map<String, Node>> declared = new HashMap<>();
    private final Map<String, Map<String, Node>> taken = new HashMap<>();
    private final List<Object> notes = new ArrayList<>();
    private final List<Runnable> checks = new ArrayList<>();

    Reading(String file, Surroundings surroundings) {
        this.file = file;
        this.surroundings = surroundings;
    }

    Surroundings surroundings() {
        return surroundings;
    }

    void problem(Node at, String message) {
        Optional<Mark> mark = at.getStartMark();
        int line = mark.map(m -> m.getLine() + 1).orElse(0);
        int column = mark.map(m -> m.getColumn() + 1).orElse(0);
        problems.add(new Problem(file, line, column, message));
    }

    /** The text of a scalar with its references resolved; empty when one cannot be, which is noted. */
    Optional<String> text(ScalarNode scalar) {
        try {
            return Optional.of(surroundings.references().resolve(scalar.getValue()));
        } catch (Unresolved e) {
            problem(scalar, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** The text of a file that a setting names; empty when it cannot be read. */
    Optional<String> fileText(String name) {
        return surroundings.references().textOf(name);
    }

    /** Notes that the file declares something of this kind, whether or not what it says about it is right. */
    void declare(String kind, String name, Node at) {
        declared.computeIfAbsent(kind, k -> new LinkedHashMap<>()).putIfAbsent(name, at);
    }

    /** All names of a kind; complete only in a {@link #later} check. */
    Set<String> declared(String kind) {
        return declared.getOrDefault(kind, Map.of()).keySet();
    }

    /** Where something of this kind is declared under a name; complete only in a {@link #later} check. */
    Optional<Node> place(String kind, String name) {
        return Optional.ofNullable(declared.getOrDefault(kind, Map.of()).get(name));
    }

    /** The line that something stands in. */
    static int line(Node node) {
        return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
    }

    /** Notes a value that may be used once only. */
    void takeOnce(String what, String value, Node at) {
        Node first = taken.computeIfAbsent(what, k -> new LinkedHashMap<>()).putIfAbsent(value, at);
        if (first != null) {
            problem(at, "the same " + what + " as in line " + line(first));
        }
    }

    /** Notes something that what comes after it is to be compared with. */
    void note(Object thing) {
        notes.add(thing);
    }

    /** What of a kind has been noted so far. */
    <T> List<T> noted(Class<T> kind) {
        return notes.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Has something checked once the whole file has been read. */
    void later(Runnable check) {
        checks.add(check);
    }

    void runChecks() {
        checks.forEach(Runnable::run);
    }

    int problemCount() {
        return problems.size();
    }

    /** All problems, in the order of the file. */
    List<Problem> problems() {
        return problems.stream()
                .sorted(Comparator.comparingInt(Problem::line).thenComparingInt(Problem::column))
                .toList();
    }
}
