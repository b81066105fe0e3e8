package dev.tollgate.config;

import tools.jackson.databind.JsonNode;

/** The configuration in force, defaults filled in and secrets masked, for the operator to look at. */
public final class EffectiveSettings {

    private EffectiveSettings() {}

    /** The settings in the shape of the file; a secret shows as {@code ***}. */
    public static JsonNode of(Settings settings) {
        return FileSettings.FILE.show(settings);
    }
}
