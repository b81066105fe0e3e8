package dev.tollgate.tariff;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A price list in a community's format, as it has been read.
 *
 * @param file where it is
 * @param format what it is written in
 * @param providers which of the file's providers stand for providers of ours, by our names; the others are found by what they
 *     are like
 * @param tariffs what it says, by its own names of providers
 */
public record PriceFile(String file, Format format, Map<String, String> providers, Map<String, Models> tariffs) {

    /** What models of one provider cost. */
    public interface Models {
        /** What a model costs, by exactly this name; null when it is not said. */
        @Nullable
        Tariff find(String model);
    }

    /** How price files are written. */
    public enum Format {
        /** The JSON file of LiteLLM, {@code model_prices_and_context_window.json}. */
        LITELLM,
        /** The JSON files of genai-prices, {@code data.json} and {@code data_slim.json}. */
        GENAI_PRICES
    }

    public PriceFile {
        providers = Map.copyOf(providers);
        tariffs = Map.copyOf(tariffs);
    }

    /**
     * What a model costs, by exactly this name; null when the file does not say.
     *
     * @param provider our name for the provider
     * @param family what it is like
     */
    public @Nullable Tariff find(String provider, String family, String model) {
        String mapped = providers.get(provider);
        List<String> names = mapped != null ? List.of(mapped) : FileProviders.of(format, family);
        for (String name : names) {
            Models models = tariffs.get(name);
            Tariff tariff = models == null ? null : models.find(model);
            if (tariff != null) {
                return tariff;
            }
        }
        return null;
    }
}
