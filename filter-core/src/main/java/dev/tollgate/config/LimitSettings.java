package dev.tollgate.config;

import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.Per;
import dev.tollgate.config.Settings.Rate;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The settings of one limit. */
final class LimitSettings {
    private static final Setting<Limit, Per> PER = Setting.required(
            "per", Scalars.choice(Per.class, Set.of("provider")), Limit::per, "What is counted apart.");
    private static final Setting<Limit, String> OF = Setting.optional(
            "of",
            Scalars.matching(
                    "subject, as `team:staff`",
                    "(?:key|team|user|model|ip):.{1,200}",
                    "is not a subject; write key:, team:, user:, model: or ip: and a name, as team:staff"),
            limit -> Optional.ofNullable(limit.of()),
            "The one subject whose calls count. All calls by default.");
    private static final Setting<Limit, String> MODEL = Setting.optional(
            "model",
            new ModelName(),
            limit -> Optional.ofNullable(limit.model()),
            "The model, or pattern of models, whose calls count. All together by default.");
    private static final Setting<Limit, Rate> REQUESTS = Setting.optional(
            "requests",
            Scalars.RATE,
            Limit::requests,
            "The most calls in a period. Allowance comes back evenly, up to this many at once.");
    private static final Setting<Limit, Long> CONCURRENT = Setting.optional(
            "concurrent",
            Scalars.count(1, 1_000_000),
            limit -> limit.concurrent() == 0 ? Optional.empty() : Optional.of(limit.concurrent()),
            "The most calls at a time.");

    static final Type<List<Limit>> LIMITS = new ListOf<>(
            new Section<>(
                    "A limit. Every limit that applies to a call must let it through.",
                    List.of(PER, OF, MODEL, REQUESTS, CONCURRENT),
                    Set.of(
                            "tokens",
                            "input-tokens",
                            "output-tokens",
                            "spend",
                            "on-exceed",
                            "on-cluster-loss",
                            "unpriced"),
                    LimitSettings::make),
            0);

    private LimitSettings() {}

    private static Limit make(Values values) {
        if (!values.isSet(REQUESTS) && !values.isSet(CONCURRENT)) {
            values.problem("the limit limits nothing; add requests or concurrent");
        }
        values.find(OF).ifPresent(of -> values.reading().later(() -> checkKey(of, values)));
        return new Limit(
                values.get(PER),
                values.find(OF).orElse(null),
                values.find(MODEL).orElse(null),
                values.find(REQUESTS),
                values.find(CONCURRENT).orElse(0L));
    }

    private static void checkKey(String of, Values values) {
        if (!of.startsWith("key:")) {
            return;
        }
        String name = of.substring("key:".length());
        Set<String> declared = values.reading().declared("key");
        if (!declared.contains(name)) {
            values.problem(OF, "no key is called '" + name + "'" + Suggestion.ending(name, declared));
        }
    }
}
