package dev.tollgate.bench;

/** A dialect that callers of the benchmark speak, and the provider that speaks it too. */
public enum Chat {
    OPENAI("OpenAI", "openai-chat", "/v1/chat/completions", "gpt-bench", "held-gpt", "[DONE]"),
    ANTHROPIC("Anthropic", "anthropic", "/v1/messages", "claude-bench", "held-claude", "message_stop");

    private final String label;
    private final String dialect;
    private final String path;
    private final String model;
    private final String heldModel;
    private final String end;

    Chat(String label, String dialect, String path, String model, String heldModel, String end) {
        this.label = label;
        this.dialect = dialect;
        this.path = path;
        this.model = model;
        this.heldModel = heldModel;
        this.end = end;
    }

    /** The id of the dialect. */
    public String dialect() {
        return dialect;
    }

    String path() {
        return path;
    }

    /** The model that the provider of this dialect has. */
    public String model() {
        return model;
    }

    /** The model whose streams say a word each half second. */
    String heldModel() {
        return heldModel;
    }

    /** What the last event of a stream that went well has in it. */
    String end() {
        return end;
    }

    String label() {
        return label;
    }
}
