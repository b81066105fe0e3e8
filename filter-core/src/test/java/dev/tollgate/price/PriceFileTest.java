package dev.tollgate.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import dev.tollgate.config.Settings;
import dev.tollgate.route.Candidate;
import dev.tollgate.tariff.Price;
import dev.tollgate.tariff.PriceFile;
import dev.tollgate.tariff.PriceFile.Format;
import dev.tollgate.tariff.PriceFileProblem;
import dev.tollgate.tariff.PriceFileReader;
import dev.tollgate.tariff.RateKind;
import dev.tollgate.testing.SettingsOf;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.JsonNodeFactory;

class PriceFileTest {
    private static final ListPrices SHIPPED = ListPrices.shipped();

    private final PriceTable litellm = table(Map.of(), file(Format.LITELLM, "litellm.json", Map.of("work", "azure")));
    private final PriceTable genai = table(Map.of(), file(Format.GENAI_PRICES, "genai-prices.json", Map.of()));

    @ParameterizedTest
    @CsvSource({
        "openai, openai, house-small, 1000",
        "azure-weu, azure-openai, house-azure, 3000",
        "azure-weu, azure-openai, azure/house-azure, 3000",
        "work, openai-compatible, house-azure, 3000",
        "vertex, vertex, house-claude, 4000",
        "openai, openai, house-embed, 20",
    })
    void aModelIsFoundUnderItsOwnNameByTheKindOfItsProvider(String provider, String family, String model, long nano) {
        assertThat(cost(litellm, provider, family, model, usage(1, 0, 0, 0, 0), null))
                .hasValue(nano);
    }

    @Test
    void litellmsClassesOfTokensSizesAndTiersCount() {
        assertThat(small(litellm, usage(0, 1, 0, 0, 0), null)).hasValue(50);
        assertThat(small(litellm, usage(0, 0, 1, 0, 0), null)).hasValue(1_250);
        assertThat(small(litellm, usage(0, 0, 0, 1, 0), null)).hasValue(2_000);
        assertThat(small(litellm, usage(0, 0, 0, 0, 1), null)).hasValue(5_000);
        assertThat(small(litellm, usage(272_000, 0, 0, 0, 1), null)).hasValue(272_000_000 + 5_000);
        assertThat(small(litellm, usage(272_001, 0, 0, 0, 1), null)).hasValue(544_002_000 + 7_500);
        assertThat(small(litellm, usage(1, 1, 0, 0, 1), "priority")).hasValue(2_000 + 100 + 10_000);
        assertThat(small(litellm, usage(1, 0, 0, 0, 1), "batch")).hasValue(500 + 2_500);
        assertThat(small(litellm, usage(1, 0, 0, 0, 1), "flex")).isEmpty();
    }

    @Test
    void litellmsAudioCostsWhatTextDoesWhereItSaysNothing() {
        Usage spoken = new Usage(10, 0, 0, 0, 10, 0, 5, 5, Extras.NONE);

        assertThat(cost(litellm, "openai", "openai", "house-audio", spoken, null))
                .hasValue(5 * 1_000 + 5 * 3_000 + 10 * 2_000);
    }

    @Test
    void searchesCostWhatAQueryDoes() {
        Extras units =
                new Extras("cohere", "response.usage", Map.of("search_units", JsonNodeFactory.instance.numberNode(3)));
        Usage searched = new Usage(0, 0, 0, 0, 0, 0, 0, 0, units);

        assertThat(cost(litellm, "cohere", "cohere", "house-rerank", searched, null))
                .hasValue(6_000_000);
        assertThat(cost(genai, "openai", "openai", "house-rerank", searched, null))
                .hasValue(6_000_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"house-unknown", "house-image", "sample_spec", "house-azure"})
    void whatALitellmListDoesNotSayIsUnpriced(String model) {
        assertThat(litellm.isPriced(target("openai", "openai", model))).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"house-small, 1000", "HOUSE-small, 1000", "house-small-2026, 1000", "house-dated-1, 2000"})
    void aRuleOfGenaiPricesSaysWhichNamesAreMeant(String model, long nano) {
        assertThat(cost(genai, "openai", "openai", model, usage(1, 0, 0, 0, 0), null))
                .hasValue(nano);
    }

    @Test
    void genaiPricesSizesAndTiersCount() {
        assertThat(small(genai, usage(200_000, 0, 0, 0, 1), null)).hasValue(200_000_000 + 5_000);
        assertThat(small(genai, usage(200_001, 0, 0, 0, 1), null)).hasValue(400_002_000 + 7_500);
        assertThat(small(genai, usage(0, 1, 0, 0, 0), null)).hasValue(100);
        assertThat(small(genai, usage(1, 1, 0, 0, 1), "batch")).hasValue(500 + 100 + 2_500);
        assertThat(small(genai, usage(1, 0, 0, 0, 1), "default")).hasValue(1_000 + 5_000);
        assertThat(small(genai, usage(1, 0, 0, 0, 1), "web")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"house-nightly", "house-free", "house-small-2026-01", "other"})
    void whatAGenaiPricesListDoesNotSayIsUnpriced(String model) {
        assertThat(genai.isPriced(target("openai", "openai", model))).isFalse();
    }

    @Test
    void ownPricesGoBeforeFilesAndFilesBeforeTheShippedList() {
        String text =
                "{\"gpt-5.1\": {\"litellm_provider\": \"openai\", \"input_cost_per_token\": 7e-06, \"output_cost_per_token\": 0}}";
        PriceFile file = file(Format.LITELLM, text.getBytes(StandardCharsets.UTF_8), Map.of());
        Price own = Price.of(Map.of(RateKind.INPUT, 9_000_000_000L, RateKind.OUTPUT, 0L));

        assertThat(first(table(Map.of(), file))).hasValue(7_000);
        assertThat(first(table(Map.of("openai/gpt-5.1", own), file))).hasValue(9_000);
        assertThat(first(table(Map.of("openai/gpt-*", own), file))).hasValue(9_000);
        assertThat(first(table(Map.of()))).hasValue(1_250);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"m\": {\"litellm_provider\": \"x\", \"input_cost_per_token\": \"dear\"}} | m.input_cost_per_token",
                "{\"m\": {\"litellm_provider\": \"x\", \"input_cost_per_token\": -1}} | m.input_cost_per_token",
                "{\"m\": {\"litellm_provider\": \"x\", \"input_cost_per_token\": 1e9}} | m.input_cost_per_token",
                "{\"m\": {\"litellm_provider\": \"x\", \"input_cost_per_token\": 1e-999999999}} | m.input_cost_per_token",
                "{\"m\": {\"litellm_provider\": \"x\", \"input_cost_per_token\": [1]}} | m.input_cost_per_token",
                "{\"m\": {}, \"m\": {}} | line 1",
                "{\"m\": | line 1",
                "[] | an object by model",
            })
    void aFigureThatIsNoneIsRefusedByItsPlace(String text, String place) {
        assertThatExceptionOfType(PriceFileProblem.class)
                .isThrownBy(() -> PriceFileReader.read(Format.LITELLM, text.getBytes(StandardCharsets.UTF_8)))
                .withMessageContaining(place);
    }

    private static OptionalLong first(PriceTable prices) {
        return cost(prices, "openai", "openai", "gpt-5.1", usage(1, 0, 0, 0, 0), null);
    }

    private static OptionalLong small(PriceTable prices, Usage usage, @Nullable String tier) {
        return cost(prices, "openai", "openai", "house-small", usage, tier);
    }

    private static OptionalLong cost(
            PriceTable prices, String provider, String family, String model, Usage usage, @Nullable String tier) {
        return prices.cost(target(provider, family, model), usage, tier);
    }

    private static Candidate target(String provider, String family, String model) {
        return new Candidate(SettingsOf.provider(provider, family), model);
    }

    private static Usage usage(long uncached, long cached, long fiveMinutes, long hour, long output) {
        return new Usage(uncached, cached, fiveMinutes, hour, output, 0, 0, 0, Extras.NONE);
    }

    private static PriceFile file(Format format, String name, Map<String, String> providers) {
        try (InputStream in = PriceFileTest.class.getResourceAsStream("/price-files/" + name)) {
            return file(format, Objects.requireNonNull(in).readAllBytes(), providers);
        } catch (IOException e) {
            throw new AssertionError(name, e);
        }
    }

    private static PriceFile file(Format format, byte[] content, Map<String, String> providers) {
        try {
            return new PriceFile("list", format, providers, PriceFileReader.read(format, content));
        } catch (PriceFileProblem e) {
            throw new AssertionError(e);
        }
    }

    private static PriceTable table(Map<String, Price> own, PriceFile... files) {
        Settings plain = SettingsOf.settings(Map.of(), List.of(), List.of());
        Settings settings = new Settings(
                plain.providers(),
                plain.models(),
                plain.keys(),
                plain.access(),
                plain.limits(),
                plain.cluster(),
                plain.server(),
                own,
                plain.media(),
                null,
                List.of(files));
        return new PriceTable(settings, SHIPPED, InstantSource.fixed(Instant.parse("2026-11-24T12:00:00Z")));
    }
}
