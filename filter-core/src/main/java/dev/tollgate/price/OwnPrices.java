package dev.tollgate.price;

import dev.tollgate.tariff.Price;
import dev.tollgate.tariff.Tariff;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The prices of the configuration for the models of one provider. */
final class OwnPrices {
    private static final OwnPrices NONE = new OwnPrices(Map.of(), List.of());

    private final Map<String, Tariff> exact;
    private final List<Start> starts;

    /** What names with this start cost. */
    private record Start(String text, Tariff tariff) {}

    private OwnPrices(Map<String, Tariff> exact, List<Start> starts) {
        this.exact = Map.copyOf(exact);
        this.starts = List.copyOf(starts);
    }

    /** The prices by "provider/model", where the model may end with a {@code *}, as those of each provider. */
    static Map<String, OwnPrices> byProvider(Map<String, Price> prices) {
        Map<String, Map<String, Tariff>> byProvider = new HashMap<>();
        prices.forEach((name, price) -> {
            int slash = name.indexOf('/');
            byProvider
                    .computeIfAbsent(name.substring(0, slash), provider -> new HashMap<>())
                    .put(name.substring(slash + 1), Tariff.of(price));
        });
        Map<String, OwnPrices> own = new HashMap<>();
        byProvider.forEach((provider, models) -> own.put(provider, of(models)));
        return own;
    }

    static OwnPrices none() {
        return NONE;
    }

    private static OwnPrices of(Map<String, Tariff> models) {
        Map<String, Tariff> exact = new HashMap<>();
        List<Start> starts = new ArrayList<>();
        models.forEach((model, tariff) -> {
            if (model.endsWith("*")) {
                starts.add(new Start(model.substring(0, model.length() - 1), tariff));
            } else {
                exact.put(model, tariff);
            }
        });
        starts.sort(
                Comparator.comparingInt((Start start) -> start.text().length()).reversed());
        return new OwnPrices(exact, starts);
    }

    @Nullable
    Tariff exact(String model) {
        return exact.get(model);
    }

    /** The price of the longest start that the name has; null where it has none. */
    @Nullable
    Tariff byStart(String model) {
        for (Start start : starts) {
            if (model.startsWith(start.text())) {
                return start.tariff();
            }
        }
        return null;
    }
}
