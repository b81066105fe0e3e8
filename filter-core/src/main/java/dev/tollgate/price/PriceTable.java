package dev.tollgate.price;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import dev.tollgate.config.Settings;
import dev.tollgate.route.Candidate;
import dev.tollgate.tariff.PriceFile;
import dev.tollgate.tariff.Schedule;
import dev.tollgate.tariff.Tariff;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The prices of the configuration, those of its price files, and those that come with the release, in this order. A model's own
 * name is looked for before the undated name that it is a version of. What is in none of them is unpriced.
 */
public final class PriceTable implements Prices {
    private static final String SEARCHES = "search_units";

    private final Map<String, OwnPrices> own;
    private final List<PriceFile> files;
    private final ListPrices list;
    private final InstantSource clock;

    /** @param clock says which of the prices of a model hold */
    public PriceTable(Settings settings, ListPrices list, InstantSource clock) {
        this.own = OwnPrices.byProvider(settings.prices());
        this.files = settings.priceFiles();
        this.list = list;
        this.clock = clock;
    }

    @Override
    public OptionalLong cost(Candidate target, Usage usage, @Nullable String serviceTier) {
        ReportedCost place = list.reported(target.provider().family());
        OptionalLong reported = place == null || ownPrice(target) != null ? OptionalLong.empty() : place.in(usage);
        return reported.isPresent() ? reported : computed(target, usage, serviceTier);
    }

    private OptionalLong computed(Candidate target, Usage usage, @Nullable String serviceTier) {
        Tariff.Period period = period(target);
        Schedule schedule = period == null ? null : period.tier(serviceTier);
        return schedule == null
                ? OptionalLong.empty()
                : Bill.of(schedule.at(usage.input()), usage, searches(usage.extras()));
    }

    private static long searches(Extras extras) {
        JsonNode searches = extras.isEmpty() ? null : extras.fields().get(SEARCHES);
        return searches == null ? 0 : Usage.count(searches);
    }

    @Override
    public OptionalLong atMost(Candidate target, long inputTokens, long outputTokens, @Nullable String serviceTier) {
        Tariff.Period period = period(target);
        Schedule asked = period == null ? null : period.tier(serviceTier);
        if (period == null || asked == null) {
            return OptionalLong.empty();
        }
        OptionalLong most = Bill.most(asked.at(inputTokens), inputTokens, outputTokens);
        // A provider may serve a call in the standard tier that asked for a cheaper one.
        OptionalLong standard = Bill.most(period.standard().at(inputTokens), inputTokens, outputTokens);
        return most.isEmpty() || standard.isEmpty() || most.getAsLong() > standard.getAsLong() ? most : standard;
    }

    @Override
    public boolean isPriced(Candidate target) {
        return period(target) != null;
    }

    private Tariff.@Nullable Period period(Candidate target) {
        Tariff tariff = tariff(target);
        return tariff == null ? null : tariff.at(clock.instant());
    }

    private @Nullable Tariff ownPrice(Candidate target) {
        OwnPrices prices = own.getOrDefault(target.provider().name(), OwnPrices.none());
        Tariff exact = prices.exact(target.model());
        if (exact == null) {
            exact = prices.exact(list.undated(target.provider().family(), target.model()));
        }
        return exact == null ? prices.byStart(target.model()) : exact;
    }

    /** A whole name goes before a name without its date, and that before the start of names; within each, ours go first. */
    private @Nullable Tariff tariff(Candidate target) {
        String model = target.model();
        OwnPrices prices = own.getOrDefault(target.provider().name(), OwnPrices.none());
        Tariff found = prices.exact(model);
        Tariff byStart = found == null ? prices.byStart(model) : null;
        if (found == null && byStart == null) {
            found = listed(target, model);
        }
        if (found != null) {
            return found;
        }
        String undated = list.undated(target.provider().family(), model);
        found = undated.equals(model) ? null : prices.exact(undated);
        if (found != null) {
            return found;
        }
        return byStart != null || undated.equals(model) ? byStart : listed(target, undated);
    }

    private @Nullable Tariff listed(Candidate target, String model) {
        String family = target.provider().family();
        for (PriceFile file : files) {
            Tariff tariff = file.find(target.provider().name(), family, model);
            if (tariff != null) {
                return tariff;
            }
        }
        return list.find(family, model);
    }
}
