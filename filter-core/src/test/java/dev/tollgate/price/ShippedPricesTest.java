package dev.tollgate.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.PriceList.Block;
import dev.tollgate.provider.ProviderRows;
import dev.tollgate.tariff.Price;
import dev.tollgate.tariff.Rates;
import dev.tollgate.tariff.Schedule;
import dev.tollgate.tariff.Tariff;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShippedPricesTest {
    private static final Instant CHECKED = Instant.parse("2026-11-24T12:00:00Z");

    private final Map<String, Block> blocks = ListPrices.blocks();

    @Test
    void everyBlockSaysWhereAndWhenItsPricesWereFound() {
        blocks.forEach((family, block) -> {
            assertThat(block.sources())
                    .as(family)
                    .isNotEmpty()
                    .allMatch(source -> source.startsWith("https://") || family.equals("echo"));
            assertThat(block.checked()).as(family).isAfter(Instant.parse("2026-01-01T00:00:00Z"));
        });
    }

    @Test
    void everyBlockIsOfAKindOfProviderThatThereIs() {
        Set<String> kinds = new HashSet<>(ProviderRows.shipped().names());

        assertThat(kinds).containsAll(blocks.keySet());
        blocks.values().forEach(block -> assertThat(blocks.keySet()).containsAll(block.as()));
    }

    @Test
    void everyModelHasAPriceNow() {
        blocks.forEach((family, block) -> block.models().forEach((model, price) -> {
            Tariff.Period now = Tariff.of(price).at(CHECKED);
            assertThat(now).as(family + "/" + model).isNotNull();
        }));
    }

    @Test
    void noPriceIsAbsurd() {
        blocks.forEach((family, block) -> block.models()
                .forEach((model, price) -> Tariff.of(price).periods().forEach(period -> {
                    sane(family + "/" + model, period.standard());
                    period.tiers().forEach((tier, rates) -> sane(family + "/" + model + " " + tier, rates));
                })));
    }

    /** A price list that is off by a factor of a thousand is the usual fault of them. */
    private static void sane(String what, Schedule schedule) {
        for (Schedule.Step step : schedule.steps()) {
            Rates rates = step.rates();
            for (long rate : new long[] {rates.input(), rates.output(), rates.cacheWrite5m(), rates.audioOutput()}) {
                assertThat(rate).as(what).isLessThanOrEqualTo(1_200_000_000_000L);
            }
            assertThat(rates.cachedInput()).as(what).isLessThanOrEqualTo(rates.input());
            assertThat(rates.cacheWrite1h()).as(what).isGreaterThanOrEqualTo(rates.cacheWrite5m());
        }
    }

    @Test
    void aLargerCallIsNeverCheaperByTheToken() {
        blocks.forEach((family, block) -> block.models().forEach((model, price) -> {
            List<Schedule.Step> steps =
                    Tariff.of(price).periods().get(0).standard().steps();
            for (int i = 1; i < steps.size(); i++) {
                assertThat(steps.get(i).rates().input())
                        .as(family + "/" + model)
                        .isGreaterThanOrEqualTo(steps.get(i - 1).rates().input());
            }
        }));
    }

    @Test
    void onlyOurOwnModelIsFree() {
        blocks.forEach((family, block) -> block.models().forEach((model, price) -> {
            if (!family.equals("echo")) {
                assertThat(costs(price)).as(family + "/" + model).isTrue();
            }
        }));
    }

    private static boolean costs(Price price) {
        return price.rates().values().stream().anyMatch(rate -> rate > 0);
    }
}
