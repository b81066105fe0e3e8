package dev.tollgate.price;

import dev.tollgate.config.ConfigException;
import dev.tollgate.config.PriceList;
import dev.tollgate.config.PriceList.Block;
import dev.tollgate.tariff.Tariff;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What providers publish as their prices: {@code prices.yaml}, which says itself how it is to be read. */
public final class ListPrices {
    private static final String FILE = "prices.yaml";

    private final Map<String, Listed> providers;

    private ListPrices(Map<String, Listed> providers) {
        this.providers = Map.copyOf(providers);
    }

    /** The list that comes with this release. */
    public static ListPrices shipped() {
        return of(blocks());
    }

    static ListPrices of(Map<String, Block> blocks) {
        Map<String, Listed> providers = new HashMap<>();
        blocks.forEach((family, block) -> providers.put(family, Listed.of(block)));
        return new ListPrices(providers);
    }

    /** The list that comes with this release, as it is written. */
    static Map<String, Block> blocks() {
        try (InputStream in = ListPrices.class.getResourceAsStream(FILE)) {
            if (in == null) {
                throw new IllegalStateException(FILE + " is missing from the JAR");
            }
            return PriceList.parse(FILE, new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ConfigException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    /** What a model costs, by exactly this name; null when the list does not say. */
    @Nullable
    Tariff find(String family, String model) {
        Listed listed = providers.get(family);
        if (listed == null) {
            return null;
        }
        Tariff own = listed.tariffs.get(model);
        for (int i = 0; own == null && i < listed.as.size(); i++) {
            own = find(listed.as.get(i), model);
        }
        return own;
    }

    /** The models that have a price, by provider family, in alphabetical order. */
    public Map<String, List<String>> models() {
        Map<String, List<String>> names = new LinkedHashMap<>();
        providers.forEach((family, listed) ->
                names.put(family, listed.tariffs.keySet().stream().sorted().toList()));
        return names;
    }

    /** The name without the date that the provider has put after it; the name itself when there is none. */
    String undated(String family, String model) {
        Listed listed = providers.get(family);
        if (listed == null || listed.dated.isEmpty()) {
            return model;
        }
        Matcher date = listed.dated.get().matcher(model);
        return date.find() ? model.substring(0, date.start()) : model;
    }

    /** Where the provider's answers say what they cost; null where they do not. */
    @Nullable
    ReportedCost reported(String family) {
        Listed listed = providers.get(family);
        return listed == null ? null : listed.reported.orElse(null);
    }

    private record Listed(
            Optional<Pattern> dated, List<String> as, Optional<ReportedCost> reported, Map<String, Tariff> tariffs) {
        static Listed of(Block block) {
            Map<String, Tariff> tariffs = new HashMap<>();
            block.models().forEach((model, price) -> tariffs.put(model, Tariff.of(price)));
            return new Listed(
                    block.dated().map(regex -> Pattern.compile("(?:" + regex + ")$")),
                    block.as(),
                    block.reported().map(ReportedCost::of),
                    tariffs);
        }
    }
}
