package dev.tollgate.chat;

import java.util.List;

/** One turn of a conversation. Tool results are parts of a {@link Role#USER} or {@link Role#TOOL} message, as they came. */
public record Message(Role role, List<Part> parts, Extras extras) {

    public Message {
        parts = List.copyOf(parts);
    }

    /** Who speaks. */
    public enum Role {
        SYSTEM,
        DEVELOPER,
        USER,
        ASSISTANT,
        TOOL
    }
}
