package dev.tollgate;

import dev.tollgate.access.Caller;
import dev.tollgate.account.Accounting;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Model;
import dev.tollgate.credential.Authorizer;
import dev.tollgate.credential.Machine;
import dev.tollgate.dialect.Dialects;
import dev.tollgate.estimate.TokenRatios;
import dev.tollgate.forward.AnswerHeaders;
import dev.tollgate.forward.Forwarder;
import dev.tollgate.forward.HttpUpstreams;
import dev.tollgate.forward.PoolLimits;
import dev.tollgate.forward.TokenFetcher;
import dev.tollgate.forward.Translator;
import dev.tollgate.guard.Guards;
import dev.tollgate.ledger.Ledger;
import dev.tollgate.limit.Limits;
import dev.tollgate.load.Load;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.meter.Meter;
import dev.tollgate.pin.LocalPins;
import dev.tollgate.price.Prices;
import dev.tollgate.provider.Provider;
import dev.tollgate.receive.Receiver;
import dev.tollgate.receive.UploadReceiver;
import dev.tollgate.route.ModelRouter;
import dev.tollgate.route.RelayRoutes;
import dev.tollgate.testing.CountingLimits;
import dev.tollgate.testing.FlatPrices;
import dev.tollgate.testing.MemoryLedger;
import dev.tollgate.testing.SettingsOf;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** A gateway that lets everybody in and serves one model, "smart", with limits, prices and a ledger that tests look into. */
public final class OpenGateway implements AutoCloseable {
    private static final InstantSource CLOCK = InstantSource.system();

    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
    private final CountingLimits limits = new CountingLimits();
    private final MemoryLedger ledger = new MemoryLedger();
    private final List<CallRecord> records = new CopyOnWriteArrayList<>();
    private final Map<String, Provider> providers = new LinkedHashMap<>();
    private final Map<String, Provider> spares = new LinkedHashMap<>();
    private Prices prices = FlatPrices.perToken(1_000);
    private Ledger books = ledger;
    private boolean strict = true;
    private long mostOutput = 64;
    private Settings.Timeouts timeouts = Settings.Timeouts.DEFAULT;
    private Duration heartbeat = Duration.ofSeconds(5);
    private Gateway gateway;

    public OpenGateway to(Provider... targets) {
        for (Provider target : targets) {
            providers.put(target.name(), target);
        }
        return this;
    }

    /** Where calls go for which a budget has no money. */
    public OpenGateway whenSpent(Provider... targets) {
        for (Provider target : targets) {
            spares.put(target.name(), target);
        }
        return this;
    }

    public OpenGateway prices(Prices table) {
        prices = table;
        return this;
    }

    public OpenGateway firstByteWithin(Duration wait) {
        timeouts = new Settings.Timeouts(Duration.ofSeconds(3), wait, Duration.ofSeconds(30), Duration.ofSeconds(60));
        return this;
    }

    /** How often callers of quiet streams are given a sign of life. */
    public OpenGateway heartbeat(Duration every) {
        heartbeat = every;
        return this;
    }

    /** What a call reserves of output that does not say how much it wants. */
    public OpenGateway mostOutput(long tokens) {
        mostOutput = tokens;
        return this;
    }

    public OpenGateway withoutLedger() {
        books = Ledger.NONE;
        return this;
    }

    /** Calls are served although their rows cannot be written. */
    public OpenGateway lenient() {
        strict = false;
        return this;
    }

    public CountingLimits limits() {
        return limits;
    }

    public MemoryLedger ledger() {
        return ledger;
    }

    public List<CallRecord> records() {
        return records;
    }

    public Gateway open() {
        return open(limits);
    }

    Gateway open(Limits limitsOfAll) {
        Settings settings = settings();
        Setup setup = new Setup(
                settings,
                who -> new Caller("key", "team", null, List.of("*")),
                Guards.none(),
                new ModelRouter(settings, Map.of()),
                new RelayRoutes(settings),
                limitsOfAll,
                prices,
                new Accounting(books, strict, new TokenRatios(), CLOCK));
        Calls calls = new Calls(CLOCK, System::nanoTime, new Random(2)::nextLong);
        HttpUpstreams upstreams = new HttpUpstreams(new PoolLimits(128, 128), timers);
        Dialects dialects = new Dialects(CLOCK);
        Authorizer authorizer = new Authorizer(new TokenFetcher(timers), new Machine(Map.of(), Path.of("")), CLOCK);
        Forwarder forwarder = new Forwarder(new Forwarder.Parts(
                upstreams,
                Translator.between(dialects::byId),
                new AnswerHeaders(CLOCK),
                authorizer,
                timers,
                CLOCK,
                "9"));
        Shutdown shutdown = new Shutdown(calls, () -> Duration.ofMillis(100), upstreams, List.of(authorizer, books));
        gateway = new Gateway(
                () -> setup,
                new Endpoints(dialects),
                calls,
                new Receiver(),
                new UploadReceiver(),
                new Pinning(new LocalPins(System::nanoTime)),
                forwarder,
                new Meter(List.of(records::add)),
                null,
                shutdown,
                Load.unlimited());
        return gateway;
    }

    private Settings settings() {
        Map<String, Provider> all = new LinkedHashMap<>(providers);
        all.putAll(spares);
        Settings plain = SettingsOf.models(all, model());
        Settings.Server server = new Settings.Server(null, 32L << 20, heartbeat, true, true, 512L << 20, Map.of());
        return new Settings(
                plain.providers(),
                plain.models(),
                plain.keys(),
                plain.access(),
                plain.limits(),
                plain.cluster(),
                server,
                plain.prices());
    }

    private Model model() {
        List<Settings.Target> targets = new ArrayList<>();
        providers.keySet().forEach(name -> targets.add(new Settings.Target(name, "m", 1)));
        List<Settings.Target> whenSpent = spares.keySet().stream()
                .map(name -> new Settings.Target(name, "m", 1))
                .toList();
        return new Model(
                "smart",
                Settings.Pick.ORDER,
                targets.subList(0, 1),
                targets.subList(1, targets.size()),
                timeouts,
                3,
                mostOutput,
                Settings.Unsupported.REPORT,
                new Settings.Routing(
                        List.of(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        whenSpent,
                        Duration.ZERO,
                        false,
                        false,
                        0,
                        false));
    }

    @Override
    public void close() {
        if (gateway != null) {
            gateway.close();
        }
        timers.shutdownNow();
    }
}
