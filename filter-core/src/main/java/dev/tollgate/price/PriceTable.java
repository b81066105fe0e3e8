package dev.tollgate.price;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Price;
import dev.tollgate.route.Candidate;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The prices that come with the release, and those of the configuration, which go first. A model's own name is looked for
 * before the undated name that it is a version of. What is in neither has no price, which is not the same as being free.
 */
public final class PriceTable implements Prices {
    private final Map<String, Price> own;
    private final ListPrices list;

    public PriceTable(Settings settings) {
        this(settings, ListPrices.shipped());
    }

    PriceTable(Settings settings, ListPrices list) {
        this.own = settings.prices();
        this.list = list;
    }

    /** The models whose prices come with the release, by provider family. */
    public static Map<String, List<String>> knownModels() {
        return ListPrices.shipped().models();
    }

    @Override
    public OptionalLong atMost(Candidate target, long inputTokens, long outputTokens, @Nullable String serviceTier) {
        Usage most = new Usage(0, 0, 0, inputTokens, outputTokens, 0, 0, 0, Extras.NONE);
        return cost(target, most, serviceTier);
    }

    @Override
    public boolean isPriced(Candidate target) {
        return price(target, Usage.NONE) != null;
    }

    @Override
    public OptionalLong cost(Candidate target, Usage usage, @Nullable String serviceTier) {
        Price price = price(target, usage);
        if (price == null) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(cost(price, usage));
        } catch (ArithmeticException e) {
            // More than nine billion dollars: the count is absurd, and a wrong amount is worse than none.
            return OptionalLong.empty();
        }
    }

    private @Nullable Price price(Candidate target, Usage usage) {
        String family = target.provider().family();
        Price price = price(target.provider().name(), family, target.model(), usage);
        return price != null
                ? price
                : price(target.provider().name(), family, list.undated(family, target.model()), usage);
    }

    private @Nullable Price price(String provider, String family, String model, Usage usage) {
        Price price = own.get(provider + "/" + model);
        return price != null ? price : list.find(family, model, usage.input());
    }

    private static long cost(Price price, Usage usage) {
        long cost = Math.multiplyExact(usage.uncachedInput(), price.input());
        cost = Math.addExact(cost, Math.multiplyExact(usage.cacheRead(), price.cacheRead()));
        cost = Math.addExact(cost, Math.multiplyExact(usage.cacheWrite5m(), price.cacheWrite5m()));
        cost = Math.addExact(cost, Math.multiplyExact(usage.cacheWrite1h(), price.cacheWrite1h()));
        return Math.addExact(cost, Math.multiplyExact(usage.output(), price.output()));
    }
}
