package dev.tollgate.config;

import dev.tollgate.config.Scalar.NotOne;
import dev.tollgate.provider.Handling.Transport;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The settings of the connections to a provider. */
final class ConnectionSettings {
    private static final int HIGHEST_PORT = 65_535;

    /** YAML reads 1.1 as a number; as text it is the same. */
    private static final Scalar<Boolean> VERSION = new Scalar<>(
            "`1.1` or `2`",
            ConnectionSettings::versions,
            ConnectionSettings::isSecond,
            second -> JsonNodeFactory.instance.stringNode(second ? "2" : "1.1"));

    private static final Scalar<URI> PROXY = Scalar.text(
            "URL of a forward proxy, as `http://proxy.internal:3128`",
            Scalars.pattern("http://[^/@]+:[0-9]{1,5}/?"),
            ConnectionSettings::proxy,
            URI::toString);

    private static final Setting<Transport, Long> MAX_CONNECTIONS = Setting.withDefault(
            "max-connections",
            Scalars.count(1, 100_000),
            (long) Transport.DEFAULT.maxConnections(),
            transport -> (long) transport.maxConnections(),
            "The most connections at a time to one address; over HTTP/2 the most calls at a time.");
    private static final Setting<Transport, Long> MAX_PENDING = Setting.withDefault(
            "max-pending",
            Scalars.count(0, 1_000_000),
            (long) Transport.DEFAULT.maxPending(),
            transport -> (long) transport.maxPending(),
            "The most calls that wait for one of them. What is more goes to the next target.");
    private static final Setting<Transport, Boolean> HTTP = Setting.withDefault(
            "http", VERSION, Transport.DEFAULT.http2(), Transport::http2, "The version of HTTP that is spoken.");
    private static final Setting<Transport, URI> FORWARD_PROXY = Setting.optional(
            "proxy",
            PROXY,
            transport -> Optional.ofNullable(transport.proxy()),
            "The forward proxy that connections go through. None by default.");
    private static final Setting<Transport, Path> CA = Setting.optional(
            "ca",
            PemFile.CERTIFICATES,
            transport -> Optional.ofNullable(transport.ca()),
            "Certificates of authorities that are trusted besides those that the JVM trusts.");
    private static final Setting<Transport, Path> CLIENT_CERTIFICATE = Setting.optional(
            "client-certificate",
            PemFile.CERTIFICATES,
            transport -> Optional.ofNullable(transport.clientCertificate()),
            "The certificate, with its chain, that the gateway shows. Needs `client-key`.");
    private static final Setting<Transport, Path> CLIENT_KEY = Setting.optional(
            "client-key",
            PemFile.PRIVATE_KEY,
            transport -> Optional.ofNullable(transport.clientKey()),
            "The private key of `client-certificate` (PKCS #8, not encrypted).");

    static final Section<Transport> CONNECTION = new Section<>(
            "How connections to a provider are made. Certificates are always verified.",
            List.of(MAX_CONNECTIONS, MAX_PENDING, HTTP, FORWARD_PROXY, CA, CLIENT_CERTIFICATE, CLIENT_KEY),
            Set.of(),
            ConnectionSettings::make);

    private ConnectionSettings() {}

    private static Transport make(Values values) {
        needs(values, CLIENT_CERTIFICATE, CLIENT_KEY);
        needs(values, CLIENT_KEY, CLIENT_CERTIFICATE);
        return new Transport(
                Math.toIntExact(values.get(MAX_CONNECTIONS)),
                Math.toIntExact(values.get(MAX_PENDING)),
                values.get(HTTP),
                values.find(FORWARD_PROXY).orElse(null),
                values.find(CA).orElse(null),
                values.find(CLIENT_CERTIFICATE).orElse(null),
                values.find(CLIENT_KEY).orElse(null));
    }

    private static void needs(Values values, Setting<Transport, Path> one, Setting<Transport, Path> other) {
        if (values.isSet(one) && !values.isSet(other)) {
            values.problem(one, "'" + one.key() + "' without '" + other.key() + "'");
        }
    }

    private static void versions(ObjectNode schema) {
        ArrayNode either = schema.putArray("anyOf");
        either.addObject().putArray("enum").add(1.1).add(2).add("1.1").add("2");
        Scalars.pattern("1\\.1|2").accept(either.addObject());
    }

    private static Boolean isSecond(String text) throws NotOne {
        return switch (text) {
            case "1.1" -> Boolean.FALSE;
            case "2" -> Boolean.TRUE;
            default -> throw new NotOne("is not a version of HTTP that is spoken; write 1.1 or 2");
        };
    }

    private static URI proxy(String text) throws NotOne {
        try {
            URI url = new URI(text);
            boolean bare = url.getUserInfo() == null && url.getRawQuery() == null && url.getRawFragment() == null;
            boolean rooted = url.getRawPath() == null
                    || url.getRawPath().isEmpty()
                    || url.getRawPath().equals("/");
            boolean port = url.getPort() > 0 && url.getPort() <= HIGHEST_PORT;
            if ("http".equals(url.getScheme()) && url.getHost() != null && port && bare && rooted) {
                return URI.create("http://" + url.getHost() + ":" + url.getPort());
            }
        } catch (URISyntaxException e) {
            // told below, as what is no such URL for another reason
        }
        throw new NotOne("is not of the form http://host:port; a proxy takes neither user nor path");
    }
}
