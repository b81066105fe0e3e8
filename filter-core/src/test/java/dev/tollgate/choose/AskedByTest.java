package dev.tollgate.choose;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.CallFixture;
import dev.tollgate.Exchange;
import dev.tollgate.config.Settings.Ability;
import dev.tollgate.config.Settings.Routing;
import dev.tollgate.config.Settings.Sticky;
import dev.tollgate.config.Settings.Traits;
import dev.tollgate.dialect.Dialect;
import dev.tollgate.dialect.anthropic.Anthropic;
import dev.tollgate.dialect.openaichat.OpenAiChat;
import dev.tollgate.route.Asked;
import dev.tollgate.route.Candidate;
import dev.tollgate.testing.FakeExchange;
import dev.tollgate.testing.FlatPrices;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AskedByTest {
    private static final Dialect OPENAI = new OpenAiChat(InstantSource.system());
    private static final Dialect ANTHROPIC = new Anthropic();
    private static final Traits LACKS_ALL = new Traits(1, Set.of(), OptionalLong.empty(), EnumSet.allOf(Ability.class));
    private static final String LONG = "You are helpful. ".repeat(400);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"max_tokens\": 5 | ",
                "\"tools\": [{\"type\": \"function\", \"function\": {\"name\": \"f\", \"parameters\": {}}}] | TOOLS",
                "\"response_format\": {\"type\": \"json_schema\", \"json_schema\": {\"name\": \"n\", \"schema\": {}}} | STRUCTURED_OUTPUT",
                "\"response_format\": {\"type\": \"json_object\"} | ",
                "\"reasoning_effort\": \"high\" | REASONING",
                "\"reasoning_effort\": \"none\" | ",
                "\"stream\": true | STREAMING",
            })
    void whatARequestNeedsIsFoundInIt(String field, Ability need) {
        Asked asked = AskedBy.of(call(OPENAI, "{\"model\":\"smart\"," + field + ",\"messages\":" + says("hi") + "}")
                .asked(field.contains("stream"))
                .to(target(LACKS_ALL))
                .call());

        assertThat(asked.needs()).isEqualTo(need == null ? Set.of() : Set.of(need));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"type\": \"image_url\", \"image_url\": {\"url\": \"https://x.example/i.png\"}} | IMAGES",
                "{\"type\": \"input_audio\", \"input_audio\": {\"data\": \"QUJD\", \"format\": \"wav\"}} | AUDIO",
                "{\"type\": \"file\", \"file\": {\"file_id\": \"file-1\"}} | DOCUMENTS",
            })
    void whatMessagesHoldIsNeeded(String part, Ability need) {
        String body = "{\"model\":\"smart\",\"messages\":[{\"role\":\"user\",\"content\":[" + part + "]}]}";

        assertThat(AskedBy.of(call(OPENAI, body).to(target(LACKS_ALL)).call()).needs())
                .containsExactly(need);
    }

    @Test
    void whatNoTargetLacksIsNotLookedFor() {
        String body = "{\"model\":\"smart\",\"reasoning_effort\":\"high\",\"messages\":" + says("hi") + "}";

        assertThat(AskedBy.of(call(OPENAI, body).to(target(Traits.NONE)).call()).needs())
                .isEmpty();
    }

    @Test
    void aRequestThatCannotBeReadNeedsNothingAndIsNotRefused() {
        String body = "{\"model\":\"smart\",\"messages\":[{\"role\":\"nobody\",\"content\":17}]}";

        Asked asked = AskedBy.of(call(OPENAI, body)
                .routing(sticky(new Sticky.ToCache()))
                .to(target(LACKS_ALL))
                .call());

        assertThat(asked.needs()).isEmpty();
        assertThat(asked.stickyTo()).isEmpty();
    }

    @Test
    void tokensAreEstimatedAndOutputCountsOnlyWhereTheCallerSays() {
        String said = "{\"model\":\"smart\",\"max_tokens\":77,\"messages\":" + says(LONG) + "}";
        String unsaid = "{\"model\":\"smart\",\"messages\":" + says(LONG) + "}";

        Asked asked = AskedBy.of(call(OPENAI, said).to(target(Traits.NONE)).call());

        assertThat(asked.inputTokens()).isBetween(LONG.length() / 4L, LONG.length() / 3L);
        assertThat(asked.outputTokens()).isEqualTo(77);
        assertThat(AskedBy.of(call(OPENAI, unsaid).to(target(Traits.NONE)).call())
                        .outputTokens())
                .isZero();
    }

    @Test
    void aPriceIsThatOfAnAnswerOfUsualLength() {
        String body = "{\"model\":\"smart\",\"max_tokens\":100000,\"messages\":" + says(LONG) + "}";
        Candidate target = target(Traits.NONE);

        Asked asked = AskedBy.of(
                call(OPENAI, body).prices(FlatPrices.perToken(10)).to(target).call());

        assertThat(asked.nanoUsd().apply(target)).hasValue((asked.inputTokens() + 1_000) * 10);
    }

    @Test
    void tagsComeFromTheKeyAndWhereThatIsAllowedFromTheCallToo() {
        Map<String, String> headers = Map.of("x-tollgate-tags", " zdr ,, fast");
        Routing allowed = new Routing(
                List.of(), Optional.empty(), List.of(), List.of(), List.of(), Duration.ZERO, false, false, 0, true);

        CallFixture plain = fixture(OPENAI, headers).targetTags("eu").to(target(Traits.NONE));
        CallFixture controlled =
                fixture(OPENAI, headers).targetTags("eu").routing(allowed).to(target(Traits.NONE));

        assertThat(AskedBy.of(plain.call()).tags()).containsExactly("eu");
        assertThat(AskedBy.of(controlled.call()).tags()).containsExactlyInAnyOrder("eu", "zdr", "fast");
    }

    @Test
    void aHeaderIsWhatCallsOfOneCallerHaveInCommon() {
        Routing routing = sticky(new Sticky.ToHeader("x-room"));
        List<String> red = AskedBy.of(fixture(OPENAI, Map.of("x-room", "red"))
                        .routing(routing)
                        .to(target(Traits.NONE))
                        .call())
                .stickyTo();
        List<String> redAgain = AskedBy.of(fixture(OPENAI, Map.of("x-room", "red"))
                        .routing(routing)
                        .to(target(Traits.NONE))
                        .call())
                .stickyTo();
        List<String> blue = AskedBy.of(fixture(OPENAI, Map.of("x-room", "blue"))
                        .routing(routing)
                        .to(target(Traits.NONE))
                        .call())
                .stickyTo();

        assertThat(red).hasSize(1).isEqualTo(redAgain).isNotEqualTo(blue);
        assertThat(red.get(0)).matches("[0-9a-f]{32}");
        assertThat(AskedBy.of(fixture(OPENAI, Map.of())
                                .routing(routing)
                                .to(target(Traits.NONE))
                                .call())
                        .stickyTo())
                .isEmpty();
    }

    @Test
    void aSessionIsWhatItsCallsHaveInCommon() {
        Routing routing = sticky(new Sticky.ToSession());
        FakeExchange member = new FakeExchange().inSession("S1");

        assertThat(AskedBy.of(new CallFixture(member, OPENAI)
                                .routing(routing)
                                .to(target(Traits.NONE))
                                .call())
                        .stickyTo())
                .hasSize(1);
        assertThat(AskedBy.of(new CallFixture(new FakeExchange(), OPENAI)
                                .routing(routing)
                                .to(target(Traits.NONE))
                                .call())
                        .stickyTo())
                .isEmpty();
    }

    @Test
    void theTurnsOfAConversationHaveItsBeginningInCommonInAnyDialect() {
        List<String> first = conversation(OPENAI, openAi("hello"));
        List<String> later = conversation(OPENAI, openAi("hello", "hi!", "and now?"));
        List<String> elsewhere = conversation(
                ANTHROPIC,
                "{\"model\":\"smart\",\"max_tokens\":9,\"system\":\"Be brief.\",\"messages\":["
                        + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hello\","
                        + "\"cache_control\":{\"type\":\"ephemeral\"}}]}]}");

        assertThat(first).hasSize(1).isEqualTo(later).isEqualTo(elsewhere);
        assertThat(conversation(OPENAI, openAi("hullo"))).isNotEqualTo(first);
    }

    @Test
    void aLaterTurnBeginsWithAllOfTheOneBefore() {
        List<String> first = prefixes(openAi(LONG));
        List<String> later = prefixes(openAi(LONG, "hi!", "and now?"));

        assertThat(first).hasSize(1);
        assertThat(later).hasSize(3).endsWith(first.get(0)).doesNotHaveDuplicates();
        assertThat(prefixes(openAi(LONG, "hi!", "something else"))).endsWith(later.get(1), later.get(2));
    }

    @Test
    void whatIsTooShortToBeCachedHasNothingInCommon() {
        assertThat(prefixes(openAi("hello", "hi!", "and now?"))).isEmpty();
    }

    @Test
    void theBeginningOfALongConversationIsNotForgotten() {
        String[] turns = new String[201];
        Arrays.fill(turns, "word");
        turns[0] = LONG;

        assertThat(prefixes(openAi(turns)))
                .hasSize(64)
                .endsWith(prefixes(openAi(LONG)).get(0));
    }

    private static List<String> conversation(Dialect dialect, String body) {
        return AskedBy.of(call(dialect, body)
                        .routing(sticky(new Sticky.ToConversation()))
                        .to(target(Traits.NONE))
                        .call())
                .stickyTo();
    }

    private static List<String> prefixes(String body) {
        return AskedBy.of(call(OPENAI, body)
                        .routing(sticky(new Sticky.ToCache()))
                        .to(target(Traits.NONE))
                        .call())
                .stickyTo();
    }

    private static String openAi(String... turns) {
        StringBuilder body =
                new StringBuilder("{\"model\":\"smart\",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief.\"}");
        for (int i = 0; i < turns.length; i++) {
            body.append(",{\"role\":\"")
                    .append(i % 2 == 0 ? "user" : "assistant")
                    .append("\",\"content\":\"")
                    .append(turns[i])
                    .append("\"}");
        }
        return body.append("]}").toString();
    }

    private static String says(String text) {
        return "[{\"role\":\"user\",\"content\":\"" + text + "\"}]";
    }

    private static Candidate target(Traits traits) {
        return Choice.candidate("a/m", 1, traits, false);
    }

    private static CallFixture call(Dialect dialect, String body) {
        return fixture(dialect, Map.of()).body(body);
    }

    private static CallFixture fixture(Dialect dialect, Map<String, String> headers) {
        Exchange exchange = new FakeExchange("POST", "/v1/chat/completions", headers, new byte[0]);
        return new CallFixture(exchange, dialect);
    }

    private static Routing sticky(Sticky to) {
        return new Routing(
                List.of(), Optional.of(to), List.of(), List.of(), List.of(), Duration.ZERO, false, false, 0, false);
    }
}
