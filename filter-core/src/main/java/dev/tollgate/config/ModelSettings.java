package dev.tollgate.config;

import dev.tollgate.config.Settings.Model;
import dev.tollgate.config.Settings.Pick;
import dev.tollgate.config.Settings.Target;
import dev.tollgate.config.Settings.Timeouts;
import dev.tollgate.config.Settings.Unsupported;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The settings of one model name. */
final class ModelSettings {
    private static final Scalar<Duration> DEADLINE = Scalars.duration(Duration.ofMillis(1), Duration.ofHours(24));

    private static final Setting<Timeouts, Duration> CONNECT = deadline(
            "connect", Timeouts.DEFAULT.connect(), Timeouts::connect, "To connect to a provider, TLS included.");
    private static final Setting<Timeouts, Duration> FIRST_BYTE = deadline(
            "first-byte",
            Timeouts.DEFAULT.firstByte(),
            Timeouts::firstByte,
            "From the request sent to the first byte of the answer. After it the next target is tried.");
    private static final Setting<Timeouts, Duration> IDLE =
            deadline("idle", Timeouts.DEFAULT.idle(), Timeouts::idle, "Between two pieces of an answer.");
    private static final Setting<Timeouts, Duration> TOTAL =
            deadline("total", Timeouts.DEFAULT.total(), Timeouts::total, "For the whole call, all attempts included.");
    private static final Setting<Timeouts, Duration> HOLD = Setting.withDefault(
            "hold",
            Scalars.duration(Duration.ZERO, Duration.ofHours(1)),
            Timeouts.DEFAULT_HOLD,
            Timeouts::hold,
            "How long a stream that has begun without content is kept from the caller, while another target could still answer "
                    + "instead. `0s` keeps none.");

    private static final Section<Timeouts> TIMEOUTS = new Section<>(
            "Deadlines of a call.",
            List.of(CONNECT, FIRST_BYTE, IDLE, TOTAL, HOLD),
            Set.of(),
            values -> new Timeouts(
                    values.get(CONNECT),
                    values.get(FIRST_BYTE),
                    values.get(IDLE),
                    values.get(TOTAL),
                    values.get(HOLD)));

    private static final Setting<Model, Pick> PICK = Setting.withDefault(
            "pick",
            Scalars.choice(Pick.class),
            Pick.ORDER,
            Model::pick,
            "How the first target of a call is chosen, of the lowest tier that has one that is well: the first in the list; at "
                    + "random, by weight; the one with the fewest calls under way, for its weight; the better of two drawn at "
                    + "random, by time to first token; or the one with the lowest price for the call at hand.");
    private static final Setting<Model, List<Target>> TARGETS =
            Setting.required("targets", new ListOf<>(TargetType.TARGET, 1), Model::targets, "Where calls go.");
    private static final Setting<Model, List<Target>> FALLBACK = Setting.withDefault(
            "fallback",
            new ListOf<>(TargetType.TARGET, 0),
            List.of(),
            Model::fallback,
            "Where calls go, in this order, when the targets have failed.");
    private static final Setting<Model, Timeouts> DEADLINES =
            Setting.withDefault("timeouts", TIMEOUTS, Timeouts.DEFAULT, Model::timeouts, "Deadlines of a call.");
    private static final Setting<Model, Long> ATTEMPTS = Setting.withDefault(
            "attempts",
            Scalars.count(1, 10),
            (long) Model.DEFAULT_ATTEMPTS,
            model -> (long) model.attempts(),
            "The most attempts one call may make, the first included.");
    private static final Setting<Model, Long> MAX_OUTPUT_TOKENS = Setting.withDefault(
            "max-output-tokens",
            Scalars.count(1, 10_000_000),
            Model.DEFAULT_MAX_OUTPUT_TOKENS,
            Model::maxOutputTokens,
            "Output tokens to ask for where a provider needs a number and the caller gave none.");

    private static final Setting<Model, Unsupported> UNSUPPORTED = Setting.withDefault(
            "unsupported",
            Scalars.choice(Unsupported.class),
            Unsupported.REPORT,
            Model::unsupported,
            "What is done with a request of which a target cannot be told everything. `report` sends it without and names what "
                    + "was left out in `x-tollgate-dropped`; `strict` refuses it with 400; `route` passes over such targets, and "
                    + "refuses it where no other is left. What an answer loses is always reported only.");

    static final NamedSections<Model> MODELS = new NamedSections<>(
            "model",
            Scalars.MODEL,
            new Section<>(
                    "A name that callers ask for, and where it goes. The name may hold one `*`.",
                    settings(),
                    Set.of(),
                    ModelSettings::make));

    private ModelSettings() {}

    private static List<Setting<Model, ?>> settings() {
        List<Setting<Model, ?>> all =
                new ArrayList<>(List.of(PICK, TARGETS, FALLBACK, DEADLINES, ATTEMPTS, MAX_OUTPUT_TOKENS, UNSUPPORTED));
        all.addAll(RoutingSettings.ALL);
        return all;
    }

    private static Setting<Timeouts, Duration> deadline(
            String key, Duration fallback, Function<Timeouts, Duration> getter, String about) {
        return Setting.withDefault(key, DEADLINE, fallback, getter, about);
    }

    private static Model make(Values values) {
        Model model = new Model(
                values.name(),
                values.get(PICK),
                values.get(TARGETS),
                values.get(FALLBACK),
                values.get(DEADLINES),
                Math.toIntExact(values.get(ATTEMPTS)),
                values.get(MAX_OUTPUT_TOKENS),
                values.get(UNSUPPORTED),
                RoutingSettings.read(values));
        RoutingSettings.check(model, values);
        if (!new ModelPattern(model.name()).isWild()) {
            refuseWild(values, TARGETS);
            refuseWild(values, FALLBACK);
            RoutingSettings.CHAINS.forEach(chain -> refuseWild(values, chain));
        }
        if (!RoutingSettings.weighs(model) && model.targets().stream().anyMatch(target -> target.weight() != 1)) {
            values.problem(TARGETS, "weights have no effect without 'pick: weighted', 'pick: least-busy' or 'sticky'");
        }
        return model;
    }

    private static void refuseWild(Values values, Setting<Model, List<Target>> setting) {
        Optional<Target> wild = values.get(setting).stream()
                .filter(target -> new ModelPattern(target.model()).isWild())
                .findFirst();
        wild.ifPresent(target -> values.problem(
                setting,
                "'" + target.provider() + "/" + target.model() + "' has a '*', but the model's name '" + values.name()
                        + "' has none that it could stand for"));
    }

    /** Whether some model of the file answers to a name, be it an alias, or may answer to names of a pattern. */
    static boolean answers(String name, Reading reading) {
        return new ModelPattern(name).isWild()
                || reading.declared(AliasName.KIND).contains(name)
                || reading.declared("model").stream()
                        .filter(ModelPattern::isValid)
                        .anyMatch(pattern -> new ModelPattern(pattern).accepts(name));
    }
}
