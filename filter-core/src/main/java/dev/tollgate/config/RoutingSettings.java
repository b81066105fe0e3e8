package dev.tollgate.config;

import dev.tollgate.config.Settings.Model;
import dev.tollgate.config.Settings.Pick;
import dev.tollgate.config.Settings.Routing;
import dev.tollgate.config.Settings.Sticky;
import dev.tollgate.config.Settings.Target;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** The settings of a model that say how its calls are spread, tried again and kept alive. */
final class RoutingSettings {
    private static final Set<Pick> WEIGHING = Set.of(Pick.WEIGHTED, Pick.LEAST_BUSY);

    private static final Setting<Model, List<String>> ALIASES = Setting.withDefault(
            "aliases",
            new ListOf<>(new AliasName(), 0),
            List.of(),
            of(Routing::aliases),
            "Other names that callers may ask for it by, without `*`. Limits, prices and records know it by its own name.");
    private static final Setting<Model, Sticky> STICKY = Setting.optional(
            "sticky",
            StickyText.STICKY,
            of(Routing::sticky),
            "What calls have in common that are to go to one target as long as it is well: the value of a header, how their "
                    + "conversation begins (instructions, tools and first message), their servlet session, or the prompt cache "
                    + "that is warm for them.");
    private static final Setting<Model, List<Target>> CONTEXT_WINDOW = chain(
            "context-window-fallback",
            Routing::contextWindowFallback,
            "Where calls go, in this order, that a target has found too long.");
    private static final Setting<Model, List<Target>> CONTENT_POLICY = chain(
            "content-policy-fallback",
            Routing::contentPolicyFallback,
            "Where calls go, in this order, that a target has refused for what they say.");
    private static final Setting<Model, List<Target>> BUDGET = chain(
            "budget-fallback",
            Routing::budgetFallback,
            "Where calls go, in this order, for which a budget (`spend`) has no money left.");
    private static final Setting<Model, Duration> FAST_FAILURES = Setting.withDefault(
            "fast-failures-only",
            Scalars.duration(Duration.ZERO, Duration.ofHours(1)),
            Routing.DEFAULT.fastFailuresOnly(),
            of(Routing::fastFailuresOnly),
            "Only failures that came sooner than this lead to another target; slower ones are told at once. `0s` for all.");
    private static final Setting<Model, Boolean> HEDGE = flag(
            "hedge",
            Routing::hedge,
            "Whether a second target is asked when the first is slower than it is nineteen times of twenty. The first to answer "
                    + "counts, and both are paid for; at most one call in twenty is hedged.");
    private static final Setting<Model, Boolean> RESUME = flag(
            "resume",
            Routing::resume,
            "Whether a stream that was cut is continued by the next target from the text already sent. What comes then may fit "
                    + "less well than one answer would.");
    private static final Setting<Model, Long> MIN_THROUGHPUT = Setting.withDefault(
            "min-throughput",
            Scalars.count(0, 1_000_000),
            (long) Routing.DEFAULT.minThroughput(),
            model -> (long) model.routing().minThroughput(),
            "Characters a second below which a stream that has begun is taken for stalled. `0` for none.");
    private static final Setting<Model, Boolean> CALLER_CONTROL = flag(
            "caller-control",
            Routing::callerControl,
            "Whether callers may say by headers how their calls are tried: `x-tollgate-attempts`, `x-tollgate-fallback: off`, "
                    + "`x-tollgate-timeout-ms`, `x-tollgate-hedge: off` and `x-tollgate-tags`. They can ask for less, never for "
                    + "more.");

    /** The targets that are asked in the place of others. */
    static final List<Setting<Model, List<Target>>> CHAINS = List.of(CONTEXT_WINDOW, CONTENT_POLICY, BUDGET);

    static final List<Setting<Model, ?>> ALL = List.of(
            ALIASES,
            STICKY,
            CONTEXT_WINDOW,
            CONTENT_POLICY,
            BUDGET,
            FAST_FAILURES,
            HEDGE,
            RESUME,
            MIN_THROUGHPUT,
            CALLER_CONTROL);

    private RoutingSettings() {}

    private static Setting<Model, List<Target>> chain(
            String key, Function<Routing, List<Target>> getter, String about) {
        return Setting.withDefault(key, new ListOf<>(TargetType.TARGET, 0), List.of(), of(getter), about);
    }

    private static Setting<Model, Boolean> flag(String key, Function<Routing, Boolean> getter, String about) {
        return Setting.withDefault(key, Scalars.BOOLEAN, false, of(getter), about);
    }

    private static <T> Function<Model, T> of(Function<Routing, T> getter) {
        return model -> getter.apply(model.routing());
    }

    static Routing read(Values values) {
        return new Routing(
                values.get(ALIASES),
                values.find(STICKY),
                values.get(CONTEXT_WINDOW),
                values.get(CONTENT_POLICY),
                values.get(BUDGET),
                values.get(FAST_FAILURES),
                values.get(HEDGE),
                values.get(RESUME),
                Math.toIntExact(values.get(MIN_THROUGHPUT)),
                values.get(CALLER_CONTROL));
    }

    /** Notes what does not go together with the model's name. */
    static void check(Model model, Values values) {
        if (new ModelPattern(model.name()).isWild()
                && !model.routing().aliases().isEmpty()) {
            values.problem(ALIASES, "an alias leaves open what the '*' of '" + model.name() + "' stands for");
        }
    }

    /** Whether the weights of targets have an effect. */
    static boolean weighs(Model model) {
        return WEIGHING.contains(model.pick()) || model.routing().sticky().isPresent();
    }
}
