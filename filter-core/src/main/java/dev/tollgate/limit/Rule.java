package dev.tollgate.limit;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.config.ModelPattern;
import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.Mode;
import dev.tollgate.config.Settings.OnLoss;
import dev.tollgate.config.Settings.Per;
import dev.tollgate.config.Settings.Priority;
import dev.tollgate.config.Settings.Raise;
import dev.tollgate.limit.Allowance.Shape;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A limit of the configuration, able to tell which calls it concerns. */
final class Rule {
    private final Limit limit;
    private final OnLoss onLoss;
    private final @Nullable ModelPattern model;
    private final @Nullable Member of;
    private final List<Quota> quotas;
    private final Map<Raise, Member> raised = new HashMap<>();
    private final String identity;

    /** @param usual what is done when the cluster cannot answer and the limit does not say */
    Rule(Limit limit, OnLoss usual) {
        this.limit = limit;
        this.onLoss = limit.onClusterLoss().orElse(usual);
        this.model = limit.model() == null ? null : new ModelPattern(limit.model());
        this.of = limit.of() == null ? null : Member.parse(limit.of());
        this.quotas = Quota.of(limit);
        limit.spend()
                .ifPresent(spend -> spend.raises().stream()
                        .filter(raise -> raise.of() != null)
                        .forEach(raise -> raised.put(raise, Member.parse(String.valueOf(raise.of())))));
        this.identity = limit.per().name().toLowerCase(Locale.ROOT) + "|" + (of == null ? "" : of) + "|"
                + (model == null ? "" : model);
    }

    /** The slot that the limit wants of a call; empty when it does not concern it. */
    Optional<SlotClaim> slotClaim(Demand demand, @Nullable String configuredModel) {
        if (limit.concurrent() < 1) {
            return Optional.empty();
        }
        Manner manner = manner(limit.mode(), false);
        return subject(demand, configuredModel)
                .map(subject -> new SlotClaim(
                        manner.prefix() + "calls|" + identity + "|" + subject.name(),
                        limit.per(),
                        subject + forModel(),
                        limit.concurrent() - leaving(limit.concurrent(), demand),
                        onLoss,
                        manner));
    }

    /**
     * What the limit wants to count of a call; nothing when it does not concern it.
     *
     * @throws Refusal when the call's cost is not known and has to be
     */
    List<Claim> claims(Demand demand, @Nullable String configuredModel, Instant now) {
        if (quotas.isEmpty()) {
            return List.of();
        }
        Subject subject = subject(demand, configuredModel).orElse(null);
        if (subject == null) {
            return List.of();
        }
        List<Claim> claims = new ArrayList<>(quotas.size());
        for (Quota quota : quotas) {
            checkPriced(quota, demand, subject);
            claims.add(claim(quota, subject, demand, configuredModel, now));
        }
        return claims;
    }

    /** The claims on windows that a past use lies in and that still run. */
    List<Claim> claimsOn(Demand past, Instant at, Instant now) {
        if (limit.per() == Per.IP || (of != null && of.subject.kind() == Per.IP)) {
            return List.of();
        }
        Subject subject = subject(past, past.model()).orElse(null);
        if (subject == null) {
            return List.of();
        }
        return quotas.stream()
                .filter(quota -> quota.isWindowed() && quota.window(now).contains(at))
                .map(quota -> claim(quota, subject, past, past.model(), now))
                .toList();
    }

    private Claim claim(Quota quota, Subject subject, Demand demand, @Nullable String configuredModel, Instant now) {
        Manner manner = manner(limit.mode(), quota.isSoft());
        Shape shape = quota.shape(now, raise -> isMeant(raise, demand, configuredModel));
        String name =
                manner.prefix() + quota.unit().word() + "|" + identity + "|" + quota.span(now) + "|" + subject.name();
        return new Claim(
                quota.unit(),
                new Allowance(name, shape, onLoss),
                leaving(shape.capacity(), demand),
                limit.per(),
                subject + forModel(),
                quota.span(),
                manner,
                quota.soft());
    }

    private boolean isMeant(Raise raise, Demand demand, @Nullable String configuredModel) {
        Member member = raised.get(raise);
        return member == null || member.includes(demand, configuredModel);
    }

    private void checkPriced(Quota quota, Demand demand, Subject subject) {
        boolean unknown = demand.amount().nanoUsd().isEmpty();
        if (unknown && quota.refusesUnpriced() && limit.mode() == Mode.ENFORCE) {
            throw new Refusal(
                    ErrorCode.POLICY_UNPRICED,
                    "the price of model \"" + demand.model() + "\" is not known to this gateway, and " + subject
                            + forModel()
                            + " may only use models whose price is; the operator can add it under 'prices'");
        }
    }

    private long leaving(long capacity, Demand demand) {
        if (demand.priority() == Priority.INTERACTIVE) {
            return 0;
        }
        int share = limit.interactiveShare();
        return capacity / 100 * share + capacity % 100 * share / 100;
    }

    private Optional<Subject> subject(Demand demand, @Nullable String configuredModel) {
        if (namesProvider() != (demand.provider() != null)) {
            return Optional.empty();
        }
        if (of != null && !of.includes(demand, configuredModel)) {
            return Optional.empty();
        }
        if (model != null && !model.accepts(demand.model()) && !model.text().equals(configuredModel)) {
            return Optional.empty();
        }
        return Subject.of(limit.per(), demand, configuredModel);
    }

    /** Whether it is asked for each attempt, of which only the provider is known before. */
    private boolean namesProvider() {
        return limit.per() == Per.PROVIDER || (of != null && of.subject.kind() == Per.PROVIDER);
    }

    private static Manner manner(Mode mode, boolean soft) {
        if (mode == Mode.SHADOW) {
            return Manner.SHADOW;
        }
        return soft ? Manner.TOLD : Manner.ENFORCED;
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
