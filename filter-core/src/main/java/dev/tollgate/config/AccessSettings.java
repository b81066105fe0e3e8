package dev.tollgate.config;

import dev.tollgate.config.Settings.Access;
import dev.tollgate.config.Settings.Priority;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The settings that say who may call. */
final class AccessSettings {
    private static final Setting<Settings.Key, String> NAME =
            Setting.required("name", Scalars.NAME, Settings.Key::name, "What logs, limits and metrics call the key.");
    private static final Setting<Settings.Key, String> SHA256 = Setting.required(
            "sha256",
            Scalars.SHA256,
            Settings.Key::sha256,
            "The SHA-256 of the key's text: `printf %s \"$KEY\" | sha256sum`. The key itself stands nowhere.");
    private static final Setting<Settings.Key, String> TEAM = Setting.optional(
            "team", Scalars.TEXT, key -> Optional.ofNullable(key.team()), "The team that the key belongs to.");
    private static final Setting<Settings.Key, String> USER = Setting.optional(
            "user", Scalars.TEXT, key -> Optional.ofNullable(key.user()), "The user that the key belongs to.");
    private static final Setting<Settings.Key, List<String>> MODELS = Setting.required(
            "models",
            new ListOf<>(new ModelName(true), 1),
            Settings.Key::models,
            "The models that the key may use: names under `models`, patterns with one `*`, or aliases. `[\"*\"]` allows all. By its "
                    + "own name a model is allowed with all its aliases; by an alias, under that name only.");
    private static final Setting<Settings.Key, Instant> EXPIRES = Setting.optional(
            "expires", Scalars.INSTANT, Settings.Key::expires, "When the key ceases to be valid. Never by default.");

    private static final Setting<Settings.Key, Priority> PRIORITY = Setting.withDefault(
            "priority",
            Scalars.choice(Priority.class),
            Priority.INTERACTIVE,
            Settings.Key::priority,
            "How urgent its calls are. Those of `batch` leave alone what limits keep for interactive ones "
                    + "(`interactive-share`). A caller may say so of a single call by the header `x-tollgate-priority: batch`.");

    private static final Setting<Settings.Key, List<String>> TARGET_TAGS = Setting.withDefault(
            "target-tags",
            new ListOf<>(new TargetTag(false), 0),
            List.of(),
            key -> key.targetTags().stream().sorted().toList(),
            "The tags that each target of its calls must have, as `[eu]`: others are passed over.");

    static final Type<List<Settings.Key>> KEYS = new ListOf<>(
            new Section<>(
                    "A key that callers show, known by its digest only.",
                    List.of(NAME, SHA256, TEAM, USER, MODELS, EXPIRES, PRIORITY, TARGET_TAGS),
                    Set.of("endpoints", "ips"),
                    AccessSettings::key),
            0);

    private static final Setting<Access, Boolean> OPEN = Setting.withDefault(
            "open",
            Scalars.BOOLEAN,
            false,
            Access::open,
            "Whether callers who show no key may use every model. For gateways that only trusted callers can reach.");

    static final Section<Access> ACCESS = new Section<>(
            "Access besides keys.",
            List.of(OPEN),
            Set.of("jwt", "container", "certificates"),
            values -> new Access(values.get(OPEN)));

    private AccessSettings() {}

    private static Settings.Key key(Values values) {
        Reading reading = values.reading();
        String name = values.get(NAME);
        reading.declare("key", name, values.at(NAME));
        reading.takeOnce("key name", name, values.at(NAME));
        reading.takeOnce("key digest", values.get(SHA256), values.at(SHA256));
        return new Settings.Key(
                name,
                values.get(SHA256),
                values.find(TEAM).orElse(null),
                values.find(USER).orElse(null),
                values.get(MODELS),
                values.find(EXPIRES),
                values.get(PRIORITY),
                Set.copyOf(values.get(TARGET_TAGS)));
    }
}
