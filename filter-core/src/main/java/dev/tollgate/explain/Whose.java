package dev.tollgate.explain;

import dev.tollgate.Refusal;
import dev.tollgate.access.Authenticator;
import dev.tollgate.access.Caller;
import dev.tollgate.config.Settings.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Whose call it is that a question is about. */
public sealed interface Whose {

    /**
     * The caller.
     *
     * @throws Refusal when there is none
     */
    Caller caller(Authenticator authenticator);

    /** Of a configured key. */
    record Key(String name) implements Whose {
        @Override
        public Caller caller(Authenticator authenticator) {
            return authenticator.named(name);
        }
    }

    /** Of somebody that no key is for. */
    record Somebody(Caller who) implements Whose {
        @Override
        public Caller caller(Authenticator authenticator) {
            return who;
        }
    }

    /** Reads the field {@code key}: a name, or what a key would say. */
    static Optional<Whose> read(JsonNode written) {
        if (written.isMissingNode()) {
            return Optional.empty();
        }
        if (written.isString()) {
            return Optional.of(new Key(written.stringValue()));
        }
        if (!written.isObject()) {
            throw Refusal.badField(
                    "key",
                    "'key' must be the name of a key, or an object with team, user, models, priority and"
                            + " target_tags");
        }
        return Optional.of(new Somebody(somebody(written)));
    }

    private static Caller somebody(JsonNode written) {
        written.propertyNames().forEach(Whose::refuseUnknown);
        List<String> models = texts(written, "models");
        return new Caller(
                null,
                text(written, "team"),
                text(written, "user"),
                models.isEmpty() ? List.of("*") : models,
                Priority.INTERACTIVE.lowered(text(written, "priority")),
                Set.copyOf(texts(written, "target_tags")));
    }

    private static void refuseUnknown(String field) {
        if (!Set.of("team", "user", "models", "priority", "target_tags").contains(field)) {
            throw Refusal.badField("key." + field, "a caller has team, user, models, priority and target_tags");
        }
    }

    private static @Nullable String text(JsonNode written, String field) {
        JsonNode value = written.path(field);
        if (value.isMissingNode()) {
            return null;
        }
        if (!value.isString()) {
            throw Refusal.badField("key." + field, "'" + field + "' must be a text");
        }
        return value.stringValue();
    }

    private static List<String> texts(JsonNode written, String field) {
        JsonNode value = written.path(field);
        if (!value.isMissingNode() && !value.isArray()) {
            throw Refusal.badField("key." + field, "'" + field + "' must be a list of texts");
        }
        List<String> texts = new ArrayList<>();
        value.forEach(each -> {
            if (!each.isString()) {
                throw Refusal.badField("key." + field, "'" + field + "' must be a list of texts");
            }
            texts.add(each.stringValue());
        });
        return texts;
    }
}
