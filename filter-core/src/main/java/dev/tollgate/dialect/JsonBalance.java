package dev.tollgate.dialect;

/** Tells when a JSON object that arrives in pieces has come to its end, by its braces and quotes alone. */
final class JsonBalance {
    private int depth;
    private boolean begun;
    private boolean quoted;
    private boolean escaped;

    void add(String piece) {
        for (int i = 0; i < piece.length(); i++) {
            add(piece.charAt(i));
        }
    }

    private void add(char c) {
        if (escaped) {
            escaped = false;
        } else if (quoted) {
            escaped = c == '\\';
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '{' || c == '[') {
            begun = true;
            depth++;
        } else if (c == '}' || c == ']') {
            depth--;
        }
    }

    boolean isComplete() {
        return begun && depth <= 0;
    }
}
