package dev.tollgate.limit;

import dev.tollgate.config.ModelPattern;
import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.config.Settings.Per;
import dev.tollgate.config.Settings.Rate;
import dev.tollgate.config.Settings.Span;
import dev.tollgate.limit.Allowance.Shape;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A limit of the configuration, able to tell which calls it concerns. */
final class Rule {
    private final Limit limit;
    private final OnLoss onLoss;
    private final @Nullable ModelPattern model;
    private final @Nullable Member of;

    /** @param usual what is done when the cluster cannot answer and the limit does not say */
    Rule(Limit limit, OnLoss usual) {
        this.limit = limit;
        this.onLoss = limit.onClusterLoss().orElse(usual);
        this.model = limit.model() == null ? null : new ModelPattern(limit.model());
        this.of = limit.of() == null ? null : Member.parse(limit.of());
    }

    /** The slot that the limit wants of a call; empty when it does not concern it. */
    Optional<SlotClaim> slotClaim(Demand demand, @Nullable String configuredModel) {
        if (limit.concurrent() < 1) {
            return Optional.empty();
        }
        return subject(demand, configuredModel)
                .map(subject -> new SlotClaim(
                        "calls|" + identity() + "|" + subject.name(),
                        subject + forModel(),
                        limit.concurrent(),
                        onLoss));
    }

    /** The request that the limit wants of a call; empty when it does not concern it. */
    Optional<RequestClaim> requestClaim(Demand demand, @Nullable String configuredModel) {
        return limit.requests()
                .flatMap(rate -> subject(demand, configuredModel).map(subject -> requestClaim(subject, rate)));
    }

    // The period is part of the name and the amount is not: several limits on the same calls may run over different
    // periods, and a changed amount goes on with what has been used.
    private RequestClaim requestClaim(Subject subject, Rate rate) {
        Duration period = ((Span.Even) rate.span()).period();
        Shape shape = new Shape.Bucket(rate.amount(), period);
        String name = "requests|" + identity() + "|" + period + "|" + subject.name();
        return new RequestClaim(new Allowance(name, shape, onLoss), subject + forModel());
    }

    private Optional<Subject> subject(Demand demand, @Nullable String configuredModel) {
        if (of != null && !of.includes(demand, configuredModel)) {
            return Optional.empty();
        }
        if (model != null && !model.accepts(demand.model()) && !model.text().equals(configuredModel)) {
            return Optional.empty();
        }
        return Subject.of(limit.per(), demand, configuredModel);
    }

    private String identity() {
        return limit.per().name().toLowerCase(Locale.ROOT) + "|" + (of == null ? "" : of) + "|"
                + (model == null ? "" : model);
    }

    private String forModel() {
        return model == null || limit.per() == Per.MODEL ? "" : " for model \"" + model + '"';
    }

    /** The one subject that a limit is meant for, as {@code team:staff}. */
    private record Member(Subject subject) {
        static Member parse(String of) {
            int colon = of.indexOf(':');
            if (colon < 0) {
                throw new IllegalArgumentException("not a subject: '" + of + "'");
            }
            Per kind = Per.valueOf(of.substring(0, colon).toUpperCase(Locale.ROOT));
            String name = of.substring(colon + 1);
            return new Member(new Subject(kind, kind == Per.IP ? Addresses.counted(name) : name));
        }

        boolean includes(Demand demand, @Nullable String configuredModel) {
            return Subject.of(subject.kind(), demand, configuredModel)
                    .filter(subject::equals)
                    .isPresent();
        }

        @Override
        public String toString() {
            return subject.kind() + ":" + subject.name();
        }
    }
}
