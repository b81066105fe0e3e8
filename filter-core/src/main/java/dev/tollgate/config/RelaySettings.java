package dev.tollgate.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Where calls go that name no model. */
final class RelaySettings {
    private static final List<Setting<Map<String, String>, String>> FAMILIES = List.of(
            family("images", "Where `/v1/images/…` go that name no model before their file."),
            family("audio", "Where `/v1/audio/…` go that name no model before their file."),
            family("moderations", "Where `/v1/moderations` go that name no model."),
            family("files", "Where files are uploaded."),
            family("batches", "Where batches are listed. A new batch goes where its file is."));

    static final Section<Map<String, String>> RELAYS = new Section<>(
            "Where calls go that are not translated and name no model. Without a line here they go to the only provider that "
                    + "serves them, and are refused where there are several.",
            List.copyOf(FAMILIES),
            Set.of(),
            RelaySettings::make);

    private RelaySettings() {}

    private static Setting<Map<String, String>, String> family(String name, String about) {
        return Setting.optional(name, Scalars.NAME, relays -> Optional.ofNullable(relays.get(name)), about);
    }

    private static Map<String, String> make(Values values) {
        Map<String, String> relays = new LinkedHashMap<>();
        for (Setting<Map<String, String>, String> family : FAMILIES) {
            values.find(family).ifPresent(provider -> {
                relays.put(family.key(), provider);
                values.reading().later(() -> check(values, family, provider));
            });
        }
        return relays;
    }

    private static void check(Values values, Setting<Map<String, String>, String> family, String provider) {
        Set<String> declared = values.reading().declared("provider");
        if (!declared.contains(provider)) {
            values.problem(family, "no provider is called '" + provider + "'" + Suggestion.ending(provider, declared));
        }
    }
}
