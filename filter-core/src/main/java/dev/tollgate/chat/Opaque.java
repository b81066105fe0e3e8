package dev.tollgate.chat;

import tools.jackson.databind.JsonNode;

/**
 * State only its maker can read: a thinking signature, encrypted reasoning. It is returned only to the dialect and the
 * provider family that made it.
 *
 * @param dialect the dialect it was written in
 * @param value the value, exactly as it came
 */
public record Opaque(String dialect, JsonNode value) {}
