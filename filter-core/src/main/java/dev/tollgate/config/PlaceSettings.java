package dev.tollgate.config;

import dev.tollgate.provider.Provider;
import dev.tollgate.provider.ProviderRow;
import dev.tollgate.provider.RowSetting;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The settings of a provider that its URLs have places for. */
final class PlaceSettings {
    private static final List<Setting<Provider, String>> ALL = List.of(
            place("region", Scalars.WORD, "AWS: the region. `AWS_REGION` by default."),
            place("project", Scalars.LABEL, "Vertex AI: the project's id. `GOOGLE_CLOUD_PROJECT` by default."),
            place("location", Scalars.WORD, "Vertex AI: the location, `global` by default."),
            place(
                    "api-version",
                    Scalars.WORD,
                    "Azure: the version of its API. With it models are asked at the paths of their deployments, without it by "
                            + "the v1 API."));

    private PlaceSettings() {}

    private static Setting<Provider, String> place(String key, Scalar<String> type, String about) {
        return Setting.optional(
                key, type, provider -> Optional.ofNullable(provider.settings().get(key)), about);
    }

    static List<Setting<Provider, String>> all() {
        return ALL;
    }

    /** What a row's places are filled with: what the file says, the environment, or the row itself. Notes what is missing. */
    static Map<String, String> read(Values values, ProviderRow row) {
        Map<String, String> said = new LinkedHashMap<>();
        for (Setting<Provider, String> setting : ALL) {
            RowSetting place = row.settings().get(setting.key());
            if (place != null) {
                value(values, setting, place).ifPresent(value -> said.put(setting.key(), value));
            } else if (values.isSet(setting)) {
                values.problem(setting, row.name() + " takes no '" + setting.key() + "'");
            }
        }
        return said;
    }

    private static Optional<String> value(Values values, Setting<Provider, String> setting, RowSetting place) {
        Optional<String> value = values.find(setting)
                .or(() -> place.variables().stream()
                        .flatMap(name -> values.reading().surroundings().references().found(name).stream())
                        .findFirst())
                .or(() -> Optional.ofNullable(place.fallback()));
        if (value.isEmpty() && place.required()) {
            values.problem("'" + setting.key() + "' is missing"
                    + (place.variables().isEmpty()
                            ? ""
                            : ", and " + place.variables().get(0) + " is not set"));
        }
        return value;
    }
}
