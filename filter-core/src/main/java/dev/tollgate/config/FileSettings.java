package dev.tollgate.config;

import dev.tollgate.config.Settings.Access;
import dev.tollgate.config.Settings.Cluster;
import dev.tollgate.config.Settings.Ledger;
import dev.tollgate.config.Settings.Limit;
import dev.tollgate.config.Settings.Media;
import dev.tollgate.config.Settings.Model;
import dev.tollgate.config.Settings.Server;
import dev.tollgate.provider.Provider;
import dev.tollgate.tariff.Price;
import dev.tollgate.tariff.PriceFile;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The whole configuration file: everything that can be set, by section. */
final class FileSettings {
    private static final Setting<Settings, Map<String, Provider>> PROVIDERS = Setting.withDefault(
            "providers", ProviderSettings.PROVIDERS, Map.of(), Settings::providers, "The places that answer AI calls.");
    private static final Setting<Settings, Map<String, Model>> MODELS = Setting.withDefault(
            "models",
            ModelSettings.MODELS,
            Map.of(),
            Settings::models,
            "The names that callers ask for, and where they go. Of several patterns that match a name, the one with the most "
                    + "letters counts; a name without `*` comes first.");
    private static final Setting<Settings, List<Settings.Key>> KEYS =
            Setting.withDefault("keys", AccessSettings.KEYS, List.of(), Settings::keys, "The keys that callers show.");
    private static final Setting<Settings, Access> ACCESS = Setting.withDefault(
            "access", AccessSettings.ACCESS, new Access(false), Settings::access, "Access besides keys.");
    private static final Setting<Settings, List<Limit>> LIMITS = Setting.withDefault(
            "limits", LimitSettings.LIMITS, List.of(), Settings::limits, "How much callers may use.");
    private static final Setting<Settings, Map<String, Price>> PRICES = Setting.withDefault(
            "prices",
            PriceSettings.PRICES,
            Map.of(),
            Settings::prices,
            "What models cost, where that differs from the prices that come with the release.");
    private static final Setting<Settings, List<PriceFile>> PRICE_FILES = Setting.withDefault(
            "price-files",
            PriceFileSettings.FILES,
            List.of(),
            Settings::priceFiles,
            "Price lists of two communities, in local files. What an earlier file says goes before what a later one does; all of "
                    + "it before the prices that come with the release, and after `prices`.");
    private static final Setting<Settings, Cluster> CLUSTER = Setting.optional(
            "cluster",
            ClusterSettings.CLUSTER,
            settings -> Optional.of(settings.cluster()).filter(cluster -> !cluster.isAlone()),
            "The nodes that share limits. This JVM alone by default.");
    private static final Setting<Settings, Server> SERVER = Setting.withDefault(
            "server", ServerSettings.SERVER, Server.DEFAULT, Settings::server, "What the gateway itself is like.");

    private static final Setting<Settings, Media> MEDIA = Setting.withDefault(
            "media", ServerSettings.MEDIA, Media.NONE, Settings::media, "Images and documents behind URLs.");

    private static final Setting<Settings, Ledger> LEDGER = Setting.optional(
            "ledger",
            LedgerSettings.LEDGER,
            settings -> Optional.ofNullable(settings.ledger()),
            "Where rows about attempts and calls are written. Nowhere by default.");

    static final Section<Settings> FILE = new Section<>(
            "The configuration of a Tollgate gateway.",
            List.of(PROVIDERS, MODELS, KEYS, ACCESS, LIMITS, PRICES, PRICE_FILES, CLUSTER, SERVER, MEDIA, LEDGER),
            Set.of("admin", "guards", "cache"),
            values -> new Settings(
                    values.get(PROVIDERS),
                    values.get(MODELS),
                    values.get(KEYS),
                    values.get(ACCESS),
                    values.get(LIMITS),
                    values.find(CLUSTER).orElse(Cluster.NONE),
                    values.get(SERVER),
                    values.get(PRICES),
                    values.get(MEDIA),
                    values.find(LEDGER).orElse(null),
                    values.get(PRICE_FILES)));

    private FileSettings() {}
}
