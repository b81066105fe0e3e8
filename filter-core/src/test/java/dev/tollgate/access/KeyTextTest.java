package dev.tollgate.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class KeyTextTest {

    @Test
    void aNewKeyHasTheFormOfAKeyAndMoreThan160BitsOfChance() {
        String text = KeyText.generate(new SecureRandom()).reveal();

        assertThat(text).matches("tg-[A-Za-z0-9]{32}");
        assertThat(32 * Math.log(62) / Math.log(2)).isGreaterThan(160);
        assertThat(KeyText.of(text)).isPresent();
    }

    @Test
    void newKeysDiffer() {
        SecureRandom random = new SecureRandom();
        Set<String> keys = IntStream.range(0, 1_000)
                .mapToObj(i -> KeyText.generate(random).reveal())
                .collect(Collectors.toSet());

        assertThat(keys).hasSize(1_000);
    }

    @Test
    void everyCharacterOfTheAlphabetIsUsed() {
        Random random = new Random(7);
        String many = IntStream.range(0, 1_000)
                .mapToObj(i -> KeyText.generate(random).reveal().substring(3))
                .collect(Collectors.joining());

        assertThat(many.chars().distinct().count()).isEqualTo(62);
    }

    @Test
    void theDigestIsTheSha256OfTheText() {
        assertThat(KeyText.of("tg-0123456789abcdefghij").orElseThrow().sha256())
                .isEqualTo("d5cf8a63e79d3701ee05e10bc1085c766a31e48cc0aa0d7905f7e1d2b2561c27");
    }

    @Test
    void otherTextIsNoKey() {
        assertThat(KeyText.of("x".repeat(19))).isEmpty();
        assertThat(KeyText.of("x".repeat(20))).isPresent();
        assertThat(KeyText.of("x".repeat(200))).isPresent();
        assertThat(KeyText.of("x".repeat(201))).isEmpty();
        assertThat(KeyText.of("x".repeat(20) + "\n")).isEmpty();
        assertThat(KeyText.of("é".repeat(20))).isEmpty();
    }

    @Test
    void aKeyPrintsAsAsterisks() {
        KeyText key = KeyText.generate(new SecureRandom());

        assertThat(key.toString()).doesNotContain(key.reveal()).contains("***");
    }
}
