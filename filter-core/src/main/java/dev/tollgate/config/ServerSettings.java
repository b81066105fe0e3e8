package dev.tollgate.config;

import dev.tollgate.config.Settings.Media;
import dev.tollgate.config.Settings.Metrics;
import dev.tollgate.config.Settings.Server;
import dev.tollgate.config.Settings.UsagePage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The settings of the gateway itself. */
final class ServerSettings {
    private static final Setting<Metrics, String> METRICS_PATH = Setting.withDefault(
            "path", Scalars.PATH, "/tollgate/metrics", Metrics::path, "Where the Prometheus text is served.");
    private static final Setting<Metrics, Boolean> METRICS_OPEN = Setting.withDefault(
            "open",
            Scalars.BOOLEAN,
            false,
            Metrics::open,
            "Whether it is shown without a key. Otherwise any key of `keys` will do.");
    private static final Section<Metrics> METRICS = new Section<>(
            "Metrics for Prometheus. Without this section there are none.",
            List.of(METRICS_PATH, METRICS_OPEN),
            Set.of(),
            values -> new Metrics(values.get(METRICS_PATH), values.get(METRICS_OPEN)));

    private static final Setting<UsagePage, String> USAGE_PATH =
            Setting.withDefault("path", Scalars.PATH, "/tollgate/usage", UsagePage::path, "Where the page is served.");
    private static final Setting<UsagePage, List<String>> USAGE_KEYS = Setting.required(
            "keys",
            new ListOf<>(Scalars.NAME, 1),
            UsagePage::keys,
            "The names of the keys that may see it, which tells what all others have used.");
    private static final Section<UsagePage> USAGE = new Section<>(
            "The page of what keys, teams, users, models and providers have used, by the hour and by the day. Without this "
                    + "section there is none.",
            List.of(USAGE_PATH, USAGE_KEYS),
            Set.of(),
            ServerSettings::usagePage);

    private static final Setting<Server, Metrics> METRICS_SECTION = Setting.optional(
            "metrics",
            METRICS,
            server -> Optional.ofNullable(server.metrics()),
            "Metrics for Prometheus. Off by default.");
    private static final Setting<Server, Long> MAX_BODY = Setting.withDefault(
            "max-body",
            Scalars.SIZE,
            Server.DEFAULT.maxBodyBytes(),
            Server::maxBodyBytes,
            "The largest request body accepted; larger ones are answered with 413.");
    private static final Setting<Server, Duration> HEARTBEAT = Setting.withDefault(
            "heartbeat",
            Scalars.duration(Duration.ZERO, Duration.ofHours(1)),
            Server.DEFAULT.heartbeat(),
            Server::heartbeat,
            "How long a stream may be silent before the caller is sent a sign of life, which is also how a caller who has left "
                    + "is noticed. `0s` sends none.");
    private static final Setting<Server, Boolean> ANSWER_HEADERS = Setting.withDefault(
            "answer-headers",
            Scalars.BOOLEAN,
            Server.DEFAULT.answerHeaders(),
            Server::answerHeaders,
            "Whether answers carry the `x-tollgate-*` headers.");
    private static final Setting<Server, Boolean> LOG = Setting.withDefault(
            "log", Scalars.BOOLEAN, Server.DEFAULT.log(), Server::log, "Whether a JSON line is logged for every call.");

    private static final Setting<Server, Long> MAX_UPLOAD = Setting.withDefault(
            "max-upload",
            Scalars.SIZE,
            Server.DEFAULT.maxUploadBytes(),
            Server::maxUploadBytes,
            "The largest form accepted (files, images and audio that are uploaded). It is passed on as it comes and never held "
                    + "whole.");
    private static final Setting<Server, Map<String, String>> RELAYS = Setting.withDefault(
            "relays",
            RelaySettings.RELAYS,
            Map.of(),
            Server::relays,
            "The providers of calls that are not translated and name no model.");

    private static final Setting<Server, UsagePage> USAGE_SECTION = Setting.optional(
            "usage",
            USAGE,
            server -> Optional.ofNullable(server.usage()),
            "The page of what has been used. Off by default.");

    static final Section<Server> SERVER = new Section<>(
            "What the gateway itself is like.",
            List.of(METRICS_SECTION, MAX_BODY, MAX_UPLOAD, HEARTBEAT, ANSWER_HEADERS, LOG, RELAYS, USAGE_SECTION),
            Set.of("admin"),
            values -> new Server(
                    values.find(METRICS_SECTION).orElse(null),
                    values.get(MAX_BODY),
                    values.get(HEARTBEAT),
                    values.get(ANSWER_HEADERS),
                    values.get(LOG),
                    values.get(MAX_UPLOAD),
                    values.get(RELAYS),
                    values.find(USAGE_SECTION).orElse(null),
                    null,
                    Settings.Overload.DEFAULT,
                    Server.DEFAULT_DRAIN));

    private static final Setting<Media, List<String>> FETCH_FROM = Setting.withDefault(
            "fetch-from",
            new ListOf<>(
                    Scalars.matching(
                            "host, `host:port` or address, with `http://` in front for plain HTTP",
                            "(?:http://)?(?:[A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?",
                            "is not a host or host:port"),
                    0),
            List.of(),
            Media::fetchFrom,
            "Hosts that the gateway may fetch images and documents from, over HTTPS, for targets that take no URLs. A host that "
                    + "leads to a private address is refused unless that address is listed too. Empty, nothing is fetched.");
    private static final Setting<Media, Long> MAX_BYTES = Setting.withDefault(
            "max-bytes",
            Scalars.SIZE,
            Media.NONE.maxBytes(),
            Media::maxBytes,
            "The most that is fetched for one call; what is larger is left out.");

    static final Section<Media> MEDIA = new Section<>(
            "Images and documents behind URLs. They are handed on for the provider to fetch; where it cannot, they are left out "
                    + "and reported, unless the gateway may fetch them.",
            List.of(FETCH_FROM, MAX_BYTES),
            Set.of(),
            values -> new Media(values.get(FETCH_FROM), values.get(MAX_BYTES)));

    private ServerSettings() {}

    private static UsagePage usagePage(Values values) {
        UsagePage page = new UsagePage(values.get(USAGE_PATH), values.get(USAGE_KEYS));
        values.reading().later(() -> checkKeys(page.keys(), values));
        return page;
    }

    private static void checkKeys(List<String> keys, Values values) {
        Set<String> declared = values.reading().declared("key");
        keys.stream()
                .filter(key -> !declared.contains(key))
                .forEach(key -> values.problem(
                        USAGE_KEYS, "no key is called '" + key + "'" + Suggestion.ending(key, declared)));
    }
}
