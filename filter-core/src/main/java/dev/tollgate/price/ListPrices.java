package dev.tollgate.price;

import dev.tollgate.config.Settings.Price;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What providers publish as their prices: {@code prices.yaml}, which says itself how it is to be read. */
final class ListPrices {
    private final Map<String, Provider> providers;

    private ListPrices(Map<String, Provider> providers) {
        this.providers = Map.copyOf(providers);
    }

    /** The list that comes with this release. */
    static ListPrices shipped() {
        try (InputStream in = ListPrices.class.getResourceAsStream("prices.yaml")) {
            if (in == null) {
                throw new IllegalStateException("prices.yaml is missing from the JAR");
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @throws IllegalArgumentException when the text is not as {@code prices.yaml} describes it */
    static ListPrices parse(String yaml) {
        Object document =
                new Load(LoadSettings.builder().setAllowDuplicateKeys(false).build()).loadFromString(yaml);
        Map<String, Provider> providers = new HashMap<>();
        mapping(document).forEach((family, fields) -> providers.put(family, Provider.of(mapping(fields))));
        return new ListPrices(providers);
    }

    /** The price of a model, by exactly this name, for a call with so many tokens of input. */
    @Nullable
    Price find(String family, String model, long inputTokens) {
        Provider provider = providers.get(family);
        PriceRow row = provider == null ? null : provider.rows.get(model);
        return row == null ? null : row.at(inputTokens);
    }

    /** The models that have a price, by provider family, in alphabetical order. */
    Map<String, List<String>> models() {
        Map<String, List<String>> names = new HashMap<>();
        providers.forEach((family, provider) ->
                names.put(family, provider.rows.keySet().stream().sorted().toList()));
        return names;
    }

    /** The name without the date that the provider has put after it; the name itself when there is none. */
    String undated(String family, String model) {
        Provider provider = providers.get(family);
        Matcher date = provider == null ? null : provider.dated.matcher(model);
        return date != null && date.find() ? model.substring(0, date.start()) : model;
    }

    static Map<String, Object> mapping(@Nullable Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("not a mapping: " + value);
        }
        Map<String, Object> entries = new HashMap<>();
        map.forEach((key, entry) -> entries.put(String.valueOf(key), entry));
        return entries;
    }

    private record Provider(Pattern dated, Map<String, PriceRow> rows) {
        static Provider of(Map<String, Object> fields) {
            Map<String, PriceRow> rows = new HashMap<>();
            mapping(fields.get("models")).forEach((model, row) -> rows.put(model, PriceRow.of(model, mapping(row))));
            return new Provider(Pattern.compile("(?:" + fields.get("dated") + ")$"), rows);
        }
    }
}
