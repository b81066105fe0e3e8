package dev.tollgate.config;

import dev.tollgate.config.Settings.Cluster;
import dev.tollgate.config.Settings.Discovery;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The settings of the cluster: how its nodes find each other, and which address this one is at. */
final class ClusterSettings {
    private static final int DEFAULT_PORT = 5701;
    private static final long HIGHEST_PORT = 65_535;
    private static final long LARGEST = 1_000;

    private static final Scalar<String> MEMBER = Scalars.matching(
            "host or `host:port`",
            "[A-Za-z0-9_.-]+(?::[0-9]{1,5})?|\\[[0-9A-Fa-f:]+\\](?::[0-9]{1,5})?",
            "is not a host or host:port");
    private static final Scalar<String> HOST =
            Scalars.matching("host name", "[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})", "is not a host name");
    private static final Scalar<String> BINDING = Scalars.matching(
            "address, `address:port`, network as `10.0.0.0/8`, or name of a network interface",
            "[A-Za-z0-9_.-]+(?::[0-9]{1,5})?|[0-9.]+/[0-9]{1,2}|[0-9A-Fa-f:]+(?:/[0-9]{1,3})?|\\[[0-9A-Fa-f:]+\\](?::[0-9]{1,5})?",
            "is not an address, a network as 10.0.0.0/8, or the name of a network interface");

    private static final Setting<Discovery.Dns, String> DNS_NAME = Setting.required(
            "name", HOST, Discovery.Dns::name, "The name whose addresses, all of them, are the members.");
    private static final Setting<Discovery.Dns, Long> DNS_PORT = Setting.withDefault(
            "port", port(), (long) DEFAULT_PORT, dns -> (long) dns.port(), "The port of every member.");
    private static final Section<Discovery.Dns> DNS_SECTION = new Section<>(
            "Members that are found by a name. It is looked up whenever members look for each other.",
            List.of(DNS_NAME, DNS_PORT),
            Set.of(),
            values ->
                    new Discovery.Dns(values.get(DNS_NAME), values.get(DNS_PORT).intValue()));

    private static final Setting<Discovery.Kubernetes, String> SERVICE_DNS = Setting.required(
            "service-dns",
            HOST,
            Discovery.Kubernetes::serviceDns,
            "The DNS name of a headless service, as `tollgate.my-namespace.svc.cluster.local`.");
    private static final Setting<Discovery.Kubernetes, Long> KUBERNETES_PORT = Setting.withDefault(
            "port", port(), (long) DEFAULT_PORT, kubernetes -> (long) kubernetes.port(), "The port of every member.");
    private static final Section<Discovery.Kubernetes> KUBERNETES_SECTION = new Section<>(
            "Members that are the pods of a headless service of Kubernetes. No rights in its API are needed.",
            List.of(SERVICE_DNS, KUBERNETES_PORT),
            Set.of(),
            values -> new Discovery.Kubernetes(
                    values.get(SERVICE_DNS), values.get(KUBERNETES_PORT).intValue()));

    private static final Setting<Discovery.Client, List<String>> ADDRESSES = Setting.required(
            "addresses",
            new ListOf<>(MEMBER, 1),
            Discovery.Client::addresses,
            "Members of the cluster, as `host` or `host:port`.");
    private static final Setting<Discovery.Client, String> CLIENT_NAME =
            Setting.withDefault("name", Scalars.NAME, "dev", Discovery.Client::name, "The name of that cluster.");
    private static final Section<Discovery.Client> CLIENT_SECTION = new Section<>(
            "A Hazelcast cluster that is there already. Its members need `tollgate-cluster-<version>.jar` on their class path.",
            List.of(ADDRESSES, CLIENT_NAME),
            Set.of(),
            values -> new Discovery.Client(values.get(ADDRESSES), values.get(CLIENT_NAME)));

    private static final Setting<Cluster, List<String>> MEMBERS = Setting.optional(
            "members",
            new ListOf<>(MEMBER, 1),
            found(Discovery.Members.class).andThen(members -> members.map(Discovery.Members::addresses)),
            "All nodes that share limits, this one included.");
    private static final Setting<Cluster, Discovery.Dns> DNS = Setting.optional(
            "dns", DNS_SECTION, found(Discovery.Dns.class), "Finds the members by a DNS name. Needs `size`.");
    private static final Setting<Cluster, Discovery.Kubernetes> KUBERNETES = Setting.optional(
            "kubernetes",
            KUBERNETES_SECTION,
            found(Discovery.Kubernetes.class),
            "Finds the members by a headless service of Kubernetes. Needs `size`.");
    private static final Setting<Cluster, String> INSTANCE = Setting.optional(
            "instance",
            Scalars.TEXT,
            found(Discovery.Instance.class).andThen(instance -> instance.map(Discovery.Instance::name)),
            "A Hazelcast instance that this JVM has already, by its own name or by the one the container binds it to "
                    + "(`java:comp/env/…`). Needs `size`.");
    private static final Setting<Cluster, Discovery.Client> CLIENT = Setting.optional(
            "client", CLIENT_SECTION, found(Discovery.Client.class), "Uses an existing cluster. Needs `size`.");
    private static final Setting<Cluster, Long> SIZE = Setting.optional(
            "size",
            Scalars.count(1, LARGEST),
            cluster -> cluster.discovery() instanceof Discovery.Members
                    ? Optional.empty()
                    : Optional.of((long) cluster.size()),
            "How many members there normally are: most of them make a majority, and a side of the cluster that has been cut off "
                    + "uses its share of this number. With `members` it is their number.");
    private static final Setting<Cluster, String> BIND = Setting.optional(
            "bind",
            BINDING,
            cluster -> Optional.ofNullable(cluster.bind()),
            "The one address of this node that the others reach it at: the address itself, the network it is in (`10.0.0.0/8`) "
                    + "or its network interface (`eth0`).");
    private static final Setting<Cluster, Boolean> ALLOW_PUBLIC = Setting.withDefault(
            "allow-public",
            Scalars.BOOLEAN,
            false,
            Cluster::allowPublic,
            "Whether that address may be one that is neither loopback nor private. Whoever reaches it can read and change every "
                    + "limit, so a firewall must let only the members in.");
    private static final Setting<Cluster, String> NAME = Setting.withDefault(
            "name",
            Scalars.NAME,
            Cluster.NONE.name(),
            Cluster::name,
            "The cluster's name; nodes of another name are not let in.");

    private static final List<Setting<Cluster, ?>> WAYS = List.of(MEMBERS, DNS, KUBERNETES, INSTANCE, CLIENT);

    static final Section<Cluster> CLUSTER = new Section<>(
            "The nodes that share limits, and whose files, batches and stored responses are. Without this section both hold "
                    + "inside this JVM. One of `members`, `dns`, `kubernetes`, `instance` and `client` says how they find each "
                    + "other. Needs `tollgate-cluster-<version>.jar` and Hazelcast beside the gateway.",
            List.of(MEMBERS, DNS, KUBERNETES, INSTANCE, CLIENT, SIZE, BIND, ALLOW_PUBLIC, NAME),
            Set.of(),
            ClusterSettings::check,
            ClusterSettings::make);

    private ClusterSettings() {}

    private static Scalar<Long> port() {
        return Scalars.count(1, HIGHEST_PORT);
    }

    private static <D extends Discovery> Function<Cluster, Optional<D>> found(Class<D> way) {
        return cluster ->
                way.isInstance(cluster.discovery()) ? Optional.of(way.cast(cluster.discovery())) : Optional.empty();
    }

    private static void check(Values values) {
        List<Setting<Cluster, ?>> said = WAYS.stream().filter(values::isSet).toList();
        if (said.isEmpty()) {
            values.problem("the members cannot be found; add members, dns, kubernetes, instance or client");
        }
        said.stream()
                .skip(1)
                .forEach(way -> values.problem(
                        way,
                        "the members are found by '" + said.get(0).key()
                                + "' already; only one of members, dns, kubernetes, "
                                + "instance and client can be used"));
        checkSize(values);
        values.find(MEMBERS).ifPresent(members -> checkMembers(values, MEMBERS, members));
        values.find(CLIENT).ifPresent(client -> checkMembers(values, CLIENT, client.addresses()));
        checkBinding(values);
    }

    private static void checkSize(Values values) {
        if (values.isSet(MEMBERS)) {
            if (values.isSet(SIZE)) {
                values.problem(SIZE, "the size is the number of members; leave it out");
            }
        } else if (!values.isSet(SIZE) && WAYS.stream().anyMatch(values::isSet)) {
            values.problem("'size' is missing: how many members there normally are");
        }
    }

    private static void checkMembers(Values values, Setting<Cluster, ?> setting, List<String> members) {
        Set<String> seen = new LinkedHashSet<>();
        for (String member : members) {
            int colon = member.lastIndexOf(':');
            String port = member.endsWith("]") || colon < 0 ? "" : member.substring(colon + 1);
            if (!isPort(port)) {
                values.problem(setting, "'" + member + "' has no such port; ports are 1 to 65535");
            }
            if (!seen.add(port.isEmpty() ? member + ":" + DEFAULT_PORT : member)) {
                values.problem(setting, "'" + member + "' is listed twice");
            }
        }
    }

    private static boolean isPort(String port) {
        return port.isEmpty() || (Integer.parseInt(port) >= 1 && Integer.parseInt(port) <= HIGHEST_PORT);
    }

    private static void checkBinding(Values values) {
        if (!values.isSet(BIND)) {
            return;
        }
        if (values.isSet(INSTANCE) || values.isSet(CLIENT)) {
            values.problem(BIND, "there is nothing to bind: the cluster is reached through an instance or as a client");
            return;
        }
        Optional<String> bind = values.find(BIND);
        if (bind.isEmpty()) {
            return;
        }
        Optional<String> problem = problemWith(bind.get());
        problem.ifPresent(what -> values.problem(BIND, what));
        boolean allowed = values.find(ALLOW_PUBLIC).orElse(true);
        if (problem.isEmpty() && !allowed && NetworkAddress.isPublicLiteral(bind.get())) {
            values.problem(
                    BIND,
                    "'" + bind.get()
                            + "' is neither loopback nor private: whoever reaches the cluster's port can read and "
                            + "change every limit. Bind to a private address, or add 'allow-public: true' behind a firewall");
        }
    }

    private static Optional<String> problemWith(String bind) {
        int slash = bind.indexOf('/');
        if (slash >= 0) {
            return NetworkAddress.parse(bind).isPresent()
                    ? Optional.empty()
                    : Optional.of("'" + bind + "' is not a network; write it as 10.0.0.0/8");
        }
        Optional<InetAddress> literal = NetworkAddress.literal(bind);
        return literal.filter(InetAddress::isAnyLocalAddress)
                .map(any -> "'" + bind + "' is every address of this machine; bind to the one the members use");
    }

    private static Cluster make(Values values) {
        List<Discovery> ways = new ArrayList<>();
        values.find(MEMBERS).ifPresent(members -> ways.add(new Discovery.Members(members)));
        values.find(DNS).ifPresent(ways::add);
        values.find(KUBERNETES).ifPresent(ways::add);
        values.find(INSTANCE).ifPresent(name -> ways.add(new Discovery.Instance(name)));
        values.find(CLIENT).ifPresent(ways::add);
        Discovery way = ways.get(0);
        int size = way instanceof Discovery.Members members
                ? members.addresses().size()
                : values.find(SIZE).orElse(1L).intValue();
        return new Cluster(way, values.find(BIND).orElse(null), values.get(ALLOW_PUBLIC), values.get(NAME), size);
    }
}
