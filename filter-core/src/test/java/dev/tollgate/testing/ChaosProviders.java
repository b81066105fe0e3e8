package dev.tollgate.testing;

import dev.tollgate.testing.ScriptedUpstream.Place;
import dev.tollgate.testing.ScriptedUpstream.Served;
import dev.tollgate.testing.WireScript.Bill;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Providers of every dialect, some of each, that do wrong by chance: what a call's n-th request meets is drawn from the seed,
 * the call's number and n alone, so that a run with the same seed draws the same.
 */
public final class ChaosProviders {
    private static final Pattern CALL = Pattern.compile("call number ([0-9]+)\\.(true|false)\\.(true|false)");

    /** Of a hundred requests so many are answered well. */
    private static final int WELL = 70;

    /** Of a hundred faults for which a provider is let be for a minute so many are played; else there would soon be nobody. */
    private static final int LASTING = 3;

    /** Providers of a dialect. */
    public static final int EACH = 6;

    private static final Duration PAUSE = Duration.ofMillis(10);

    private final long seed;
    private final Map<Talk, List<Place>> places = new EnumMap<>(Talk.class);
    private final Map<Integer, AtomicInteger> requests = new ConcurrentHashMap<>();
    private final Place deaf;
    private final Place well;
    private final List<Fault> faults = Faults.all().stream()
            .filter(fault -> fault.where() == Fault.Where.SCRIPTED && !fault.isHeavy())
            .toList();

    public ChaosProviders(ScriptedUpstream upstream, long seed) {
        this.seed = seed;
        this.deaf = upstream.place().greets(WireScript.of(WireScript.reset()));
        this.well = upstream.place();
        for (Talk talk : Talk.values()) {
            List<Place> some = new ArrayList<>();
            for (int i = 0; i < EACH; i++) {
                some.add(upstream.place().always(request -> script(talk, request)));
            }
            places.put(talk, some);
        }
    }

    /**
     * What a call says, so that providers know which it is.
     *
     * @param leaves whether its caller will leave: streams to it come slowly
     */
    public static String prompt(int call, boolean stream, boolean leaves) {
        return "call number " + call + "." + stream + "." + leaves;
    }

    private static int number(Received request) {
        Matcher call = CALL.matcher(request.text());
        return call.find() ? Integer.parseInt(call.group(1)) : -1;
    }

    /** The dialect of a request to a provider: OpenAI's own has two. */
    public static Talk asked(Talk provider, Received request) {
        return provider == Talk.RESPONSES && request.line().contains("/chat/completions") ? Talk.OPENAI : provider;
    }

    private WireScript script(Talk provider, Received request) {
        Talk talk = asked(provider, request);
        Matcher call = CALL.matcher(request.text());
        if (!call.find()) {
            return Faults.usual(talk, request.text().contains("\"stream\":true"));
        }
        int number = Integer.parseInt(call.group(1));
        boolean stream = Boolean.parseBoolean(call.group(2));
        int nth = requests.computeIfAbsent(number, none -> new AtomicInteger()).incrementAndGet();
        SplittableRandom random = new SplittableRandom(seed ^ (number * 1_000_003L + nth));
        if (random.nextInt(100) < WELL) {
            boolean slowly = stream && Boolean.parseBoolean(call.group(3));
            return slowly ? Faults.slow(talk, random.nextInt(100), PAUSE) : Faults.usual(talk, stream);
        }
        List<Fault> possible = faults.stream()
                .filter(fault -> fault.isOf(talk, stream))
                .filter(fault -> !fault.isLasting() || random.nextInt(100) < LASTING)
                .toList();
        return possible.get(random.nextInt(possible.size()))
                .scripts(new Misanswers(talk), stream)
                .get(0);
    }

    /** Whether a request of a call has come. */
    public boolean hasHeardOf(int call) {
        return requests.containsKey(call);
    }

    /** The providers in the configuration: some of each dialect, one that is deaf and one that is well. */
    public String configuration() {
        StringBuilder yaml = new StringBuilder("providers:\n");
        places.forEach((talk, some) -> {
            for (int i = 0; i < some.size(); i++) {
                yaml.append("  ")
                        .append(name(talk, i))
                        .append(": ")
                        .append(provider(talk, some.get(i).authority(), i))
                        .append('\n');
            }
        });
        return yaml.append("  deaf: ")
                .append(provider(Talk.OPENAI, deaf.authority(), 0))
                .append("\n  well: { ")
                .append(kind(Talk.OPENAI, "http://" + well.authority()))
                .append(" }\n")
                .toString();
    }

    private static String provider(Talk talk, String at, int which) {
        String own = which % 2 == 0
                ? ", api-key: @KEY@"
                : ", api-keys: [ { name: a, key: @KEY@ }, { name: b, key: @KEY2@ } ]"
                        + (talk == Talk.ANTHROPIC ? ", on-abort: drain" : "");
        return "{ " + kind(talk, "http://" + at) + own
                + ", circuit: { open: 1s, slow-start: 0s }, connection: { max-connections: 20, max-pending: 20 } }";
    }

    /** How a provider of a dialect is configured. */
    public static String kind(Talk talk, String at) {
        return switch (talk) {
            case OPENAI -> "like: openai-compatible, base-url: '" + at + "/v1'"; // it has no Responses
            case RESPONSES -> "like: openai, base-url: '" + at + "/v1'";
            case ANTHROPIC -> "like: anthropic, base-url: '" + at + "'";
            case GEMINI -> "like: gemini, base-url: '" + at + "'";
            case BEDROCK -> "like: bedrock, region: us-east-1, base-url: '" + at + "'";
        };
    }

    private static String name(Talk talk, int which) {
        return talk.dialect() + "-" + which;
    }

    /** A target in the configuration. */
    public static String target(Talk talk, int which) {
        return name(talk, which) + "/" + (talk == Talk.BEDROCK ? "amazon.nova-n" : "m");
    }

    /** The names of all providers in the configuration. */
    public List<String> names() {
        List<String> names = new ArrayList<>(List.of("deaf", "well"));
        for (Talk talk : Talk.values()) {
            for (int i = 0; i < EACH; i++) {
                names.add(name(talk, i));
            }
        }
        return names;
    }

    /** One that never does wrong. */
    public Place well() {
        return well;
    }

    public List<Place> places() {
        List<Place> all = new ArrayList<>(List.of(deaf, well));
        places.values().forEach(all::addAll);
        return all;
    }

    /** All providers' invoices: of each call what they want to be paid for. */
    public Map<Integer, List<Bill>> invoices() {
        Map<Integer, List<Bill>> bills = new ConcurrentHashMap<>();
        for (Place place : places()) {
            for (Served served : place.served()) {
                int call = number(served.request());
                if (call >= 0) {
                    bills.computeIfAbsent(call, none -> new ArrayList<>()).add(served.bill());
                }
            }
        }
        return bills;
    }
}
