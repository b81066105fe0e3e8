package dev.tollgate.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollgate.ErrorCode;
import dev.tollgate.Exchange;
import dev.tollgate.Refusal;
import dev.tollgate.config.Settings;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyAuthenticatorTest {
    private static final Instant NOW = Instant.parse("2026-11-24T12:00:00Z");
    private static final KeyText KEY = KeyText.generate(new Random(1));
    private static final KeyText EXPIRED = KeyText.generate(new Random(2));
    private static final KeyText STRANGE = KeyText.generate(new Random(3));

    private final KeyAuthenticator closed = authenticator(false);
    private final KeyAuthenticator open = authenticator(true);

    @TestFactory
    Stream<DynamicTest> theKeyIsTakenWhereverAnSdkPutsIt() {
        String key = KEY.reveal();
        return Map.of(
                        "Authorization", ShowingKeys.nothing().header("Authorization", "Bearer " + key),
                        "scheme in other letters",
                                ShowingKeys.nothing().header("authorization", "bEARER  " + key + " "),
                        "x-api-key", ShowingKeys.nothing().header("X-Api-Key", key),
                        "api-key", ShowingKeys.nothing().header("api-key", key),
                        "x-goog-api-key", ShowingKeys.nothing().header("x-goog-api-key", key),
                        "?key=", ShowingKeys.nothing().query("alt=sse&key=" + key),
                        "two places",
                                ShowingKeys.nothing()
                                        .header("x-goog-api-key", key)
                                        .header("Authorization", "Bearer " + key),
                        "one header twice",
                                ShowingKeys.nothing().header("x-api-key", key).header("x-api-key", key),
                        "beside the container's own",
                                ShowingKeys.nothing()
                                        .header("Authorization", "Basic YWRhOmx1")
                                        .header("x-api-key", key))
                .entrySet()
                .stream()
                .map(form -> DynamicTest.dynamicTest(
                        form.getKey(),
                        () -> assertThat(closed.identify(form.getValue()))
                                .isEqualTo(new Caller("ci", "search", "ada", List.of("smart")))));
    }

    @Test
    void withoutAKeyThereIsNoAccess() {
        Refusal refusal = refusalOf(closed, ShowingKeys.nothing());

        assertThat(refusal.code()).isEqualTo(ErrorCode.CALLER_NO_KEY);
        assertThat(refusal.message()).contains("Authorization: Bearer");
    }

    @Test
    void aSignatureOfAwsIsRefusedWithTheWayThatWorks() {
        Exchange signed = ShowingKeys.nothing()
                .header("Authorization", "AWS4-HMAC-SHA256 Credential=AKID/20261123/us-east-1/bedrock/aws4_request");

        Refusal refusal = refusalOf(closed, signed);

        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal.message()).contains("AWS_BEARER_TOKEN_BEDROCK", "bearer token provider");
    }

    @Test
    void aBlankKeyIsNone() {
        Exchange blank = ShowingKeys.nothing()
                .header("x-api-key", " ")
                .header("Authorization", "Bearer ")
                .query("key=");

        assertThat(refusalOf(closed, blank).code()).isEqualTo(ErrorCode.CALLER_NO_KEY);
    }

    @Test
    void anUnknownKeyIsRefusedAndNotRepeated() {
        Refusal refusal = refusalOf(closed, ShowingKeys.nothing().header("x-api-key", STRANGE.reveal()));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CALLER_INVALID_KEY);
        assertThat(refusal.status()).isEqualTo(401);
        assertThat(refusal.message()).doesNotContain(STRANGE.reveal());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "short",
                "with spaces in it, and long enough",
                "umlaut-ääääääääääääääääääää",
                "a%2Db%2Dc%2Dd%2De%2Df%2Dg"
            })
    void whatCannotBeAKeyIsRefused(String text) {
        Refusal refusal = refusalOf(closed, ShowingKeys.nothing().header("x-api-key", text));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CALLER_INVALID_KEY);
        assertThat(refusal.message()).doesNotContain(text);
    }

    @Test
    void theDigestOfAKeyIsNotAKey() {
        Refusal refusal = refusalOf(closed, ShowingKeys.nothing().header("x-api-key", KEY.sha256()));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CALLER_INVALID_KEY);
    }

    @TestFactory
    Stream<DynamicTest> twoDifferentKeysAreRefusedEvenWhenBothAreGood() {
        String one = KEY.reveal();
        String two = STRANGE.reveal();
        return Stream.of(
                        ShowingKeys.nothing()
                                .header("Authorization", "Bearer " + one)
                                .header("x-api-key", two),
                        ShowingKeys.nothing().header("x-api-key", one).header("x-api-key", two),
                        ShowingKeys.nothing()
                                .header("Authorization", "Bearer " + one)
                                .query("key=" + two),
                        ShowingKeys.nothing().query("key=" + one + "&key=" + two))
                .map(shown ->
                        DynamicTest.dynamicTest("shown twice" + shown.target().query(), () -> {
                            for (KeyAuthenticator authenticator : List.of(closed, open)) {
                                Refusal refusal = refusalOf(authenticator, shown);
                                assertThat(refusal.code()).isEqualTo(ErrorCode.CALLER_BAD_REQUEST);
                                assertThat(refusal.message()).doesNotContain(one, two);
                            }
                        }));
    }

    @Test
    void anExpiredKeyIsRefusedByName() {
        Refusal refusal = refusalOf(closed, ShowingKeys.nothing().header("x-api-key", EXPIRED.reveal()));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CALLER_INVALID_KEY);
        assertThat(refusal.message()).contains("'old'", "expired at 2026-11-24T12:00:00Z");
    }

    @Test
    void aKeyIsGoodUntilTheMomentItExpires() {
        KeyAuthenticator justBefore = new KeyAuthenticator(settings(false), InstantSource.fixed(NOW.minusMillis(1)));

        Caller caller = justBefore.identify(ShowingKeys.nothing().header("x-api-key", EXPIRED.reveal()));

        assertThat(caller.key()).isEqualTo("old");
    }

    @Test
    void openAccessLetsCallersWithoutAKeyUseEverything() {
        assertThat(open.identify(ShowingKeys.nothing())).isEqualTo(new Caller(null, null, null, List.of("*")));
    }

    @Test
    void openAccessTakesWhatCannotBeAKeyForNone() {
        Caller caller = open.identify(ShowingKeys.nothing().header("Authorization", "Bearer unused"));

        assertThat(caller.key()).isNull();
    }

    @Test
    void openAccessStillKnowsKeysAndRefusesUnknownOnes() {
        Caller caller = open.identify(ShowingKeys.nothing().header("x-api-key", KEY.reveal()));

        assertThat(caller.key()).isEqualTo("ci");
        assertThat(refusalOf(open, ShowingKeys.nothing().header("x-api-key", STRANGE.reveal()))
                        .code())
                .isEqualTo(ErrorCode.CALLER_INVALID_KEY);
        assertThat(refusalOf(open, ShowingKeys.nothing().header("x-api-key", EXPIRED.reveal()))
                        .code())
                .isEqualTo(ErrorCode.CALLER_INVALID_KEY);
    }

    private static Refusal refusalOf(KeyAuthenticator authenticator, Exchange exchange) {
        return catchThrowableOfType(Refusal.class, () -> authenticator.identify(exchange));
    }

    private static KeyAuthenticator authenticator(boolean open) {
        return new KeyAuthenticator(settings(open), InstantSource.fixed(NOW));
    }

    private static Settings settings(boolean open) {
        return new Settings(
                Map.of(),
                Map.of(),
                List.of(
                        new Settings.Key("ci", KEY.sha256(), "search", "ada", List.of("smart"), Optional.empty()),
                        new Settings.Key("old", EXPIRED.sha256(), null, null, List.of("*"), Optional.of(NOW))),
                new Settings.Access(open),
                List.of(),
                Settings.Cluster.NONE,
                Settings.Server.DEFAULT,
                Map.of());
    }
}
