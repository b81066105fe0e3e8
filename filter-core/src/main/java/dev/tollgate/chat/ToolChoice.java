package dev.tollgate.chat;

import java.util.List;

/** Whether and which tool the model must call. */
public sealed interface ToolChoice {
    /** The model decides. */
    record Auto() implements ToolChoice {}

    /** No tool may be called. */
    record None() implements ToolChoice {}

    /** Some tool must be called. */
    record Required() implements ToolChoice {}

    /** This tool must be called. */
    record Named(String name) implements ToolChoice {
        /** Whether it is a function among these tools; one that only its own dialect knows may not be. */
        public boolean isAmong(List<Tool> tools) {
            return tools.stream()
                    .anyMatch(tool -> tool instanceof Tool.Function function
                            && function.name().equals(name));
        }
    }
}
