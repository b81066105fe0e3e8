package dev.tollgate.config;

import dev.tollgate.config.Settings.Budget;
import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.Mode;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.config.Settings.Per;
import dev.tollgate.config.Settings.Rate;
import dev.tollgate.config.Settings.Span;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The settings of one limit. */
final class LimitSettings {
    private static final Setting<Limit, Per> PER =
            Setting.required("per", Scalars.choice(Per.class), Limit::per, "What is counted apart.");
    private static final Setting<Limit, String> OF = Setting.optional(
            "of",
            LimitScalars.SUBJECT,
            limit -> Optional.ofNullable(limit.of()),
            "The one subject whose calls count. All calls by default.");
    private static final Setting<Limit, String> MODEL = Setting.optional(
            "model",
            new ModelName(false),
            limit -> Optional.ofNullable(limit.model()),
            "The model, or pattern of models, whose calls count. All together by default.");
    private static final Setting<Limit, Rate> REQUESTS = rate(
            "requests",
            Limit::requests,
            "The most calls in a period. Allowance comes back evenly, up to this many at once; per `week`, `month`, `quarter` and "
                    + "`year` it comes back whole when the next window of the calendar begins.");
    private static final Setting<Limit, Rate> TOKENS = rate(
            "tokens",
            Limit::tokens,
            "The most tokens in a period, of input and output together. A call takes what it may use at most, and what it has "
                    + "not used comes back when it ends.");
    private static final Setting<Limit, Rate> INPUT_TOKENS =
            rate("input-tokens", Limit::inputTokens, "The most input tokens in a period.");
    private static final Setting<Limit, Rate> OUTPUT_TOKENS =
            rate("output-tokens", Limit::outputTokens, "The most output tokens in a period.");
    private static final Setting<Limit, Long> CONCURRENT = Setting.optional(
            "concurrent",
            Scalars.count(1, 1_000_000),
            limit -> limit.concurrent() == 0 ? Optional.empty() : Optional.of(limit.concurrent()),
            "The most calls at a time.");
    private static final Setting<Limit, ZoneId> TIME_ZONE = Setting.optional(
            "time-zone",
            LimitScalars.ZONE,
            LimitSettings::zone,
            "The time zone whose calendar windows of `spend`, and of weeks and longer, follow. `UTC` by default.");
    private static final Setting<Limit, Mode> MODE = Setting.withDefault(
            "mode",
            Scalars.choice(Mode.class),
            Mode.ENFORCE,
            Limit::mode,
            "`shadow` refuses nothing: what would have been refused is counted in the metrics and told in the log.");
    private static final Setting<Limit, OnLoss> ON_CLUSTER_LOSS = Setting.optional(
            "on-cluster-loss",
            Scalars.choice(OnLoss.class),
            Limit::onClusterLoss,
            "What is done with calls when the cluster cannot say what is left: `strict` refuses them when what the node has in "
                    + "hand is used up, `share` goes on with the node's share of the limit, `open` lets them through uncounted "
                    + "(never for `spend`). `share` by default in a cluster of two, otherwise `strict`.");
    private static final Setting<Limit, Integer> INTERACTIVE_SHARE = Setting.withDefault(
            "interactive-share",
            LimitScalars.PERCENT,
            0,
            Limit::interactiveShare,
            "The share of the allowance that calls of priority `batch` leave alone.");

    private static final List<Setting<Limit, Rate>> RATES = List.of(REQUESTS, TOKENS, INPUT_TOKENS, OUTPUT_TOKENS);

    static final Type<List<Limit>> LIMITS = new ListOf<>(
            new Section<>(
                    "A limit. Every limit that applies to a call must let it through.",
                    settings(),
                    Set.of(),
                    LimitSettings::make),
            0);

    private LimitSettings() {}

    private static List<Setting<Limit, ?>> settings() {
        List<Setting<Limit, ?>> all = new ArrayList<>(List.of(PER, OF, MODEL));
        all.addAll(RATES);
        all.add(CONCURRENT);
        all.addAll(BudgetSettings.ALL);
        all.addAll(List.of(TIME_ZONE, MODE, ON_CLUSTER_LOSS, INTERACTIVE_SHARE));
        return all;
    }

    private static Setting<Limit, Rate> rate(String key, Function<Limit, Optional<Rate>> getter, String about) {
        return Setting.optional(key, LimitScalars.RATE, getter, about);
    }

    private static Limit make(Values values) {
        if (RATES.stream().noneMatch(values::isSet) && !values.isSet(CONCURRENT) && !BudgetSettings.isSet(values)) {
            values.problem(
                    "the limit limits nothing; add requests, tokens, input-tokens, output-tokens, concurrent or spend");
        }
        values.find(OF).ifPresent(of -> checkSubject(of, OF, values));
        ZoneId zone = values.find(TIME_ZONE).orElse(ZoneOffset.UTC);
        Limit limit = new Limit(
                values.get(PER),
                values.find(OF).orElse(null),
                values.find(MODEL).orElse(null),
                inZone(values.find(REQUESTS), zone),
                inZone(values.find(TOKENS), zone),
                inZone(values.find(INPUT_TOKENS), zone),
                inZone(values.find(OUTPUT_TOKENS), zone),
                values.find(CONCURRENT).orElse(0L),
                BudgetSettings.read(values, zone),
                values.get(MODE),
                values.find(ON_CLUSTER_LOSS),
                values.get(INTERACTIVE_SHARE));
        check(limit, values);
        return limit;
    }

    private static void check(Limit limit, Values values) {
        if (limit.spend().isPresent()
                && limit.onClusterLoss().filter(OnLoss.OPEN::equals).isPresent()) {
            values.problem(
                    ON_CLUSTER_LOSS,
                    "'open' is not for spend: what nobody counts is spent all the same; write strict or share");
        }
        if (values.isSet(TIME_ZONE) && spans(limit).noneMatch(Span.Calendar.class::isInstance)) {
            values.problem(
                    TIME_ZONE,
                    "the limit has no window of the calendar; only those of a day and shorter of spend, and of "
                            + "a week and longer of all, follow a time zone");
        }
        compare(limit, values);
    }

    /** Compares its figures with those of the limits before it. */
    private static void compare(Limit limit, Values values) {
        boolean told = limit.spend().filter(spend -> !spend.hard()).isPresent();
        String subject = limit.per() + "|" + limit.of() + "|" + limit.model() + "|" + limit.mode() + "|";
        for (Setting<Limit, Rate> setting : RATES) {
            setting.getter()
                    .apply(limit)
                    .ifPresent(rate -> compare(
                            new LimitFigure(
                                    subject + setting.key(),
                                    rate.amount(),
                                    rate.span(),
                                    Amounts.show(rate),
                                    values.at(setting)),
                            values));
        }
        limit.spend()
                .ifPresent(spend -> compare(
                        new LimitFigure(
                                subject + "spend" + told,
                                spend.nanoUsd(),
                                spend.span(),
                                Amounts.showUsd(spend.nanoUsd()) + "/" + Amounts.show(spend.span()),
                                values.at(BudgetSettings.spend())),
                        values));
    }

    private static void compare(LimitFigure figure, Values values) {
        figure.check(values.reading().noted(LimitFigure.class), values.reading());
        values.reading().note(figure);
    }

    private static Optional<Rate> inZone(Optional<Rate> rate, ZoneId zone) {
        return rate.map(each -> each.span() instanceof Span.Calendar calendar
                ? new Rate(each.amount(), new Span.Calendar(calendar.unit(), zone))
                : each);
    }

    private static Stream<Span> spans(Limit limit) {
        return Stream.concat(
                RATES.stream()
                        .flatMap(setting -> setting.getter().apply(limit).stream())
                        .map(Rate::span),
                limit.spend().map(Budget::span).stream());
    }

    private static Optional<ZoneId> zone(Limit limit) {
        return spans(limit)
                .filter(Span.Calendar.class::isInstance)
                .map(span -> ((Span.Calendar) span).zone())
                .filter(zone -> !zone.equals(ZoneOffset.UTC))
                .findFirst();
    }

    /** Has it checked, once the file has been read, that a key or provider that is named is there. */
    static void checkSubject(String of, Setting<?, String> setting, Values values) {
        int colon = of.indexOf(':');
        String kind = of.substring(0, colon);
        if (kind.equals("key") || kind.equals("provider")) {
            values.reading().later(() -> checkDeclared(kind, of.substring(colon + 1), setting, values));
        }
    }

    private static void checkDeclared(String kind, String name, Setting<?, String> setting, Values values) {
        Set<String> declared = values.reading().declared(kind);
        if (!declared.contains(name)) {
            values.problem(setting, "no " + kind + " is called '" + name + "'" + Suggestion.ending(name, declared));
        }
    }
}
