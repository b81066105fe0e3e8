package dev.tollgate.config;

import dev.tollgate.config.Settings.ExplainPage;
import dev.tollgate.config.Settings.Metrics;
import dev.tollgate.config.Settings.UsagePage;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The settings of pages that the gateway has besides calls. */
final class PageSettings {
    private static final Setting<Metrics, String> METRICS_PATH = Setting.withDefault(
            "path", Scalars.PATH, "/tollgate/metrics", Metrics::path, "Where the Prometheus text is served.");
    private static final Setting<Metrics, Boolean> METRICS_OPEN = Setting.withDefault(
            "open",
            Scalars.BOOLEAN,
            false,
            Metrics::open,
            "Whether it is shown without a key. Otherwise any key of `keys` will do.");
    static final Section<Metrics> METRICS = new Section<>(
            "Metrics for Prometheus. Without this section there are none.",
            List.of(METRICS_PATH, METRICS_OPEN),
            Set.of(),
            values -> new Metrics(values.get(METRICS_PATH), values.get(METRICS_OPEN)));

    private static final Setting<UsagePage, String> USAGE_PATH =
            Setting.withDefault("path", Scalars.PATH, "/tollgate/usage", UsagePage::path, "Where the page is served.");
    private static final Setting<UsagePage, List<String>> USAGE_KEYS =
            keys(UsagePage::keys, "The names of the keys that may see it, which tells what all others have used.");
    static final Section<UsagePage> USAGE = new Section<>(
            "The page of what keys, teams, users, models and providers have used, by the hour and by the day. Without this "
                    + "section there is none.",
            List.of(USAGE_PATH, USAGE_KEYS),
            Set.of(),
            values -> new UsagePage(values.get(USAGE_PATH), checked(values, USAGE_KEYS)));

    private static final Setting<ExplainPage, String> EXPLAIN_PATH = Setting.withDefault(
            "path", Scalars.PATH, "/tollgate/explain", ExplainPage::path, "Where calls to explain are posted to.");
    private static final Setting<ExplainPage, List<String>> EXPLAIN_KEYS = keys(
            ExplainPage::keys,
            "The names of the keys that may ask. They may ask about the calls of all others, and see what is left of their "
                    + "limits.");
    static final Section<ExplainPage> EXPLAIN = new Section<>(
            "The page that says what would become of a call, without making it. Without this section there is none.",
            List.of(EXPLAIN_PATH, EXPLAIN_KEYS),
            Set.of(),
            values -> new ExplainPage(values.get(EXPLAIN_PATH), checked(values, EXPLAIN_KEYS)));

    private PageSettings() {}

    private static <P> Setting<P, List<String>> keys(Function<P, List<String>> getter, String about) {
        return Setting.required("keys", new ListOf<>(Scalars.NAME, 1), getter, about);
    }

    private static List<String> checked(Values values, Setting<?, List<String>> setting) {
        List<String> keys = values.get(setting);
        values.reading().later(() -> check(values, setting, keys));
        return keys;
    }

    private static void check(Values values, Setting<?, List<String>> setting, List<String> keys) {
        Set<String> declared = values.reading().declared("key");
        keys.stream()
                .filter(key -> !declared.contains(key))
                .forEach(key ->
                        values.problem(setting, "no key is called '" + key + "'" + Suggestion.ending(key, declared)));
    }
}
