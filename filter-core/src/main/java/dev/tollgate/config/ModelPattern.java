package dev.tollgate.config;

import java.util.Optional;

/**
 * A model name that may hold one {@code *}, which stands for any text: {@code claude-*}, {@code openai/*}, {@code *}.
 *
 * <p>The {@code *} may stand for no text at all ({@code gpt-5*} matches {@code gpt-5}) unless it is the whole name or the
 * whole of what follows a slash.
 */
public record ModelPattern(String text) {

    /** Whether the text can be a pattern: not blank, and at most one {@code *}. */
    public static boolean isValid(String text) {
        return !text.isBlank() && text.indexOf('*') == text.lastIndexOf('*');
    }

    public ModelPattern {
        if (!isValid(text)) {
            throw new IllegalArgumentException("not a model name or pattern: '" + text + "'");
        }
    }

    /** Whether it holds a {@code *}. */
    public boolean isWild() {
        return text.indexOf('*') >= 0;
    }

    /** Whether a name is one of those it stands for. */
    public boolean accepts(String name) {
        return matches(name).isPresent();
    }

    /** What the {@code *} stands for in a name, which is the empty string when there is no {@code *}; empty on no match. */
    public Optional<String> matches(String name) {
        int star = text.indexOf('*');
        if (star < 0) {
            return name.equals(text) ? Optional.of("") : Optional.empty();
        }
        String tail = text.substring(star + 1);
        int shortest = text.length() - 1 + (standsForWholePiece(star) ? 1 : 0);
        if (name.length() < shortest || !name.startsWith(text.substring(0, star)) || !name.endsWith(tail)) {
            return Optional.empty();
        }
        return Optional.of(name.substring(star, name.length() - tail.length()));
    }

    /** The name that comes of putting {@code capture} in the place of the {@code *}. */
    public String fill(String capture) {
        return text.replace("*", capture);
    }

    /**
     * The pattern of a target that a name matching this one goes to. The {@code *} of a target stands for what this one's
     * does; a target that is nothing but {@code *} stands for the whole piece of the name between slashes, so that {@code
     * claude-*} going to {@code *} hands {@code claude-sonnet-4-5} on as it is, and {@code openai/*} hands on what follows the
     * slash.
     */
    public ModelPattern handOn(ModelPattern target) {
        int star = text.indexOf('*');
        if (star < 0 || !target.text.equals("*")) {
            return target;
        }
        return new ModelPattern(text.substring(text.lastIndexOf('/', star) + 1));
    }

    /** How many characters are given, the {@code *} left out: of two patterns that match, the one with more says more. */
    public int given() {
        return isWild() ? text.length() - 1 : text.length();
    }

    private boolean standsForWholePiece(int star) {
        return star == text.length() - 1 && (star == 0 || text.charAt(star - 1) == '/');
    }

    @Override
    public String toString() {
        return text;
    }
}
