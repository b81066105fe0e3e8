package dev.tollgate.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import dev.tollgate.config.ConfigException;
import dev.tollgate.config.PriceList;
import dev.tollgate.config.Settings;
import dev.tollgate.route.Candidate;
import dev.tollgate.tariff.Price;
import dev.tollgate.tariff.RateKind;
import dev.tollgate.testing.SettingsOf;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.JsonNodeFactory;

class PriceTableTest {
    private static final long MILLION = 1_000_000;
    private static final long USD = 1_000_000_000;
    private static final String TODAY = "2026-11-24T12:00:00Z";
    private static final ListPrices SHIPPED = ListPrices.shipped();

    private final PriceTable prices = table(Map.of(), TODAY);

    @Test
    void eachClassOfTokensHasItsOwnPrice() {
        assertThat(cost("anthropic", "claude-opus-5-5", usage(1, 0, 0, 0, 0))).hasValue(4_000);
        assertThat(cost("anthropic", "claude-opus-5-5", usage(0, 1, 0, 0, 0))).hasValue(200);
        assertThat(cost("anthropic", "claude-opus-5-5", usage(0, 0, 1, 0, 0))).hasValue(5_000);
        assertThat(cost("anthropic", "claude-opus-5-5", usage(0, 0, 0, 1, 0))).hasValue(8_000);
        assertThat(cost("anthropic", "claude-opus-5-5", usage(0, 0, 0, 0, 1))).hasValue(20_000);
    }

    @Test
    void whatIsCachedIsNotPaidTwice() {
        assertThat(cost("openai", "gpt-5.1", usage(129, 11_904, 0, 0, 44)))
                .hasValue(129 * 1_250 + 11_904 * 125 + 44 * 10_000);
    }

    @Test
    void reasoningIsPaidOnceAsTheOutputItIsPartOf() {
        assertThat(cost("openai", "gpt-5.1", new Usage(1_000, 0, 0, 0, 500, 400, 0, 0, Extras.NONE)))
                .hasValue(1_000 * 1_250 + 500 * 10_000);
    }

    @Test
    void audioAndImagesArePaidInsteadOfTextAndNotBesideIt() {
        Usage spoken = new Usage(100, 0, 0, 0, 50, 0, 30, 20, Extras.NONE);
        assertThat(cost("openai", "gpt-audio", spoken)).hasValue(70 * 2_500 + 30 * 32_000 + 30 * 10_000 + 20 * 64_000);

        Usage drawn = new Usage(100, 0, 0, 0, 1_300, 0, 0, 0, 40, 1_290, Extras.NONE);
        assertThat(cost("gemini", "gemini-2.5-flash-image", drawn)).hasValue(100 * 300 + 10 * 2_500 + 1_290 * 30_000);
    }

    @Test
    void tokensOfAKindWithoutARateMakeACallUnpriced() {
        assertThat(cost("openai", "gpt-5.1", new Usage(100, 0, 0, 0, 50, 0, 30, 0, Extras.NONE)))
                .isEmpty();
        assertThat(cost("openai", "gpt-5.1", new Usage(100, 0, 0, 0, 50, 0, 0, 20, Extras.NONE)))
                .isEmpty();
        assertThat(cost("openai", "gpt-5.1", new Usage(100, 0, 0, 0, 50, 0, 0, 0, 0, 20, Extras.NONE)))
                .isEmpty();
        assertThat(prices.isPriced(target("openai", "openai", "gpt-5.1"))).isTrue();
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
        "vertex, claude-haiku-4-5@20251001, 1000",
        "vertex, gemini-2.5-pro, 1250",
        "azure-openai, gpt-5.1, 1250",
        "azure-foundry, claude-opus-5-5, 4000",
        "bedrock, global.anthropic.claude-opus-5-5, 4000",
        "bedrock, us.anthropic.claude-opus-5-5, 4400",
        "groq, openai/gpt-oss-120b, 150",
        "echo, echo, 0",
    })
    void aNameCostsWhatItsRowOrThatOfItsUndatedNameSays(String family, String model, long nano) {
        assertThat(cost(family, model, usage(1, 0, 0, 0, 0))).hasValue(nano);
    }

    @ParameterizedTest
    @CsvSource({
        "openai, gpt-6.2-sol, 272000",
        "anthropic, claude-sonnet-4-5, 200000",
        "anthropic, claude-haiku-5-5, 100000",
        "gemini, gemini-2.5-pro, 200000",
    })
    void aLongPromptMakesEveryTokenDearerFromTheFirstTokenBeyondTheThreshold(String family, String model, long most) {
        long below = cost(family, model, usage(most - 1_000, 1_000, 0, 0, 0)).orElseThrow();
        long beyond = cost(family, model, usage(most - 999, 1_000, 0, 0, 0)).orElseThrow();

        assertThat((double) beyond / below).isGreaterThan(1.9);
        assertThat(prices.atMost(target(family, family, model), most, 0, null).orElseThrow())
                .isLessThan(prices.atMost(target(family, family, model), most + 1, 0, null)
                        .orElseThrow());
    }

    @Test
    void aLongPromptIsPricedToTheToken() {
        assertThat(cost("openai", "gpt-6.2-sol", usage(72_000, 200_000, 0, 0, 1_000)))
                .hasValue(72_000 * 2_000 + 200_000 * 100 + 1_000 * 10_000);
        assertThat(cost("openai", "gpt-6.2-sol", usage(72_001, 200_000, 0, 0, 1_000)))
                .hasValue(72_001 * 4_000 + 200_000 * 200 + 1_000 * 15_000);
    }

    @ParameterizedTest
    @CsvSource({
        "openai, gpt-5.1, priority, 2500",
        "openai, gpt-5.1, fast, 2500",
        "openai, gpt-5.1, flex, 625",
        "openai, gpt-5.1, batch, 625",
        "openai, gpt-5.1, default, 1250",
        "openai, gpt-5.1, auto, 1250",
        "openai, gpt-5.1, '', 1250",
        "anthropic, claude-opus-5-5, standard, 4000",
        "anthropic, claude-opus-5-5, fast, 8000",
        "anthropic, claude-opus-5-5, batch, 2000",
        "gemini, gemini-2.5-flash, ON_DEMAND, 300",
        "gemini, gemini-2.5-flash, SERVICE_TIER_FLEX, 150",
        "bedrock, amazon.nova-pro-v1:0, priority, 1400",
        "groq, openai/gpt-oss-120b, on_demand, 150",
    })
    void aServiceTierHasItsOwnPrice(String family, String model, String tier, long nano) {
        assertThat(prices.cost(target(family, family, model), usage(1, 0, 0, 0, 0), tier))
                .hasValue(nano);
    }

    @ParameterizedTest
    @CsvSource({
        "openai, gpt-4o, ultrafast",
        "openai, gpt-5.1, provisioned",
        "anthropic, claude-opus-5-5, priority",
        "groq, openai/gpt-oss-120b, performance",
    })
    void aCallInATierWithoutAKnownRateIsUnpriced(String family, String model, String tier) {
        Candidate target = target(family, family, model);

        assertThat(prices.cost(target, usage(1, 0, 0, 0, 1), tier)).isEmpty();
        assertThat(prices.atMost(target, 1, 1, tier)).isEmpty();
    }

    @Test
    void aPriceHoldsFromItsDate() {
        assertThat(at("2026-08-20T23:59:59Z").cost(openai("gpt-5.6-sol"), usage(0, 0, 0, 0, 1)))
                .hasValue(30_000);
        assertThat(at("2026-08-21T00:00:00Z").cost(openai("gpt-5.6-sol"), usage(0, 0, 0, 0, 1)))
                .hasValue(20_000);
        assertThat(at("2027-02-28T23:59:59Z").cost(openai("gpt-6.2-sol"), usage(1, 0, 0, 0, 0), "ultrafast"))
                .hasValue(6_000);
        assertThat(at("2027-03-01T00:00:00Z").cost(openai("gpt-6.2-sol"), usage(1, 0, 0, 0, 0), "ultrafast"))
                .hasValue(12_000);
    }

    @Test
    void aPriceThatIsKnownUntilADateIsUnknownFromThen() throws ConfigException {
        ListPrices list = list("m: { input: 1, output: 2, until: 2026-12-01 }");

        Candidate target = target("work", "house", "m");
        assertThat(table(list, Map.of(), "2026-11-30T23:59:59Z").isPriced(target))
                .isTrue();
        assertThat(table(list, Map.of(), "2026-12-01T00:00:00Z").isPriced(target))
                .isFalse();
        assertThat(table(list, Map.of(), "2026-12-01T00:00:00Z").atMost(target, 1, 1, null))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "openai, gpt-5.1-preview",
        "openai, gpt-99",
        "openai, claude-opus-5-5",
        "anthropic, gpt-5.1",
        "openai-compatible, gpt-5.1",
        "anthropic, claude-opus-4-6-2025",
        "openrouter, openai/gpt-5.1",
    })
    void whatIsNotListedIsUnpriced(String family, String model) {
        assertThat(cost(family, model, usage(1, 0, 0, 0, 1))).isEmpty();
        assertThat(prices.atMost(target(family, family, model), 1, 1, null)).isEmpty();
        assertThat(prices.isPriced(target(family, family, model))).isFalse();
    }

    @Test
    void aPriceOfNothingIsAPrice() {
        PriceTable own = table(Map.of("house/free", price(0, 0)), TODAY);

        assertThat(own.cost(target("house", "openai-compatible", "free"), usage(9, 0, 0, 0, 9)))
                .hasValue(0);
        assertThat(own.atMost(target("house", "openai-compatible", "free"), 9, 9, null))
                .hasValue(0);
        assertThat(own.isPriced(target("house", "openai-compatible", "free"))).isTrue();
    }

    @Test
    void ownPricesGoFirstAndAreFoundByTheProvidersOwnName() {
        PriceTable own =
                table(Map.of("work/gpt-5.1", price(1_000, 5_000), "work/house-model", price(7_000, 7_000)), TODAY);

        assertThat(own.cost(target("work", "openai", "gpt-5.1"), usage(1, 0, 0, 0, 1)))
                .hasValue(6_000);
        assertThat(own.cost(target("work", "openai", "gpt-5.1-2025-11-13"), usage(1, 0, 0, 0, 1)))
                .hasValue(6_000);
        assertThat(own.cost(target("work", "openai-compatible", "house-model"), usage(1, 0, 0, 0, 1)))
                .hasValue(14_000);
        assertThat(own.cost(openai("gpt-5.1"), usage(1, 0, 0, 0, 0))).hasValue(1_250);
    }

    @Test
    void aWholeNameGoesBeforeAnUndatedOneAndThatBeforeAPattern() {
        PriceTable own = table(
                Map.of(
                        "work/gpt-4o", price(1_000, 0),
                        "work/gpt-4o-m*", price(2_000, 0),
                        "work/gpt-*", price(3_000, 0),
                        "work/*", price(4_000, 0)),
                TODAY);

        assertThat(input(own, "gpt-4o")).hasValue(1_000);
        assertThat(input(own, "gpt-4o-2024-05-13")).hasValue(1_000);
        assertThat(input(own, "gpt-4o-mini")).hasValue(2_000);
        assertThat(input(own, "gpt-5.1")).hasValue(3_000);
        assertThat(input(own, "o3")).hasValue(4_000);
    }

    @Test
    void aListedNameWithADateGoesBeforeAnOwnPriceOfTheUndatedOne() {
        PriceTable own = table(Map.of("work/gpt-4o", price(1_000, 0)), TODAY);

        assertThat(input(own, "gpt-4o-2024-05-13")).hasValue(5_000);
        assertThat(input(own, "gpt-4o-2024-08-06")).hasValue(1_000);
    }

    @Test
    void mostIsWhatTheDearestClassOfTokensCosts() {
        Candidate claude = target("anthropic", "anthropic", "claude-opus-5-5");
        assertThat(prices.atMost(claude, 1_000, 100, null)).hasValue(1_000 * 8_000 + 100 * 20_000);
        assertThat(prices.atMost(claude, 1_000, 100, "fast")).hasValue(1_000 * 16_000 + 100 * 40_000);
    }

    @Test
    void mostOfACheaperTierIsWhatTheStandardOneCosts() {
        assertThat(prices.atMost(openai("gpt-5.1"), 1_000, 100, "flex")).hasValue(1_000 * 1_250 + 100 * 10_000);
        assertThat(prices.atMost(openai("gpt-5.1"), 1_000, 100, "priority")).hasValue(1_000 * 2_500 + 100 * 20_000);
    }

    @Test
    void mostCountsAudioAndImagesOfModelsThatMakeThemAlone() {
        assertThat(prices.atMost(openai("gpt-audio"), 10, 10, null)).hasValue(10 * 32_000 + 10 * 64_000);
        assertThat(prices.atMost(target("gemini", "gemini", "gemini-2.5-flash"), 10, 10, null))
                .hasValue(10 * 300 + 10 * 2_500);
    }

    @Test
    void searchesArePaidByTheThousand() {
        Extras units =
                new Extras("cohere", "response.usage", Map.of("search_units", JsonNodeFactory.instance.numberNode(3)));

        assertThat(cost("cohere", "rerank-v3.5", new Usage(0, 0, 0, 0, 0, 0, 0, 0, units)))
                .hasValue(3 * USD / 500);
        assertThat(prices.atMost(target("cohere", "cohere", "rerank-v3.5"), 100, 0, null))
                .hasValue(USD / 500);
        assertThat(cost("cohere", "rerank-v5.0-pro", new Usage(100, 0, 0, 0, 0, 0, 0, 0, Extras.NONE)))
                .hasValue(100 * 50);
    }

    @Test
    void anAnswerThatSaysWhatItCostIsBelievedUnlessThePriceIsOurs() {
        Usage said =
                new Usage(10, 0, 0, 0, 10, 0, 0, 0, extras("cost", JsonNodeFactory.instance.numberNode(0.00044968)));
        Candidate target = target("openrouter", "openrouter", "openai/gpt-5.1");

        assertThat(prices.cost(target, said)).hasValue(449_680);
        assertThat(table(Map.of("openrouter/*", price(1_000, 1_000)), TODAY).cost(target, said))
                .hasValue(20_000);
    }

    @Test
    void aCostThatIsNotAllOfItOrNoneIsNotBelieved() {
        Extras ownKey = new Extras(
                "openai-chat",
                "response.usage",
                Map.of(
                        "cost", JsonNodeFactory.instance.numberNode(0.5),
                        "is_byok", JsonNodeFactory.instance.booleanNode(true)));
        for (Extras extras : List.of(
                ownKey,
                extras("cost", JsonNodeFactory.instance.numberNode(-1)),
                extras("cost", JsonNodeFactory.instance.stringNode("1")),
                extras("cost", JsonNodeFactory.instance.numberNode(1e300)))) {
            assertThat(cost("openrouter", "openai/gpt-5.1", new Usage(1, 0, 0, 0, 1, 0, 0, 0, extras)))
                    .isEmpty();
        }
    }

    @Test
    void largeSumsAreExactAndAbsurdOnesHaveNoPrice() {
        assertThat(cost("anthropic", "claude-opus-4-1", usage(0, 0, 0, 0, 100 * MILLION)))
                .hasValue(7_500 * USD);
        PriceTable dear = table(Map.of("work/x", price(1_000_000_000, 0)), TODAY);
        assertThat(dear.cost(target("work", "openai", "x"), usage(1L << 30, 0, 0, 0, 0)))
                .hasValue((1L << 30) * 1_000_000_000);
        assertThat(dear.cost(target("work", "openai", "x"), usage(1L << 40, 0, 0, 0, 0)))
                .isEmpty();
        assertThat(dear.atMost(target("work", "openai", "x"), 1L << 40, 0, null))
                .isEmpty();
    }

    private OptionalLong cost(String family, String model, Usage usage) {
        return prices.cost(target(family, family, model), usage);
    }

    private static OptionalLong input(PriceTable prices, String model) {
        return prices.cost(target("work", "openai", model), usage(1, 0, 0, 0, 0));
    }

    private static Usage usage(long uncached, long cached, long fiveMinutes, long hour, long output) {
        return new Usage(uncached, cached, fiveMinutes, hour, output, 0, 0, 0, Extras.NONE);
    }

    private static Extras extras(String name, tools.jackson.databind.JsonNode value) {
        return new Extras("openai-chat", "response.usage", Map.of(name, value));
    }

    /** A price in nano-USD per token. */
    private static Price price(long input, long output) {
        return Price.of(Map.of(RateKind.INPUT, input * MILLION, RateKind.OUTPUT, output * MILLION));
    }

    private static Candidate openai(String model) {
        return target("openai", "openai", model);
    }

    private static Candidate target(String provider, String family, String model) {
        return new Candidate(SettingsOf.provider(provider, family), model);
    }

    private static PriceTable at(String time) {
        return table(Map.of(), time);
    }

    private static ListPrices list(String model) throws ConfigException {
        return ListPrices.of(
                PriceList.parse("list", "house: { sources: [x], checked: 2026-11-24, models: { " + model + " } }"));
    }

    private static PriceTable table(Map<String, Price> own, String now) {
        return table(SHIPPED, own, now);
    }

    private static PriceTable table(ListPrices list, Map<String, Price> own, String now) {
        Settings plain = SettingsOf.settings(Map.of(), List.of(), List.of());
        Settings settings = new Settings(
                plain.providers(),
                plain.models(),
                plain.keys(),
                plain.access(),
                plain.limits(),
                plain.cluster(),
                plain.server(),
                own);
        return new PriceTable(settings, list, InstantSource.fixed(Instant.parse(now)));
    }
}
