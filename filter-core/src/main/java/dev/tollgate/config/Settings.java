package dev.tollgate.config;

import dev.tollgate.provider.Provider;
import dev.tollgate.tariff.Price;
import dev.tollgate.tariff.PriceFile;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A configuration that has been read and found whole. Immutable; a change of the file makes a new one. */
public record Settings(
        Map<String, Provider> providers,
        Map<String, Model> models,
        List<Key> keys,
        Access access,
        List<Limit> limits,
        Cluster cluster,
        Server server,
        Map<String, Price> prices,
        Media media,
        @Nullable Ledger ledger,
        List<PriceFile> priceFiles) {

    /** Settings that fetch nothing on a caller's behalf, keep no ledger and read no price files. */
    public Settings(
            Map<String, Provider> providers,
            Map<String, Model> models,
            List<Key> keys,
            Access access,
            List<Limit> limits,
            Cluster cluster,
            Server server,
            Map<String, Price> prices) {
        this(providers, models, keys, access, limits, cluster, server, prices, Media.NONE, null, List.of());
    }

    public Settings {
        providers = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(providers));
        models = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(models));
        keys = List.copyOf(keys);
        limits = List.copyOf(limits);
        prices = Map.copyOf(prices);
        priceFiles = List.copyOf(priceFiles);
    }

    /**
     * A name callers ask for, and where it goes.
     *
     * @param name the name, or a pattern with one {@code *}
     * @param attempts the most attempts one call may make, the first included
     * @param maxOutputTokens output tokens to ask for where a provider needs a number and the caller gave none
     * @param unsupported what is done with a request of which a target cannot be told everything
     * @param routing how calls are spread, tried again and kept alive beyond that
     */
    public record Model(
            String name,
            Pick pick,
            List<Target> targets,
            List<Target> fallback,
            Timeouts timeouts,
            int attempts,
            long maxOutputTokens,
            Unsupported unsupported,
            Routing routing) {
        public static final int DEFAULT_ATTEMPTS = 3;
        public static final long DEFAULT_MAX_OUTPUT_TOKENS = 8192;

        public Model {
            targets = List.copyOf(targets);
            fallback = List.copyOf(fallback);
        }

        /** A model whose targets are sent what they can be told. */
        public Model(
                String name,
                Pick pick,
                List<Target> targets,
                List<Target> fallback,
                Timeouts timeouts,
                int attempts,
                long maxOutputTokens) {
            this(name, pick, targets, fallback, timeouts, attempts, maxOutputTokens, Unsupported.REPORT);
        }

        /** A model that is routed as all are by default. */
        public Model(
                String name,
                Pick pick,
                List<Target> targets,
                List<Target> fallback,
                Timeouts timeouts,
                int attempts,
                long maxOutputTokens,
                Unsupported unsupported) {
            this(name, pick, targets, fallback, timeouts, attempts, maxOutputTokens, unsupported, Routing.DEFAULT);
        }

        /** The same model, whose calls are sent to one target once. */
        public Model triedOnce() {
            return new Model(
                    name,
                    pick,
                    targets,
                    fallback,
                    timeouts,
                    1,
                    maxOutputTokens,
                    unsupported,
                    routing.withoutSecondTries());
        }
    }

    /**
     * How calls of a model are spread over its targets, tried again and kept alive.
     *
     * @param aliases other names that callers may ask for it by, without {@code *}
     * @param sticky what calls have in common that are to go to one target; empty for nothing
     * @param contextWindowFallback where calls go that a target found too long
     * @param contentPolicyFallback where calls go that a target refused for what they say
     * @param budgetFallback where calls go for which a budget has no money left
     * @param fastFailuresOnly only failures that came sooner than this lead to another target; zero for all
     * @param hedge whether a second target is asked when the first is slower than it is nineteen times of twenty
     * @param resume whether a stream that was cut is continued by the next target from the text already sent
     * @param minThroughput characters a second below which a stream that has begun is taken for stalled; 0 for any
     * @param callerControl whether callers may say by headers how their calls are tried
     */
    public record Routing(
            List<String> aliases,
            Optional<Sticky> sticky,
            List<Target> contextWindowFallback,
            List<Target> contentPolicyFallback,
            List<Target> budgetFallback,
            Duration fastFailuresOnly,
            boolean hedge,
            boolean resume,
            int minThroughput,
            boolean callerControl) {
        public static final Routing DEFAULT = new Routing(
                List.of(), Optional.empty(), List.of(), List.of(), List.of(), Duration.ZERO, false, false, 0, false);

        public Routing {
            aliases = List.copyOf(aliases);
            contextWindowFallback = List.copyOf(contextWindowFallback);
            contentPolicyFallback = List.copyOf(contentPolicyFallback);
            budgetFallback = List.copyOf(budgetFallback);
        }

        Routing withoutSecondTries() {
            return new Routing(
                    aliases,
                    sticky,
                    List.of(),
                    List.of(),
                    List.of(),
                    fastFailuresOnly,
                    false,
                    false,
                    minThroughput,
                    callerControl);
        }
    }

    /** What calls have in common that are to go to one target as long as it is well. */
    public sealed interface Sticky {
        /** The value of a header. */
        record ToHeader(String name) implements Sticky {}

        /** How their conversation begins: its instructions, tools and first message. */
        record ToConversation() implements Sticky {}

        /** The servlet session that they are part of. */
        record ToSession() implements Sticky {}

        /** The target whose prompt cache is warm for them. */
        record ToCache() implements Sticky {}
    }

    /** What is done with a request of which a target cannot be told everything. */
    public enum Unsupported {
        /** It is sent without what cannot be said, which is reported. */
        REPORT,
        /** It is refused. */
        STRICT,
        /** It goes to the targets that can be told everything; it is refused where there is none. */
        ROUTE
    }

    /** How the first target of a call is chosen. */
    public enum Pick {
        /** The first that is well. */
        ORDER,
        /** At random, by weight. */
        WEIGHTED,
        /** The one with the fewest calls under way. */
        LEAST_BUSY,
        /** The better of two drawn at random, by time to first token. */
        FASTEST,
        /** The one with the lowest price for the call at hand. */
        CHEAPEST
    }

    /**
     * A model of a provider; {@code model} may hold one {@code *}, which stands for what the name's {@code *} matched.
     *
     * @param traits what sets it apart from its neighbours
     */
    public record Target(String provider, String model, int weight, Traits traits) {
        /** A target like any other. */
        public Target(String provider, String model, int weight) {
            this(provider, model, weight, Traits.NONE);
        }
    }

    /**
     * What sets a target apart.
     *
     * @param tier targets of a higher tier are asked only when none of a lower one can be; from 1
     * @param tags words that callers may need their targets to have
     * @param contextWindow the most tokens of input and output together; empty when that is not known
     * @param lacks what it cannot do though others of its kind can
     */
    public record Traits(int tier, Set<String> tags, OptionalLong contextWindow, Set<Ability> lacks) {
        public static final Traits NONE = new Traits(1, Set.of(), OptionalLong.empty(), Set.of());

        public Traits {
            tags = Set.copyOf(tags);
            lacks = Set.copyOf(lacks);
        }
    }

    /** What calls may need a target to be able to do. */
    public enum Ability {
        TOOLS,
        IMAGES,
        DOCUMENTS,
        AUDIO,
        /** An answer in a schema of the caller's. */
        STRUCTURED_OUTPUT,
        REASONING,
        STREAMING
    }

    /**
     * Deadlines of a call: each attempt's connect and first byte, the gaps in the content of an answer, and the whole.
     *
     * @param hold how long a stream that has begun without content is kept from the caller, while another target could still
     *     answer instead
     */
    public record Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total, Duration hold) {
        public static final Duration DEFAULT_HOLD = Duration.ofSeconds(10);

        /** Deadlines with streams held as long as they are by default. */
        public Timeouts(Duration connect, Duration firstByte, Duration idle, Duration total) {
            this(connect, firstByte, idle, total, DEFAULT_HOLD);
        }

        public static final Timeouts DEFAULT = new Timeouts(
                Duration.ofSeconds(3), Duration.ofSeconds(60), Duration.ofSeconds(60), Duration.ofSeconds(600));
    }

    /**
     * A key callers may show, known only by the SHA-256 of its text (lower-case hex).
     *
     * @param targetTags the tags that each target of its calls must have
     */
    public record Key(
            String name,
            String sha256,
            @Nullable String team,
            @Nullable String user,
            List<String> models,
            Optional<Instant> expires,
            Priority priority,
            Set<String> targetTags) {
        public Key {
            models = List.copyOf(models);
            targetTags = Set.copyOf(targetTags);
        }

        /** A key whose calls may go to any target. */
        public Key(
                String name,
                String sha256,
                @Nullable String team,
                @Nullable String user,
                List<String> models,
                Optional<Instant> expires,
                Priority priority) {
            this(name, sha256, team, user, models, expires, priority, Set.of());
        }

        /** A key of interactive callers. */
        public Key(
                String name,
                String sha256,
                @Nullable String team,
                @Nullable String user,
                List<String> models,
                Optional<Instant> expires) {
            this(name, sha256, team, user, models, expires, Priority.INTERACTIVE);
        }
    }

    /** How urgent calls are. */
    public enum Priority {
        /** Somebody waits for the answer. */
        INTERACTIVE,
        /** Nobody does: where a limit keeps a share for interactive calls, these leave it alone. */
        BATCH;

        /**
         * The priority of one call of a caller of this one, which may say that it is less urgent and not that it is more.
         *
         * @param asked what the call says ({@code x-tollgate-priority}), or null when it says nothing
         */
        public Priority lowered(@Nullable String asked) {
            return "batch".equalsIgnoreCase(asked) ? BATCH : this;
        }
    }

    /** {@code open} lets callers without any credential in, with every model. */
    public record Access(boolean open) {}

    /**
     * A limit.
     *
     * @param per what it counts apart
     * @param of one subject it is meant for, as "team:staff", or null for each
     * @param model the model it is meant for (a name or pattern), or null for all together
     * @param tokens of input and output together
     * @param concurrent the most calls at a time, or 0 for no such limit
     * @param onClusterLoss what is done when the cluster cannot answer; empty for what suits the number of its members
     * @param interactiveShare percent of the allowance that only interactive calls may use
     */
    public record Limit(
            Per per,
            @Nullable String of,
            @Nullable String model,
            Optional<Rate> requests,
            Optional<Rate> tokens,
            Optional<Rate> inputTokens,
            Optional<Rate> outputTokens,
            long concurrent,
            Optional<Budget> spend,
            Mode mode,
            Optional<OnLoss> onClusterLoss,
            int interactiveShare) {

        /** A limit on requests and concurrent calls, which refuses what is above it. */
        public Limit(Per per, @Nullable String of, @Nullable String model, Optional<Rate> requests, long concurrent) {
            this(
                    per,
                    of,
                    model,
                    requests,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    concurrent,
                    Optional.empty(),
                    Mode.ENFORCE,
                    Optional.empty(),
                    0);
        }
    }

    /** What a limit counts apart. */
    public enum Per {
        KEY,
        TEAM,
        USER,
        MODEL,
        PROVIDER,
        IP,
        GLOBAL
    }

    /** What a limit does with calls that are above it. */
    public enum Mode {
        /** It refuses them. */
        ENFORCE,
        /** It lets them through and tells that it would not have. */
        SHADOW
    }

    /** What is done with calls when the cluster cannot say what is left of a limit. */
    public enum OnLoss {
        /** What this node has in hand is used up, then they are refused. */
        STRICT,
        /** Each part of the cluster goes on with its share of the limit. */
        SHARE,
        /** They are let through uncounted. */
        OPEN
    }

    /** So many in a span of time. */
    public record Rate(long amount, Span span) {
        /** So many in a period, which come back evenly. */
        public Rate(long amount, Duration period) {
            this(amount, new Span.Even(period));
        }
    }

    /** How an allowance comes back. */
    public sealed interface Span {
        /** Evenly, all of it in a period. */
        record Even(Duration period) implements Span {}

        /** Whole, when the next window of the calendar begins. */
        record Calendar(Unit unit, ZoneId zone) implements Span {}
    }

    /** The lengths that windows of the calendar have; a week begins on a Monday. */
    public enum Unit {
        HOUR,
        DAY,
        WEEK,
        MONTH,
        QUARTER,
        YEAR
    }

    /**
     * How much may be spent in each window of the calendar.
     *
     * @param nanoUsd the amount, in nano-USD
     * @param soft amounts in nano-USD, each of which is told of once in a window when it has been spent
     * @param hard whether calls are refused that would spend more; otherwise it is only told
     * @param refuseUnpriced whether calls to models without a known price are refused; otherwise they are let through uncounted
     */
    public record Budget(
            long nanoUsd,
            Span.Calendar span,
            List<Long> soft,
            boolean hard,
            boolean refuseUnpriced,
            List<Raise> raises) {
        public Budget {
            soft = List.copyOf(soft);
            raises = List.copyOf(raises);
        }
    }

    /**
     * More of a budget for a time.
     *
     * @param nanoUsd how much more, in nano-USD
     * @param from when it begins; empty for long ago
     * @param of the one subject it is meant for, as "team:search", or null for each
     */
    public record Raise(
            long nanoUsd,
            Optional<Instant> from,
            Instant until,
            @Nullable String of) {}

    /**
     * The nodes that share limits.
     *
     * @param discovery how they find each other; {@link Discovery.Alone} means this JVM alone
     * @param bind the address of this node that the others reach it at, or the network or interface that it is of; null for
     *     the one member that is here
     * @param allowPublic whether that address may be neither loopback nor private
     * @param name the cluster's name
     * @param size how many members there normally are
     */
    public record Cluster(Discovery discovery, @Nullable String bind, boolean allowPublic, String name, int size) {
        public static final Cluster NONE = new Cluster(new Discovery.Alone(), null, false, "tollgate", 1);

        /** Members that are listed; none means this JVM alone. */
        public Cluster(List<String> members, @Nullable String bind, String name) {
            this(
                    members.isEmpty() ? new Discovery.Alone() : new Discovery.Members(members),
                    bind,
                    false,
                    name,
                    Math.max(1, members.size()));
        }

        /** Whether there is no other node. */
        public boolean isAlone() {
            return discovery instanceof Discovery.Alone;
        }

        /** The members that are listed; none where they are found in another way. */
        public List<String> members() {
            return discovery instanceof Discovery.Members members ? members.addresses() : List.of();
        }
    }

    /** How the nodes of a cluster find each other. */
    public sealed interface Discovery {
        /** There are no others. */
        record Alone() implements Discovery {}

        /** They are listed, each as {@code host} or {@code host:port}. */
        record Members(List<String> addresses) implements Discovery {
            public Members {
                addresses = List.copyOf(addresses);
            }
        }

        /** They are at the addresses of a name. */
        record Dns(String name, int port) implements Discovery {}

        /** They are the pods of a headless service. */
        record Kubernetes(String serviceDns, int port) implements Discovery {}

        /** This JVM has an instance already, which has this name or is bound to it. */
        record Instance(String name) implements Discovery {}

        /** They are clients of a cluster of that name. */
        record Client(List<String> addresses, String name) implements Discovery {
            public Client {
                addresses = List.copyOf(addresses);
            }
        }
    }

    /**
     * What may be fetched on a caller's behalf, where a target cannot fetch it itself.
     *
     * @param fetchFrom hosts, each a name, {@code name:port}, an address, or one of them behind {@code http://}; empty means
     *     that nothing is fetched
     * @param maxBytes the most bytes that are fetched for one call
     */
    public record Media(List<String> fetchFrom, long maxBytes) {
        public static final Media NONE = new Media(List.of(), 10L * 1024 * 1024);

        public Media {
            fetchFrom = List.copyOf(fetchFrom);
        }
    }

    /**
     * Where rows about attempts and calls are written.
     *
     * @param directory the folder of this node's files
     * @param sync whether rows are forced to the disk, and so survive a loss of power
     * @param rotateBytes how large a file grows before the next is begun
     * @param keep how long files are kept
     * @param onFailure what happens while the disk refuses rows
     * @param unknown what an attempt is charged whose node died before it ended
     */
    public record Ledger(
            Path directory, boolean sync, long rotateBytes, Duration keep, OnFailure onFailure, Unknown unknown) {
        public static final long DEFAULT_ROTATE = 64L << 20;
        public static final Duration DEFAULT_KEEP = Duration.ofDays(400);

        /** A ledger in a folder, with everything else as it is by default. */
        public Ledger(Path directory) {
            this(directory, true, DEFAULT_ROTATE, DEFAULT_KEEP, OnFailure.REFUSE, Unknown.CHARGE);
        }

        /** What happens while the disk refuses rows. */
        public enum OnFailure {
            /** Calls that cost money are refused. */
            REFUSE,
            /** They are served, and the log says once a minute that their rows are missing. */
            CONTINUE
        }

        /** What an attempt is charged whose node died before it ended. */
        public enum Unknown {
            /** All that was reserved for it: the most it can have cost. */
            CHARGE,
            /** Nothing. */
            FREE
        }
    }

    /**
     * What the gateway itself is like.
     *
     * @param metrics where the Prometheus text is, or null when it is off
     * @param maxBodyBytes the largest request body accepted
     * @param heartbeat how long a stream may be silent before it is sent a sign of life; zero means never
     * @param answerHeaders whether {@code x-tollgate-*} headers are sent
     * @param log whether a JSON line is logged per call
     * @param maxUploadBytes the largest form accepted, which is never held whole
     * @param relays the providers that calls go to which name no model, by the family of their path
     * @param usage the page of what was used, or null when it is off
     * @param explain the page that says what would become of a call, or null when it is off
     * @param overload when calls are refused because the gateway itself has too much to do
     * @param drain how long calls under way may take to finish when the gateway is closed
     */
    public record Server(
            @Nullable Metrics metrics,
            long maxBodyBytes,
            Duration heartbeat,
            boolean answerHeaders,
            boolean log,
            long maxUploadBytes,
            Map<String, String> relays,
            @Nullable UsagePage usage,
            @Nullable ExplainPage explain,
            Overload overload,
            Duration drain) {
        public static final Duration DEFAULT_DRAIN = Duration.ofSeconds(30);
        public static final Server DEFAULT =
                new Server(null, 32L << 20, Duration.ofSeconds(5), true, true, 512L << 20, Map.of());

        /** A gateway without a page of what was used. */
        public Server(
                @Nullable Metrics metrics,
                long maxBodyBytes,
                Duration heartbeat,
                boolean answerHeaders,
                boolean log,
                long maxUploadBytes,
                Map<String, String> relays) {
            this(
                    metrics,
                    maxBodyBytes,
                    heartbeat,
                    answerHeaders,
                    log,
                    maxUploadBytes,
                    relays,
                    null,
                    null,
                    Overload.DEFAULT,
                    DEFAULT_DRAIN);
        }

        public Server {
            relays = Map.copyOf(relays);
        }
    }

    /** The path of the Prometheus text; {@code open} shows it without a key. */
    public record Metrics(String path, boolean open) {}

    /** The path of the page of what was used, and the names of the keys that may see it. */
    public record UsagePage(String path, List<String> keys) {
        public UsagePage {
            keys = List.copyOf(keys);
        }
    }

    /** The path of the page that says what would become of a call, and the names of the keys that may see it. */
    public record ExplainPage(String path, List<String> keys) {
        public ExplainPage {
            keys = List.copyOf(keys);
        }
    }

    /**
     * When calls are refused because the gateway itself has too much to do. Batch calls are refused first.
     *
     * @param heapPercent of the heap in use after it was last cleaned, from which on calls are refused
     * @param descriptorPercent of the process's file descriptors in use, from which on calls are refused
     * @param maxCalls the most calls under way; 0 for no such limit
     * @param adaptive whether the calls under way at each target are limited to what it has been seen to bear
     */
    public record Overload(int heapPercent, int descriptorPercent, int maxCalls, boolean adaptive) {
        public static final Overload DEFAULT = new Overload(90, 80, 0, true);
    }
}
