package dev.tollgate.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

class ModelPatternTest {

    @Test
    void aNameMatchesItselfAlone() {
        ModelPattern name = new ModelPattern("gpt-5.1");

        assertThat(name.matches("gpt-5.1")).contains("");
        assertThat(name.accepts("gpt-5.10")).isFalse();
        assertThat(name.accepts("gpt-5x1")).isFalse();
        assertThat(name.accepts("GPT-5.1")).isFalse();
    }

    @Test
    void theStarStandsForAnyText() {
        assertThat(new ModelPattern("claude-*").matches("claude-sonnet-4-5")).contains("sonnet-4-5");
        assertThat(new ModelPattern("*-mini").matches("gpt-5-mini")).contains("gpt-5");
        assertThat(new ModelPattern("gpt-*-mini").matches("gpt-5-mini")).contains("5");
        assertThat(new ModelPattern("*").matches("a/b")).contains("a/b");
    }

    @Test
    void theStarMayStandForNoTextInsideAName() {
        assertThat(new ModelPattern("gpt-5*").matches("gpt-5")).contains("");
        assertThat(new ModelPattern("gpt-5*").accepts("gpt-")).isFalse();
    }

    @Test
    void aStarThatIsAWholePieceStandsForSomething() {
        assertThat(new ModelPattern("*").accepts("")).isFalse();
        assertThat(new ModelPattern("openai/*").accepts("openai/")).isFalse();
    }

    @Test
    void whatStandsBeforeAndAfterTheStarDoesNotOverlap() {
        assertThat(new ModelPattern("aba*aba").accepts("ababa")).isFalse();
        assertThat(new ModelPattern("aba*aba").accepts("abaaba")).isTrue();
    }

    @Test
    void twoStarsAreNoPattern() {
        assertThat(ModelPattern.isValid("*-*")).isFalse();
        assertThatIllegalArgumentException().isThrownBy(() -> new ModelPattern("*-*"));
        assertThatIllegalArgumentException().isThrownBy(() -> new ModelPattern(" "));
    }

    @Property
    void fillingInWhatWasMatchedGivesTheName(
            @ForAll @CharRange(from = 'a', to = 'c') String before,
            @ForAll @NotEmpty @CharRange(from = 'a', to = 'c') String middle,
            @ForAll @CharRange(from = 'a', to = 'c') String after) {
        ModelPattern pattern = new ModelPattern(before + "*" + after);
        String name = before + middle + after;

        assertThat(pattern.matches(name).map(pattern::fill)).contains(name);
    }
}
