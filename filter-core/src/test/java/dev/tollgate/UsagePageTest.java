package dev.tollgate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tollgate.access.KeyText;
import dev.tollgate.chat.Extras;
import dev.tollgate.chat.Usage;
import dev.tollgate.config.Settings;
import dev.tollgate.ledger.Entry;
import dev.tollgate.ledger.Journal;
import dev.tollgate.ledger.Party;
import dev.tollgate.testing.FakeExchange;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsagePageTest {
    private static final KeyText BOOKKEEPER = KeyText.generate(new SecureRandom());
    private static final KeyText OTHER = KeyText.generate(new SecureRandom());

    @TempDir
    Path temp;

    private Gateway gateway;

    @BeforeEach
    void open() throws Exception {
        Path ledger = temp.resolve("ledger");
        try (Journal earlier = Journal.open(new Settings.Ledger(ledger), InstantSource.system(), row -> {})) {
            earlier.write(List.of(ended("a/1", "search", 1_500), ended("b/1", "=sales", 2_000_000_000)))
                    .toCompletableFuture()
                    .join();
        }
        Path file = Files.writeString(
                temp.resolve("tollgate.yaml"),
                String.join(
                        "\n",
                        "keys:",
                        "  - { name: books, sha256: " + BOOKKEEPER.sha256() + ", models: ['*'] }",
                        "  - { name: other, sha256: " + OTHER.sha256() + ", models: ['*'] }",
                        "ledger: { directory: '" + ledger + "' }",
                        "server: { usage: { keys: [books] }, log: false }"));
        gateway = GatewayFactory.open(file);
        await().until(() -> get(BOOKKEEPER, "").status() == 200);
    }

    @AfterEach
    void close() {
        gateway.close();
    }

    private static Entry ended(String attempt, String team, long cost) {
        Usage usage = new Usage(10, 0, 0, 0, 3, 0, 0, 0, Extras.NONE);
        return new Entry.Ended(
                attempt,
                Instant.now(),
                new Party("ci", team, null, "smart"),
                "openai/gpt",
                200,
                null,
                usage,
                false,
                OptionalLong.of(cost));
    }

    private FakeExchange get(KeyText key, String query) {
        FakeExchange exchange =
                new FakeExchange("GET", "/tollgate/usage" + query, Map.of("x-api-key", key.reveal()), new byte[0]);
        gateway.handle(exchange);
        await().until(exchange::isEnded);
        return exchange;
    }

    @Test
    void whatWasUsedBeforeTheStartIsShownByTeamAndDay() {
        String today = LocalDate.now(ZoneOffset.UTC).toString();
        FakeExchange page = get(BOOKKEEPER, "");
        assertThat(page.answerHeader("content-type")).contains("application/json");
        assertThat(page.text())
                .contains(
                        "\"day\":\"" + today + "\",\"team\":\"search\",\"calls\":0,\"attempts\":1,\"input_tokens\":10,")
                .contains("\"cost_nano_usd\":1500,\"unpriced\":0,\"estimated\":0,\"cost_usd\":\"0.000001500\"}");
    }

    @Test
    void aSpreadsheetGetsCsvWithoutFormulas() {
        FakeExchange page = get(BOOKKEEPER, "?by=team&per=hour&format=csv");
        assertThat(page.answerHeader("content-type")).contains("text/csv; charset=utf-8");
        assertThat(page.text().lines()).hasSize(3).anyMatch(line -> line.contains(",'=sales,0,1,"));
        assertThat(get(BOOKKEEPER, "?by=provider&format=csv&from=2020-01-01").text())
                .contains(",openai,0,2,");
        assertThat(get(BOOKKEEPER, "?from=2020-01-01&to=2020-02-01").text()).isEqualTo("[]\n");
    }

    @Test
    void onlyTheKeysThatAreNamedSeeIt() {
        FakeExchange refused = get(OTHER, "");
        assertThat(refused.status()).isEqualTo(403);
        assertThat(refused.answerHeader("x-tollgate-error")).contains("policy_not_allowed");
        assertThat(refused.text()).doesNotContain("search");
        assertThat(get(KeyText.generate(new SecureRandom()), "").status()).isEqualTo(401);
    }

    @Test
    void whatCannotBeAnsweredIsRefused() {
        assertThat(get(BOOKKEEPER, "?by=colour").status()).isEqualTo(400);
        assertThat(get(BOOKKEEPER, "?by=day").status()).isEqualTo(400);
        assertThat(get(BOOKKEEPER, "?per=week").status()).isEqualTo(400);
        assertThat(get(BOOKKEEPER, "?from=soon").status()).isEqualTo(400);
        assertThat(get(BOOKKEEPER, "?from=2026-01-02&to=2026-01-01").status()).isEqualTo(400);
        assertThat(get(BOOKKEEPER, "?format=xls").status()).isEqualTo(400);
    }
}
