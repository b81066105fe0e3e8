package dev.tollgate.config;

import dev.tollgate.config.Settings.ExplainPage;
import dev.tollgate.config.Settings.Media;
import dev.tollgate.config.Settings.Metrics;
import dev.tollgate.config.Settings.Overload;
import dev.tollgate.config.Settings.Server;
import dev.tollgate.config.Settings.UsagePage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The settings of the gateway itself. */
final class ServerSettings {
    private static final Setting<Server, Metrics> METRICS_SECTION = Setting.optional(
            "metrics",
            PageSettings.METRICS,
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
            PageSettings.USAGE,
            server -> Optional.ofNullable(server.usage()),
            "The page of what has been used. Off by default.");
    private static final Setting<Server, ExplainPage> EXPLAIN_SECTION = Setting.optional(
            "explain",
            PageSettings.EXPLAIN,
            server -> Optional.ofNullable(server.explain()),
            "The page that says what would become of a call. Off by default.");
    private static final Setting<Server, Overload> OVERLOAD = Setting.withDefault(
            "overload",
            OverloadSettings.OVERLOAD,
            Overload.DEFAULT,
            Server::overload,
            "When calls are refused because the gateway itself has too much to do.");
    private static final Setting<Server, Duration> DRAIN = Setting.withDefault(
            "drain",
            Scalars.duration(Duration.ZERO, Duration.ofHours(1)),
            Server.DEFAULT_DRAIN,
            Server::drain,
            "How long calls under way may take to finish when the gateway is closed.");

    static final Section<Server> SERVER = new Section<>(
            "What the gateway itself is like.",
            List.of(
                    METRICS_SECTION,
                    MAX_BODY,
                    MAX_UPLOAD,
                    HEARTBEAT,
                    ANSWER_HEADERS,
                    LOG,
                    RELAYS,
                    USAGE_SECTION,
                    EXPLAIN_SECTION,
                    OVERLOAD,
                    DRAIN),
            Set.of("admin"),
            ServerSettings::server);

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

    private static Server server(Values values) {
        Server server = new Server(
                values.find(METRICS_SECTION).orElse(null),
                values.get(MAX_BODY),
                values.get(HEARTBEAT),
                values.get(ANSWER_HEADERS),
                values.get(LOG),
                values.get(MAX_UPLOAD),
                values.get(RELAYS),
                values.find(USAGE_SECTION).orElse(null),
                values.find(EXPLAIN_SECTION).orElse(null),
                values.get(OVERLOAD),
                values.get(DRAIN));
        values.find(METRICS_SECTION).ifPresent(page -> takePath(values, METRICS_SECTION, page.path()));
        values.find(USAGE_SECTION).ifPresent(page -> takePath(values, USAGE_SECTION, page.path()));
        values.find(EXPLAIN_SECTION).ifPresent(page -> takePath(values, EXPLAIN_SECTION, page.path()));
        return server;
    }

    private static void takePath(Values values, Setting<Server, ?> section, String path) {
        values.reading().takeOnce("path of a page", path, values.at(section));
    }
}
