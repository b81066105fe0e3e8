package dev.tollgate.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.access.Caller;
import dev.tollgate.config.Settings.Ability;
import dev.tollgate.config.Settings.Model;
import dev.tollgate.config.Settings.Pick;
import dev.tollgate.config.Settings.Routing;
import dev.tollgate.config.Settings.Target;
import dev.tollgate.config.Settings.Traits;
import dev.tollgate.provider.Provider;
import dev.tollgate.testing.SettingsOf;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelRouterTest {
    private static final Map<String, Provider> PROVIDERS = Map.of(
            "openai", SettingsOf.provider("openai", "openai"),
            "claude", SettingsOf.provider("claude", "anthropic"),
            "house", SettingsOf.provider("house", "openai-compatible"));
    private static final Caller ANYONE = caller("*");

    private static final Map<String, List<String>> KNOWN =
            Map.of("openai", List.of("o9"), "anthropic", List.of("claude-haiku-5", "claude-opus-5"));

    @Test
    void knownModelsBehindPatternsAreListedByTheNameTheyAreServedUnder() {
        Router router = router(
                model("smart", Pick.ORDER, targets("house/x"), List.of()),
                model("claude-*", Pick.ORDER, targets("claude/*"), List.of()),
                model("openai/*", Pick.ORDER, targets("openai/*"), List.of()));

        assertThat(router.models(ANYONE))
                .containsExactlyInAnyOrder("smart", "openai/o9", "claude-opus-5", "claude-haiku-5")
                .startsWith("smart");
        assertThat(router.models(new Caller("k", null, null, List.of("claude-h*"))))
                .containsExactly("claude-haiku-5");
    }

    @Test
    void aTargetThatIsOnlyAStarTakesTheWholePieceOfTheName() {
        Router router = router(
                model("claude-*", Pick.ORDER, targets("claude/*"), List.of()),
                model("gpt-*-fast", Pick.ORDER, targets("openai/*"), List.of()),
                model("openai/*", Pick.ORDER, targets("openai/*"), List.of()));

        assertThat(labels(router.plan("claude-sonnet-4-5", ANYONE))).containsExactly("claude/claude-sonnet-4-5");
        assertThat(labels(router.plan("gpt-6-fast", ANYONE))).containsExactly("openai/gpt-6-fast");
        assertThat(labels(router.plan("openai/gpt-5.1", ANYONE))).containsExactly("openai/gpt-5.1");
    }

    @Test
    void orderedTargetsComeInTheirOrderAndFallbacksLast() {
        Router router = router(model("smart", Pick.ORDER, targets("openai/a", "claude/b"), targets("house/c")));

        assertThat(labels(router.plan("smart", ANYONE))).containsExactly("openai/a", "claude/b", "house/c");
    }

    @Test
    void aTargetNamedTwiceIsTriedOnce() {
        Router router =
                router(model("smart", Pick.ORDER, targets("openai/a", "openai/a"), targets("claude/b", "openai/a")));

        assertThat(labels(router.plan("smart", ANYONE))).containsExactly("openai/a", "claude/b");
    }

    @Test
    void aWrittenOutNameGoesBeforePatternsAndTheLongestPatternFirst() {
        Router router = router(
                model("*", Pick.ORDER, targets("house/*"), List.of()),
                model("claude-*", Pick.ORDER, targets("claude/claude-*"), List.of()),
                model("claude-opus-*", Pick.ORDER, targets("claude/opus-*"), List.of()),
                model("claude-opus-5", Pick.ORDER, targets("openai/exact"), List.of()));

        assertThat(labels(router.plan("claude-opus-5", ANYONE))).containsExactly("openai/exact");
        assertThat(labels(router.plan("claude-opus-6", ANYONE))).containsExactly("claude/opus-6");
        assertThat(labels(router.plan("claude-sonnet", ANYONE))).containsExactly("claude/claude-sonnet");
        assertThat(labels(router.plan("llama", ANYONE))).containsExactly("house/llama");
        assertThat(router.plan("claude-opus-6", ANYONE).model().name()).isEqualTo("claude-opus-*");
    }

    @Test
    void whatTheStarStandsForIsHandedOn() {
        Router router = router(model("house/*", Pick.ORDER, targets("house/*", "openai/fixed"), targets("claude/x-*")));

        assertThat(labels(router.plan("house/meta-llama/Llama-3.1:free", ANYONE)))
                .containsExactly(
                        "house/meta-llama/Llama-3.1:free", "openai/fixed", "claude/x-meta-llama/Llama-3.1:free");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "h/../admin",
                "h/./a",
                "h//a",
                "h/a/",
                "h//",
                "h/a b",
                "h/a?x=1",
                "h/a#b",
                "h/a%2e%2e",
                "h/a\\b",
                "h/a\r\nb",
                "h/a\u0000",
                "h/é",
                "h/*",
                "h/a*",
                "h/..",
                "h/.hidden",
                "h/@a/..",
                "h/-flag"
            })
    void aNameThatIsNotSafeIsNeverHandedOn(String name) {
        Router router = router(model("h/*", Pick.ORDER, targets("house/*"), List.of()));

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> router.plan(name, ANYONE));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CALLER_MODEL_UNKNOWN);
        assertThat(refusal.message()).doesNotContain("\r", "\n", "\u0000");
    }

    @Test
    void aNameThatIsTooLongIsNotHandedOnNorShownWhole() {
        Router router = router(model("h/*", Pick.ORDER, targets("house/*"), List.of()));

        Refusal refusal = catchThrowableOfType(Refusal.class, () -> router.plan("h/" + "a".repeat(100_000), ANYONE));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CALLER_MODEL_UNKNOWN);
        assertThat(refusal.message()).hasSizeLessThan(200);
    }

    @Test
    void anUnknownNameIsRefusedWithTheNearestOfTheCallersOwn() {
        Router router = router(
                model("fast", Pick.ORDER, targets("openai/a"), List.of()),
                model("smart", Pick.ORDER, targets("openai/a"), List.of()),
                model("smart-secret", Pick.ORDER, targets("openai/a"), List.of()));

        Refusal refusal =
                catchThrowableOfType(Refusal.class, () -> router.plan("smart-x", caller("fast", "smart", "smart-x")));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CALLER_MODEL_UNKNOWN);
        assertThat(refusal.status()).isEqualTo(404);
        assertThat(refusal.param()).contains("model");
        assertThat(refusal.message()).isEqualTo("there is no model \"smart-x\"; it may be \"smart\", \"fast\"");
    }

    @Test
    void whetherAModelExistsIsNotToldToThoseWhoMayNotUseIt() {
        Router router = router(
                model("secret", Pick.ORDER, targets("openai/a"), List.of()),
                model("mine", Pick.ORDER, targets("openai/a"), List.of()));

        Refusal existing = catchThrowableOfType(Refusal.class, () -> router.plan("secret", caller("mine")));
        Refusal invented = catchThrowableOfType(Refusal.class, () -> router.plan("sacred", caller("mine")));

        assertThat(existing.code())
                .isEqualTo(ErrorCode.POLICY_MODEL_NOT_ALLOWED)
                .isEqualTo(invented.code());
        assertThat(existing.message()).isEqualTo(invented.message().replace("sacred", "secret"));
    }

    @Test
    void theListHoldsTheNamesACallerMayUseWithoutPatternsInTheOrderOfTheConfiguration() {
        Router router = router(
                model("b", Pick.ORDER, targets("openai/a"), List.of()),
                model("gpt-*", Pick.ORDER, targets("openai/gpt-*"), List.of()),
                model("gpt-5", Pick.ORDER, targets("openai/a"), List.of()),
                model("a", Pick.ORDER, targets("openai/a"), List.of()));

        assertThat(router.models(ANYONE)).containsExactly("b", "gpt-5", "a");
        assertThat(router.models(caller("gpt-*"))).containsExactly("gpt-5");
        assertThat(router.models(caller())).isEmpty();
    }

    @Test
    void aCandidateCarriesWhatItsTargetIsLike() {
        Traits traits = new Traits(2, Set.of("eu"), OptionalLong.of(8_000), Set.of(Ability.TOOLS));
        Router router = router(model(
                "smart",
                Pick.WEIGHTED,
                List.of(new Target("openai", "a", 3, traits), new Target("claude", "b", 1)),
                targets("house/d")));

        assertThat(router.plan("smart", ANYONE).candidates())
                .containsExactly(
                        new Candidate(PROVIDERS.get("openai"), "a", 3, traits, false),
                        new Candidate(PROVIDERS.get("claude"), "b", 1, Traits.NONE, false),
                        new Candidate(PROVIDERS.get("house"), "d", 1, Traits.NONE, true));
    }

    @Test
    void chainsAreFilledLikeTheTargets() {
        Routing routing = routing(List.of(), targets("claude/long-*"), targets("house/*"), targets("openai/mini"));
        Router router = router(routed(model("x-*", Pick.ORDER, targets("openai/*"), List.of()), routing));

        Plan plan = router.plan("x-1", ANYONE);

        assertThat(plan.contextWindow()).extracting(Candidate::label).containsExactly("claude/long-1");
        assertThat(plan.contentPolicy()).extracting(Candidate::label).containsExactly("house/x-1");
        assertThat(plan.budget()).extracting(Candidate::label).containsExactly("openai/mini");
    }

    @Test
    void anAliasLeadsWhereTheModelDoesAndIsListedBehindIt() {
        Router router = router(
                aliased("smart", "claude/b", "gpt-4", "best"),
                model("other", Pick.ORDER, targets("openai/a"), List.of()));

        assertThat(router.plan("best", ANYONE).model().name()).isEqualTo("smart");
        assertThat(labels(router.plan("gpt-4", ANYONE))).containsExactly("claude/b");
        assertThat(router.models(ANYONE)).containsExactly("smart", "gpt-4", "best", "other");
        assertThat(router.models(caller("smart"))).containsExactly("smart", "gpt-4", "best");
    }

    @Test
    void anAliasOpensNothingUnlessItIsWrittenOut() {
        Router router = router(
                aliased("smart", "claude/b", "gpt-4"), model("gpt-3", Pick.ORDER, targets("openai/a"), List.of()));

        assertThat(labels(router.plan("gpt-4", caller("gpt-4")))).containsExactly("claude/b");
        assertThat(router.models(caller("gpt-4"))).containsExactly("gpt-4");
        assertThat(router.models(caller("gpt-*"))).containsExactly("gpt-3");
        Refusal byPattern = catchThrowableOfType(Refusal.class, () -> router.plan("gpt-4", caller("gpt-*")));
        Refusal invented = catchThrowableOfType(Refusal.class, () -> router.plan("gpt-9", caller("gpt-*")));
        assertThat(byPattern.code()).isEqualTo(ErrorCode.CALLER_MODEL_UNKNOWN).isEqualTo(invented.code());
        assertThat(byPattern.message()).isEqualTo(invented.message().replace("gpt-9", "gpt-4"));
        Refusal another = catchThrowableOfType(Refusal.class, () -> router.plan("gpt-4", caller("gpt-3")));
        assertThat(another.code()).isEqualTo(ErrorCode.POLICY_MODEL_NOT_ALLOWED);
    }

    private static Model aliased(String name, String target, String... aliases) {
        return routed(
                model(name, Pick.ORDER, targets(target), List.of()),
                routing(List.of(aliases), List.of(), List.of(), List.of()));
    }

    private static Routing routing(
            List<String> aliases, List<Target> contextWindow, List<Target> contentPolicy, List<Target> budget) {
        return new Routing(
                aliases, Optional.empty(), contextWindow, contentPolicy, budget, Duration.ZERO, false, false, 0, false);
    }

    private static Model routed(Model model, Routing routing) {
        return SettingsOf.routed(model, routing);
    }

    private static Router router(Model... models) {
        return new ModelRouter(SettingsOf.models(PROVIDERS, models), KNOWN);
    }

    private static Model model(String name, Pick pick, List<Target> targets, List<Target> fallback) {
        return SettingsOf.model(name, pick, targets, fallback);
    }

    private static List<Target> targets(String... labels) {
        return Arrays.stream(labels)
                .map(label -> label.split("/", 2))
                .map(parts -> new Target(parts[0], parts[1], 1))
                .toList();
    }

    private static List<String> labels(Plan plan) {
        return plan.candidates().stream().map(Candidate::label).toList();
    }

    private static Caller caller(String... models) {
        return new Caller("k", null, null, List.of(models));
    }
}
