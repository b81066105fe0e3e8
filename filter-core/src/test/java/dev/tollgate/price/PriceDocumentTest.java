package dev.tollgate.price;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.config.PriceList.Block;
import dev.tollgate.tariff.Price;
import dev.tollgate.tariff.RateKind;
import dev.tollgate.tariff.Tariff;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PriceDocumentTest {
    private static final Path PAGE = Path.of("../docs/prices.md");
    private static final String BEGIN = "<!-- prices: generated, do not edit -->\n";
    private static final String END = "<!-- end of the prices -->";
    private static final Instant CHECKED = Instant.parse("2026-11-24T12:00:00Z");

    @Test
    void theCheckedInTableIsWhatTheListSays() throws IOException {
        String page = Files.readString(PAGE);
        int begin = page.indexOf(BEGIN) + BEGIN.length();
        String current = page.substring(0, begin) + tables() + page.substring(page.indexOf(END));
        if (Boolean.getBoolean("tollgate.regenerate")) {
            Files.writeString(PAGE, current);
        }
        assertThat(Files.readString(PAGE)).isEqualTo(current);
    }

    private static String tables() {
        StringBuilder text = new StringBuilder();
        ListPrices.blocks().forEach((family, block) -> table(family, block, text));
        return text.toString();
    }

    private static void table(String family, Block block, StringBuilder text) {
        text.append("\n### ").append(family).append("\n\n");
        text.append("Found on ").append(block.checked().atZone(ZoneOffset.UTC).toLocalDate());
        text.append(" at ").append(String.join(", ", block.sources())).append(".\n");
        if (!block.as().isEmpty()) {
            text.append("What is not here costs what it does at: ")
                    .append(String.join(", ", block.as()))
                    .append(".\n");
        }
        block.reported().ifPresent(place -> text.append("Answers say what they have cost.\n"));
        if (!block.models().isEmpty()) {
            text.append("\n| model | input | cached | write | output | other rates | beyond | tiers |\n");
            text.append("|---|---|---|---|---|---|---|---|\n");
            new TreeMap<>(block.models()).forEach((model, price) -> row(model, now(price), text));
        }
    }

    /** The price that held when the list was checked. */
    private static Price now(Price price) {
        Price now = price;
        for (Price.Change change : price.changes()) {
            now = change.from().isAfter(CHECKED) ? now : change.price();
        }
        assertThat(Tariff.of(price).at(CHECKED)).isNotNull();
        return now;
    }

    private static void row(String model, Price price, StringBuilder text) {
        Map<RateKind, Long> rates = price.rates();
        String write = usd(rates.get(RateKind.CACHE_WRITE_5M));
        String longer = usd(rates.get(RateKind.CACHE_WRITE_1H));
        List<String> cells = List.of(
                "`" + model + "`",
                usd(rates.get(RateKind.INPUT)),
                usd(rates.get(RateKind.CACHED_INPUT)),
                longer.isEmpty() ? write : write + " / " + longer,
                usd(rates.get(RateKind.OUTPUT)),
                others(rates),
                steps(price.above()),
                tiers(price.tiers()));
        text.append("| ").append(String.join(" | ", cells)).append(" |\n");
    }

    private static String others(Map<RateKind, Long> rates) {
        List<String> said = new ArrayList<>();
        for (RateKind kind :
                List.of(RateKind.AUDIO_INPUT, RateKind.AUDIO_OUTPUT, RateKind.IMAGE_INPUT, RateKind.IMAGE_OUTPUT)) {
            if (rates.containsKey(kind)) {
                said.add(kind.key() + " " + usd(rates.get(kind)));
            }
        }
        if (rates.containsKey(RateKind.SEARCH)) {
            said.add("a thousand searches " + usd(rates.get(RateKind.SEARCH) / 1_000));
        }
        return String.join(", ", said);
    }

    private static String steps(List<Price.Step> steps) {
        return String.join(
                ", ",
                steps.stream()
                        .map(step -> step.tokens() + ": "
                                + (step.times().isSaid() ? times(step.times()) : all(step.rates())))
                        .toList());
    }

    private static String tiers(Map<String, Price.Tier> tiers) {
        List<String> said = new ArrayList<>();
        new TreeMap<>(tiers)
                .forEach((name, tier) ->
                        said.add(name + " " + (tier.times().isSaid() ? times(tier.times()) : all(tier.rates()))));
        return String.join(", ", said);
    }

    private static String all(Map<RateKind, Long> rates) {
        List<String> said = new ArrayList<>();
        new TreeMap<>(rates).forEach((kind, rate) -> said.add(kind.key() + " " + usd(rate)));
        return String.join(", ", said);
    }

    private static String times(Price.Times times) {
        List<String> said = new ArrayList<>();
        add("", times.all(), said);
        add("input ", times.input(), said);
        add("cached ", times.cached(), said);
        add("output ", times.output(), said);
        return String.join(" ", said);
    }

    private static void add(String what, @Nullable BigDecimal factor, List<String> said) {
        if (factor != null) {
            said.add(what + "×" + factor.toPlainString());
        }
    }

    private static String usd(@Nullable Long nano) {
        return nano == null
                ? ""
                : BigDecimal.valueOf(nano, 9).stripTrailingZeros().toPlainString();
    }
}
