package dev.tollgate.tariff;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The names that price lists have for service tiers, which providers and callers know by several words. */
public final class ServiceTiers {
    /** The tier of a call that asks for none, or that leaves it to the provider. */
    public static final String STANDARD = "standard";

    /** By the word in lower case; a word that is not here is a name of its own. */
    private static final Map<String, String> NAMES = Map.ofEntries(
            Map.entry("", STANDARD),
            Map.entry("auto", STANDARD),
            Map.entry("default", STANDARD),
            Map.entry("standard", STANDARD),
            Map.entry("standard_only", STANDARD),
            Map.entry("on_demand", STANDARD),
            Map.entry("unspecified", STANDARD),
            Map.entry("traffic_type_unspecified", STANDARD),
            Map.entry("service_tier_unspecified", STANDARD),
            Map.entry("service_tier_standard", STANDARD),
            Map.entry("service_tier_flex", "flex"),
            Map.entry("service_tier_priority", "priority"),
            Map.entry("on_demand_flex", "flex"),
            Map.entry("on_demand_priority", "priority"));

    private ServiceTiers() {}

    /** The name of the tier that a provider or a caller calls so; null, or a blank word, is the standard one. */
    public static String named(@Nullable String word) {
        if (word == null) {
            return STANDARD;
        }
        String name = NAMES.get(word);
        if (name != null) {
            return name;
        }
        String lower = word.strip().toLowerCase(Locale.ROOT);
        return NAMES.getOrDefault(lower, lower);
    }
}
