package dev.tollgate.config;

import dev.tollgate.tariff.PriceFile;
import dev.tollgate.tariff.PriceFile.Format;
import dev.tollgate.tariff.PriceFile.Models;
import dev.tollgate.tariff.PriceFileProblem;
import dev.tollgate.tariff.PriceFileReader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The settings of price lists in local files. */
final class PriceFileSettings {
    private static final Setting<PriceFile, String> FILE = Setting.required(
            "file",
            Scalars.TEXT,
            PriceFile::file,
            "Where it is. It is read when this configuration is, and again when this configuration has changed.");
    private static final Setting<PriceFile, Format> FORMAT = Setting.required(
            "format",
            Scalars.choice(Format.class),
            PriceFile::format,
            "What it is written in: LiteLLM's `model_prices_and_context_window.json`, or the `data.json` or `data_slim.json` of "
                    + "genai-prices.");
    private static final Setting<PriceFile, Map<String, String>> PROVIDERS = Setting.withDefault(
            "providers",
            new NamedValues(
                    "provider",
                    Scalars.NAME,
                    Scalars.matching("the file's name of a provider", "[^\\s]{1,64}", "is not a name of a provider")),
            Map.of(),
            PriceFile::providers,
            "Which of the file's providers some of this configuration's stand for, as `work: azure`. The others are found by "
                    + "what they are `like`.");

    static final Type<List<PriceFile>> FILES = new ListOf<>(
            new Section<>(
                    "A price list in a local file, in a format of a community. What it says besides prices of tokens is passed "
                            + "over, and so are its prices of 0: such lists have them also for what they do not know.",
                    List.of(FILE, FORMAT, PROVIDERS),
                    Set.of(),
                    PriceFileSettings::make),
            0);

    private PriceFileSettings() {}

    private static @Nullable PriceFile make(Values values) {
        String file = values.get(FILE);
        Map<String, String> providers = values.get(PROVIDERS);
        values.reading().later(() -> check(values, providers.keySet()));
        Optional<byte[]> content = values.reading().surroundings().contentOf(file);
        if (content.isEmpty()) {
            values.problem(FILE, "the file " + file + " cannot be read, or is larger than 64 MiB");
            return null;
        }
        try {
            Map<String, Models> tariffs = PriceFileReader.read(values.get(FORMAT), content.get());
            return new PriceFile(file, values.get(FORMAT), providers, tariffs);
        } catch (PriceFileProblem e) {
            values.problem(FILE, file + ": " + e.getMessage());
            return null;
        }
    }

    private static void check(Values values, Set<String> providers) {
        Set<String> declared = values.reading().declared("provider");
        for (String provider : providers) {
            if (!declared.contains(provider)) {
                values.problem(
                        PROVIDERS, "no provider is called '" + provider + "'" + Suggestion.ending(provider, declared));
            }
        }
    }
}
