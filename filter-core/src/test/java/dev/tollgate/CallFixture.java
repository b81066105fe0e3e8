package dev.tollgate;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tollgate.access.Caller;
import dev.tollgate.account.Accounting;
import dev.tollgate.config.Settings;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.Framing;
import dev.tollgate.estimate.TokenRatios;
import dev.tollgate.guard.Guards;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.ledger.Ledger;
import dev.tollgate.limit.Permit;
import dev.tollgate.meter.CallRecord;
import dev.tollgate.price.Prices;
import dev.tollgate.provider.Operation;
import dev.tollgate.provider.Provider;
import dev.tollgate.route.Candidate;
import dev.tollgate.route.Plan;
import dev.tollgate.route.RelayRoutes;
import dev.tollgate.route.Router;
import dev.tollgate.stream.Framings;
import dev.tollgate.testing.CountingLimits;
import dev.tollgate.testing.FlatPrices;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** Calls that have come as far as the forwarder: read, planned and permitted. */
public final class CallFixture {
    private final Exchange exchange;
    private final Dialect dialect;
    private final List<Candidate> candidates = new ArrayList<>();
    private final List<Candidate> contextWindow = new ArrayList<>();
    private final List<Candidate> contentPolicy = new ArrayList<>();
    private final CountingLimits limits = new CountingLimits();
    private Ledger ledger = Ledger.NONE;
    private String body = "{\"model\":\"smart\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
    private boolean stream;
    private Settings.Timeouts timeouts = new Settings.Timeouts(
            Duration.ofSeconds(2), Duration.ofSeconds(5), Duration.ofSeconds(5), Duration.ofSeconds(20));
    private int attempts = 3;
    private Settings.Routing routing = Settings.Routing.DEFAULT;
    private Set<String> targetTags = Set.of();
    private Settings.Unsupported unsupported = Settings.Unsupported.REPORT;
    private Settings.Media media = Settings.Media.NONE;
    private Framing framing = Framings.SSE;
    private int minThroughput;
    private boolean resume;
    private Duration heartbeat = Duration.ZERO;
    private boolean answerHeaders = true;
    private LongSupplier nanoTime = System::nanoTime;
    private Prices prices = FlatPrices.perToken(1_500);

    public CallFixture(Exchange exchange, Dialect dialect) {
        this.exchange = exchange;
        this.dialect = dialect;
    }

    public CallFixture to(Provider... providers) {
        for (Provider provider : providers) {
            candidates.add(new Candidate(provider, "m-" + provider.name()));
        }
        return this;
    }

    public CallFixture to(Candidate candidate) {
        candidates.add(candidate);
        return this;
    }

    /** Those that are asked when one has found the call too long. */
    public CallFixture tooLong(Provider... providers) {
        for (Provider provider : providers) {
            contextWindow.add(new Candidate(provider, "m-" + provider.name()));
        }
        return this;
    }

    /** Those that are asked when one has refused the call for what it says. */
    public CallFixture objectionable(Provider... providers) {
        for (Provider provider : providers) {
            contentPolicy.add(new Candidate(provider, "m-" + provider.name()));
        }
        return this;
    }

    public CallFixture body(String json) {
        body = json;
        return this;
    }

    public CallFixture streamed() {
        stream = true;
        body = body.replaceFirst("\\{", "{\"stream\":true,");
        return this;
    }

    /** The body asks for a stream, or does not. */
    public CallFixture asked(boolean forStream) {
        stream = forStream;
        return this;
    }

    public CallFixture timeouts(Duration connect, Duration firstByte, Duration idle, Duration total) {
        timeouts = new Settings.Timeouts(connect, firstByte, idle, total, timeouts.hold());
        return this;
    }

    /** How long a stream without content is kept from its caller. */
    public CallFixture hold(Duration wait) {
        timeouts = new Settings.Timeouts(
                timeouts.connect(), timeouts.firstByte(), timeouts.idle(), timeouts.total(), wait);
        return this;
    }

    /** The least characters of content a second. */
    public CallFixture minThroughput(int characters) {
        minThroughput = characters;
        return this;
    }

    public CallFixture unsupported(Settings.Unsupported mode) {
        unsupported = mode;
        return this;
    }

    /** Media may be fetched from these hosts. */
    public CallFixture fetchFrom(String... hosts) {
        media = new Settings.Media(List.of(hosts), 1 << 20);
        return this;
    }

    /** The model is routed in this way. */
    public CallFixture routing(Settings.Routing how) {
        routing = how;
        return this;
    }

    /** The caller may only use targets that have these tags. */
    public CallFixture targetTags(String... tags) {
        targetTags = Set.of(tags);
        return this;
    }

    /** Streams that break off are gone on with. */
    public CallFixture resumed() {
        resume = true;
        return this;
    }

    /** How a streamed answer is put on the wire. */
    public CallFixture framed(Framing how) {
        framing = how;
        return this;
    }

    public CallFixture attempts(int most) {
        attempts = most;
        return this;
    }

    public CallFixture heartbeat(Duration every) {
        heartbeat = every;
        return this;
    }

    public CallFixture withoutAnswerHeaders() {
        answerHeaders = false;
        return this;
    }

    public CallFixture headroom(Permit.Headroom... rooms) {
        limits.headroom(List.of(rooms));
        return this;
    }

    public CallFixture prices(Prices table) {
        prices = table;
        return this;
    }

    public CallFixture clock(LongSupplier nanos) {
        nanoTime = nanos;
        return this;
    }

    /** How many calls have ended their permits. */
    public int settled() {
        return (int)
                limits.calls().stream().filter(CountingLimits.Grant::isEnded).count();
    }

    /** The limits that calls are let through by. */
    public CountingLimits limits() {
        return limits;
    }

    /** Rows are written here. */
    public CallFixture ledger(Ledger where) {
        ledger = where;
        return this;
    }

    /** The record of a call as it stands. */
    public static CallRecord record(Call call) {
        return call.record(null);
    }

    public Call call() {
        Endpoint endpoint = new Endpoint(
                Endpoint.Kind.CALL, Operation.CHAT, "/v1/chat/completions", dialect, dialect, null, null, framing);
        Call call = new Call("call_test", exchange, endpoint, setup(), Instant.EPOCH, nanoTime);
        exchange.onGone(why -> call.cancel());
        call.calledBy(new Caller("key", "team", null, List.of("*"), Settings.Priority.INTERACTIVE, targetTags));
        call.received(JsonDocument.parse(body.getBytes(UTF_8)), "smart", stream);
        call.planned(new Plan(model(), candidates, contextWindow, contentPolicy, List.of()));
        call.account().reserve().toCompletableFuture().join();
        return call;
    }

    private Settings.Model model() {
        return new Settings.Model(
                "smart", Settings.Pick.ORDER, List.of(), List.of(), timeouts, attempts, 4096, unsupported, routing());
    }

    private Settings.Routing routing() {
        return new Settings.Routing(
                routing.aliases(),
                routing.sticky(),
                routing.contextWindowFallback(),
                routing.contentPolicyFallback(),
                routing.budgetFallback(),
                routing.fastFailuresOnly(),
                routing.hedge(),
                resume || routing.resume(),
                Math.max(minThroughput, routing.minThroughput()),
                routing.callerControl());
    }

    private Setup setup() {
        Settings settings = new Settings(
                Map.of(),
                Map.of(),
                List.of(),
                new Settings.Access(true),
                List.of(),
                new Settings.Cluster(List.of(), null, "test"),
                new Settings.Server(null, 1 << 20, heartbeat, answerHeaders, false, 1 << 30, Map.of()),
                Map.of(),
                media,
                null,
                List.of());
        Router router = new Router() {
            @Override
            public Plan plan(String model, Caller caller) {
                return new Plan(model(), candidates);
            }

            @Override
            public List<String> models(Caller caller) {
                return List.of("smart");
            }
        };
        return new Setup(
                settings,
                who -> new Caller(null, null, null, List.of("*")),
                Guards.none(),
                router,
                new RelayRoutes(settings),
                limits,
                prices,
                new Accounting(ledger, true, new TokenRatios(), InstantSource.fixed(Instant.EPOCH)));
    }
}
