package dev.tollgate;

import dev.tollgate.access.KeyAuthenticator;
import dev.tollgate.account.Accounting;
import dev.tollgate.account.PastUses;
import dev.tollgate.choose.TargetChooser;
import dev.tollgate.cluster.ClusterProvider;
import dev.tollgate.cluster.Grid;
import dev.tollgate.cluster.SharedState;
import dev.tollgate.config.ConfigException;
import dev.tollgate.config.ConfigLoader;
import dev.tollgate.config.ConfigWatch;
import dev.tollgate.config.Problem;
import dev.tollgate.config.Settings;
import dev.tollgate.credential.Authorizer;
import dev.tollgate.credential.Machine;
import dev.tollgate.dialect.Dialects;
import dev.tollgate.estimate.TokenRatios;
import dev.tollgate.forward.AnswerHeaders;
import dev.tollgate.forward.EchoUpstreams;
import dev.tollgate.forward.Forwarder;
import dev.tollgate.forward.HealthChecks;
import dev.tollgate.forward.HttpMediaFetcher;
import dev.tollgate.forward.HttpUpstreams;
import dev.tollgate.forward.PoolLimits;
import dev.tollgate.forward.Rehearsals;
import dev.tollgate.forward.SchemeUpstreams;
import dev.tollgate.forward.TokenFetcher;
import dev.tollgate.forward.Translator;
import dev.tollgate.forward.Upstreams;
import dev.tollgate.guard.Guards;
import dev.tollgate.health.LocalHealth;
import dev.tollgate.limit.LimitEvents;
import dev.tollgate.limit.LimitLog;
import dev.tollgate.limit.Limits;
import dev.tollgate.limit.RuleLimits;
import dev.tollgate.load.MeasuredLoad;
import dev.tollgate.meter.CallSink;
import dev.tollgate.meter.JsonLog;
import dev.tollgate.meter.Meter;
import dev.tollgate.meter.PrometheusSink;
import dev.tollgate.price.ListPrices;
import dev.tollgate.price.PriceTable;
import dev.tollgate.provider.Provider;
import dev.tollgate.receive.Receiver;
import dev.tollgate.receive.UploadReceiver;
import dev.tollgate.retry.Retries;
import dev.tollgate.route.Chooser;
import dev.tollgate.route.ModelRouter;
import dev.tollgate.route.RelayRoutes;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Puts a gateway together, by hand: what is made once for its life, and what each configuration makes anew. */
public final class GatewayFactory {
    private static final System.Logger LOG = System.getLogger(GatewayFactory.class.getName());

    private final InstantSource clock = InstantSource.system();
    private final Calls calls = new Calls(clock, System::nanoTime, GatewayFactory::randomBits);
    private final PrometheusSink metrics = new PrometheusSink(calls::count);
    private final LimitEvents limitEvents = new LimitLog(metrics.limits(), System::nanoTime);
    private final LocalHealth health = new LocalHealth(System::nanoTime, clock, metrics.health());
    private final MeasuredLoad load =
            MeasuredLoad.ofThisJvm(this::overload, metrics.load(), System::nanoTime, GatewayFactory::randomBits);
    private final ScheduledThreadPoolExecutor timers = timers("tollgate-timer");
    private final Dialects dialects = new Dialects(clock);
    private final ListPrices listPrices = ListPrices.shipped();
    private final Authorizer authorizer;
    private final AtomicReference<@Nullable Setup> setup = new AtomicReference<>();
    private final List<AutoCloseable> resources = new ArrayList<>();
    private final TokenRatios ratios = new TokenRatios();
    private volatile @Nullable HttpUpstreams http;
    private volatile @Nullable HealthChecks checks;
    private @Nullable SharedState shared;
    private @Nullable Books books;
    private Settings.Cluster joined = Settings.Cluster.NONE;

    private GatewayFactory(Map<String, String> environment) {
        Machine machine = new Machine(environment, Path.of(System.getProperty("user.home", "")));
        this.authorizer = new Authorizer(new TokenFetcher(timers), machine, clock);
    }

    /**
     * Opens a gateway on a configuration file, which it reads again whenever it changes.
     *
     * @throws ConfigException with all that is wrong with the file
     */
    public static Gateway open(Path file) throws ConfigException {
        return open(file, new ConfigLoader(System.getenv()));
    }

    static Gateway open(Path file, ConfigLoader loader) throws ConfigException {
        return new GatewayFactory(System.getenv()).onFile(file, loader);
    }

    /**
     * Opens a gateway without a configuration file: the echo provider, and those whose keys the environment holds.
     *
     * @param keySha256 the digest of the one key that is let in, in lower-case hex
     */
    public static Gateway builtIn(Map<String, String> environment, String keySha256) {
        GatewayFactory factory = new GatewayFactory(environment);
        factory.take(ConfigLoader.builtIn(environment, keySha256));
        return factory.gateway();
    }

    private Gateway onFile(Path file, ConfigLoader loader) throws ConfigException {
        // Reading files and looking up hosts may take its time, and deadlines must not wait for it.
        ScheduledThreadPoolExecutor reader = timers("tollgate-config");
        ConfigWatch watch = new ConfigWatch(loader, file, reader, ConfigWatch.PERIOD, this::take);
        try {
            watch.start();
            resources.add(watch);
            resources.add(() -> OwnThreads.end(reader));
            return gateway();
        } catch (ConfigException refused) {
            giveUp(reader);
            throw refused;
        } catch (RuntimeException unusable) {
            giveUp(reader);
            String what = unusable.getMessage() == null ? unusable.toString() : unusable.getMessage();
            throw new ConfigException(List.of(new Problem(String.valueOf(file.getFileName()), 0, 0, what)));
        } catch (Error broken) {
            // Left in the cluster, this node would hold what it holds there and keep the process alive, and serve
            // nothing.
            giveUp(reader);
            throw broken;
        }
    }

    private void giveUp(ScheduledThreadPoolExecutor reader) {
        timers.shutdownNow();
        reader.shutdownNow();
        authorizer.close();
        closeBooks();
        closeShared();
    }

    /** Puts a configuration in force. Calls under way finish on the one they began with. */
    private void take(Settings settings) {
        Books kept = books(settings.ledger());
        SharedState state = shared(settings.cluster(), kept.node());
        Limits limits = new RuleLimits(settings, state.limits(), state.slots(), state.nodes(), clock, limitEvents);
        seed(limits, settings, kept);
        setup.set(new Setup(
                settings,
                new KeyAuthenticator(settings, clock),
                Guards.none(),
                new ModelRouter(settings, listPrices.models()),
                new RelayRoutes(settings),
                limits,
                new PriceTable(settings, listPrices, clock),
                new Accounting(kept.ledger(), kept.areStrict(), ratios, clock)));
        health.keep(settings);
        HealthChecks current = checks;
        if (current != null) {
            current.keep(settings.providers().values());
        }
        authorizer.keep(
                settings.providers().values().stream().map(Provider::credential).toList());
        HttpUpstreams open = http;
        if (open != null) {
            open.keep(settings.providers().values());
        }
    }

    /** What this node has used of windows counts, also of those that a configuration brings anew. */
    private void seed(Limits limits, Settings settings, Books kept) {
        Setup before = setup.get();
        if (before == null || !before.settings().limits().equals(settings.limits())) {
            kept.directory().ifPresent(folder -> limits.seed(PastUses.read(settings, folder, clock.instant())));
        }
    }

    /** They are opened before the cluster is joined, which knows this node by their id. */
    private Books books(Settings.@Nullable Ledger ledger) {
        Books current = books;
        if (current == null) {
            current = new Books(ledger, clock);
            books = current;
        }
        current.compare(ledger);
        return current;
    }

    /** It outlives configurations, so that a change of the file gives nobody a fresh allowance. */
    private SharedState shared(Settings.Cluster cluster, String node) {
        SharedState current = shared;
        if (current == null) {
            current = cluster.isAlone() ? SharedState.local(System::nanoTime, clock) : clustered(cluster, node);
            shared = current;
            joined = cluster;
        } else if (!cluster.equals(joined)) {
            LOG.log(
                    Level.WARNING,
                    "'cluster' has changed: this node goes on as it was started, until it is started again");
        }
        return current;
    }

    private SharedState clustered(Settings.Cluster cluster, String node) {
        try {
            return SharedState.over(fromServices(cluster, node), timers, System::nanoTime);
        } catch (ServiceConfigurationError | NoClassDefFoundError incomplete) {
            throw new IllegalStateException(
                    "'cluster' needs Hazelcast's JAR beside the tollgate-cluster JAR", incomplete);
        }
    }

    private static Grid fromServices(Settings.Cluster cluster, String node) {
        return ServiceLoader.load(ClusterProvider.class, GatewayFactory.class.getClassLoader())
                .findFirst()
                .orElseThrow(
                        () -> new IllegalStateException(
                                "'cluster' needs the tollgate-cluster JAR and Hazelcast's beside the gateway, and neither is there"))
                .open(cluster, node);
    }

    private Gateway gateway() {
        Upstreams upstreams = new SchemeUpstreams(new EchoUpstreams(echoThread(), clock), http());
        SharedState state = Objects.requireNonNull(shared);
        if (state.nodes() > 1) {
            state.leases().showOn(metrics::show);
        }
        metrics.show(load);
        health.join(state.hints());
        metrics.show(health::states);
        HttpMediaFetcher media = new HttpMediaFetcher(timers);
        resources.add(media);
        Translator translator = Translator.between(dialects::byId);
        Chooser chooser = new TargetChooser(health, GatewayFactory::randomBits, System::nanoTime);
        Forwarder forwarder = new Forwarder(new Forwarder.Parts(
                upstreams,
                translator,
                media,
                new AnswerHeaders(clock),
                authorizer,
                timers,
                clock,
                Version.TEXT,
                chooser,
                health,
                load,
                Retries.fresh(System::nanoTime, GatewayFactory::randomBits, metrics.retries())));
        resources.add(check(upstreams));
        resources.add(authorizer);
        Collections.addAll(resources, this::closeBooks, this::closeShared, () -> OwnThreads.end(timers));
        UsagePage usage = new UsagePage(Objects.requireNonNull(books).share(state.usage(), timers), clock);
        Endpoints endpoints = new Endpoints(dialects);
        Receiver receiver = new Receiver();
        Pinning pinning = new Pinning(state.pins());
        ExplainPage explain = new ExplainPage(new Explainer(
                endpoints, calls, receiver, pinning, new Rehearsals(translator, chooser, health, Version.TEXT)));
        Shutdown shutdown = new Shutdown(calls, this::drain, upstreams, resources);
        return new Gateway(
                this::inForce,
                endpoints,
                calls,
                receiver,
                new UploadReceiver(),
                pinning,
                forwarder,
                new Meter(List.of(metrics, log())),
                new Pages(metrics, usage, explain, () -> !shutdown.isClosing()),
                shutdown,
                load);
    }

    private HealthChecks check(Upstreams upstreams) {
        HealthChecks begun = new HealthChecks(
                upstreams, authorizer, timers, GatewayFactory::randomBits, Version.TEXT, health::checked);
        checks = begun;
        begun.keep(inForce().settings().providers().values());
        return begun;
    }

    private Duration drain() {
        return inForce().settings().server().drain();
    }

    private Settings.Overload overload() {
        return inForce().settings().server().overload();
    }

    private HttpUpstreams http() {
        HttpUpstreams opened = new HttpUpstreams(PoolLimits.DEFAULT, timers);
        http = opened;
        opened.showOn(metrics);
        return opened;
    }

    private Setup inForce() {
        return Objects.requireNonNull(setup.get());
    }

    private CallSink log() {
        JsonLog log = new JsonLog();
        return call -> {
            if (inForce().settings().server().log()) {
                log.accept(call);
            }
        };
    }

    private void closeBooks() {
        if (books != null) {
            books.close();
        }
    }

    private void closeShared() {
        if (shared != null) {
            shared.close();
        }
    }

    private static long randomBits() {
        return ThreadLocalRandom.current().nextLong();
    }

    private ExecutorService echoThread() {
        ExecutorService echo = Executors.newSingleThreadExecutor(OwnThreads.named("tollgate-echo"));
        resources.add(() -> OwnThreads.end(echo));
        return echo;
    }

    private static ScheduledThreadPoolExecutor timers(String thread) {
        ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1, OwnThreads.named(thread));
        timers.setRemoveOnCancelPolicy(true);
        return timers;
    }
}
