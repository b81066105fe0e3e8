package dev.tollgate.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import dev.tollgate.config.Settings;
import dev.tollgate.config.Settings.Price;
import dev.tollgate.route.Candidate;
import dev.tollgate.testing.SettingsOf;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PriceTableTest {
    private static final long MILLION = 1_000_000;
    private static final long USD = 1_000_000_000;

    private final PriceTable prices = new PriceTable(settings(Map.of()));

    @Test
    void eachClassOfTokensHasItsOwnPrice() {
        assertThat(cost("anthropic", "claude-opus-5-5", new Usage(1, 0, 0, 0, 0, 0, 0, 0, Extras.NONE)))
                .hasValue(4_000);
        assertThat(cost("anthropic", "claude-opus-5-5", new Usage(0, 1, 0, 0, 0, 0, 0, 0, Extras.NONE)))
                .hasValue(200);
        assertThat(cost("anthropic", "claude-opus-5-5", new Usage(0, 0, 1, 0, 0, 0, 0, 0, Extras.NONE)))
                .hasValue(5_000);
        assertThat(cost("anthropic", "claude-opus-5-5", new Usage(0, 0, 0, 1, 0, 0, 0, 0, Extras.NONE)))
                .hasValue(8_000);
        assertThat(cost("anthropic", "claude-opus-5-5", new Usage(0, 0, 0, 0, 1, 0, 0, 0, Extras.NONE)))
                .hasValue(20_000);
    }

    @Test
    void reasoningIsPaidOnceAsTheOutputItIsPartOf() {
        assertThat(cost("openai", "gpt-5.1", new Usage(1_000, 0, 0, 0, 500, 400, 0, 0, Extras.NONE)))
                .hasValue(1_000 * 1_250 + 500 * 10_000);
    }

    @ParameterizedTest
    @CsvSource({
        "openai, gpt-5-mini-2025-08-07, 250",
        "openai, gpt-4o-2024-08-06, 2500",
        "openai, gpt-4o-2024-05-13, 5000",
        "anthropic, claude-sonnet-4-5-20250929, 3000",
        "anthropic, claude-haiku-4-5-20251001, 1000",
        "anthropic, claude-3-7-sonnet-latest, 3000",
        "anthropic, claude-opus-4-20250514, 15000",
        "anthropic, claude-opus-4-6, 5000",
    })
    void aDatedNameCostsWhatItsUndatedNameDoesUnlessItHasARowOfItsOwn(String family, String model, long nano) {
        assertThat(cost(family, model, new Usage(1, 0, 0, 0, 0, 0, 0, 0, Extras.NONE)))
                .hasValue(nano);
    }

    @Test
    void aLongPromptMakesTheWholeCallDearer() {
        assertThat(cost("openai", "gpt-6.2-sol", new Usage(72_000, 200_000, 0, 0, 1_000, 0, 0, 0, Extras.NONE)))
                .hasValue(72_000 * 2_000 + 200_000 * 100 + 1_000 * 10_000);
        assertThat(cost("openai", "gpt-6.2-sol", new Usage(72_001, 200_000, 0, 0, 1_000, 0, 0, 0, Extras.NONE)))
                .hasValue(72_001 * 4_000 + 200_000 * 200 + 1_000 * 15_000);
    }

    @ParameterizedTest
    @CsvSource({
        "openai, gpt-5.1-preview",
        "openai, gpt-99",
        "openai, claude-opus-5-5",
        "anthropic, gpt-5.1",
        "echo, echo",
        "openai-compatible, gpt-5.1",
        "anthropic, claude-opus-4-6-2025"
    })
    void whatIsNotListedHasNoPrice(String family, String model) {
        assertThat(cost(family, model, new Usage(1, 0, 0, 0, 1, 0, 0, 0, Extras.NONE)))
                .isEmpty();
    }

    @Test
    void ownPricesGoFirstAndAreFoundByTheProvidersOwnName() {
        PriceTable own = new PriceTable(settings(
                Map.of("work/gpt-5.1", new Price(1, 2, 3, 4, 5), "work/house-model", new Price(7, 7, 7, 7, 7))));
        Usage one = new Usage(1, 1, 1, 1, 1, 0, 0, 0, Extras.NONE);

        assertThat(own.cost(target("work", "openai", "gpt-5.1"), one)).hasValue(15);
        assertThat(own.cost(target("work", "openai", "gpt-5.1-2025-11-13"), one))
                .hasValue(15);
        assertThat(own.cost(target("work", "openai-compatible", "house-model"), one))
                .hasValue(35);
        assertThat(own.cost(target("openai", "openai", "gpt-5.1"), new Usage(1, 0, 0, 0, 0, 0, 0, 0, Extras.NONE)))
                .hasValue(1_250);
    }

    @Test
    void largeSumsAreExactAndAbsurdOnesHaveNoPrice() {
        assertThat(cost("anthropic", "claude-opus-4-1", new Usage(0, 0, 0, 0, 100 * MILLION, 0, 0, 0, Extras.NONE)))
                .hasValue(7_500 * USD);
        PriceTable dear = new PriceTable(settings(Map.of("work/x", new Price(Long.MAX_VALUE / 2, 1, 1, 1, 1))));
        assertThat(dear.cost(target("work", "openai", "x"), new Usage(1L << 40, 0, 0, 0, 0, 0, 0, 0, Extras.NONE)))
                .isEmpty();
    }

    @Test
    void aMisspeltFieldOrAPriceFinerThanNanoUsdIsRefused() {
        assertThatThrownBy(() -> ListPrices.parse("a: { dated: x, models: { m: { input: 1, outptu: 2 } } }"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ListPrices.parse("a: { dated: x, models: { m: { input: 0.0001, output: 2 } } }"))
                .isInstanceOf(ArithmeticException.class);
    }

    private OptionalLong cost(String family, String model, Usage usage) {
        return prices.cost(target(family, family, model), usage);
    }

    private static Candidate target(String provider, String family, String model) {
        return new Candidate(SettingsOf.provider(provider, family), model);
    }

    private static Settings settings(Map<String, Price> prices) {
        Settings plain = SettingsOf.settings(Map.of(), List.of(), List.of());
        return new Settings(
                plain.providers(),
                plain.models(),
                plain.keys(),
                plain.access(),
                plain.limits(),
                plain.cluster(),
                plain.server(),
                prices);
    }
}
