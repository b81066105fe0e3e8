package dev.tollgate.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.nemesis.Money.Price;
import org.junit.jupiter.api.Test;

class MoneyTest {
    private static final Price PRICE = Price.of("0.15", "0.075", "0.6");

    @Test
    void aCostIsReckonedInNanoDollars() {
        assertThat(PRICE.cost(39, 0, 44)).isEqualTo(39 * 150 + 44 * 600);
    }

    @Test
    void whatComesFromTheCacheIsCheaper() {
        assertThat(PRICE.cost(45, 16, 34)).isEqualTo(29 * 150 + 16 * 75 + 34 * 600);
    }

    @Test
    void halfANanoDollarIsAWholeOne() {
        assertThat(Price.of("0.0005", "0", "0").cost(1, 0, 0)).isEqualTo(1);
    }
}
