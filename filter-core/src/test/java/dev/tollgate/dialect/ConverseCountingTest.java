package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tollgate.Refusal;
import dev.tollgate.chat.ChatRequest;
import dev.tollgate.chat.TokenCount;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Quirks;
import dev.tollgate.testing.Recordings;
import dev.tollgate.testing.Recordings.Recording;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

/** How Bedrock is asked for the number of tokens, and how its callers are told. */
class ConverseCountingTest {
    private final Dialects dialects = new Dialects(InstantSource.fixed(Instant.EPOCH));
    private final TokenCounting bedrock = counting("bedrock");
    private final WriteTerms terms = new WriteTerms(Quirks.NONE, "bedrock", 4096);

    @Test
    void onlyWhatHasTokensIsAskedOf() {
        ChatRequest asked = counting("anthropic").readRequest(json("""
                {"model": "m", "system": "Be brief.", "messages": [{"role": "user", "content": "hi"}],
                 "tools": [{"name": "t", "input_schema": {"type": "object"}}]}"""));

        ObjectNode converse = (ObjectNode) bedrock.writeRequest(asked.to("anthropic.claude-x", false, false), terms)
                .at("/input/converse");

        assertThat(converse.propertyNames()).containsExactlyInAnyOrder("messages", "system", "toolConfig");
        assertThat(converse.at("/messages/0/content/0/text").asString()).isEqualTo("hi");
    }

    @Test
    void aConversationIsReadFromItsWrapper() {
        ChatRequest asked = bedrock.readRequest(json("""
                {"input": {"converse": {"messages": [{"role": "user", "content": [{"text": "hi"}]}]}}}"""));

        ObjectNode written = counting("anthropic").writeRequest(asked.to("claude-x", false, false), terms);

        assertThat(written.at("/messages/0/content/0/text").asString()).isEqualTo("hi");
    }

    @Test
    void tokensOfOneModelsOwnRequestAreNotCountedElsewhere() {
        assertThatThrownBy(() -> bedrock.readRequest(json("{\"input\": {\"invokeModel\": {\"body\": \"e30=\"}}}")))
                .isInstanceOf(Refusal.class)
                .hasMessageContaining("input.converse");
    }

    @Test
    void recordedCallsComeOutAsTheyWentIn() throws BadAnswer {
        for (Recording recording : Recordings.of("bedrock/countTokens")) {
            ChatRequest asked = bedrock.readRequest((ObjectNode) recording.request());
            assertThat(bedrock.writeRequest(asked, terms).at("/input/converse/messages"))
                    .isEqualTo(recording.request().at("/input/converse/messages"));
            if (recording.status() == 200) {
                TokenCount count = bedrock.readCount(Json.read(recording.answer()));
                assertThat(Json.text(bedrock.writeCount(count, terms)))
                        .isEqualTo(Json.text(Json.read(recording.answer())));
            }
        }
    }

    private TokenCounting counting(String dialect) {
        return dialects.byId(dialect).tokenCounting().orElseThrow();
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.read(text);
    }
}
