package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.json.Json;
import java.time.InstantSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.node.ObjectNode;

/** What is missing or mistyped is refused by its path. */
class RequestRefusalTest {
    private final Dialects dialects = new Dialects(InstantSource.system());

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {} | model
                    {"model": 5, "messages": []} | model
                    {"model": "m"} | messages
                    {"model": "m", "messages": {}} | messages
                    {"model": "m", "messages": ["hi"]} | messages[0]
                    {"model": "m", "messages": [{"content": "hi"}]} | messages[0].role
                    {"model": "m", "messages": [{"role": "judge", "content": "hi"}]} | messages[0].role
                    {"model": "m", "messages": [{"role": "user"}]} | messages[0].content
                    {"model": "m", "messages": [{"role": "user", "content": 7}]} | messages[0].content
                    {"model": "m", "messages": [{"role": "user", "content": ["hi"]}]} | messages[0].content[0]
                    {"model": "m", "messages": [{"role": "user", "content": [{"text": "hi"}]}]} | messages[0].content[0].type
                    {"model": "m", "messages": [{"role": "user", "content": [{"type": 1}]}]} | messages[0].content[0].type
                    {"model": "m", "messages": [{"role": "user", "content": [{"type": "text"}]}]} | messages[0].content[0].text
                    {"model": "m", "messages": [{"role": "user", "content": [{"type": "image_url", "image_url": "u"}]}]} | messages[0].content[0].image_url
                    {"model": "m", "messages": [{"role": "tool", "content": "x"}]} | messages[0].tool_call_id
                    {"model": "m", "messages": [{"role": "assistant", "tool_calls": [{"id": "1"}]}]} | messages[0].tool_calls[0].function
                    {"model": "m", "messages": [{"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "f", "arguments": {}}}]}]} | messages[0].tool_calls[0].function.arguments
                    {"model": "m", "messages": [], "temperature": "hot"} | temperature
                    {"model": "m", "messages": [], "max_tokens": 1.5} | max_tokens
                    {"model": "m", "messages": [], "stream": "yes"} | stream
                    {"model": "m", "messages": [], "stop": [1]} | stop
                    {"model": "m", "messages": [], "tools": [{"type": "function", "function": {}}]} | tools[0].function.name
                    {"model": "m", "messages": [], "tool_choice": "maybe"} | tool_choice
                    {"model": "m", "messages": [], "response_format": {"type": 1}} | response_format.type
                    """)
    void openAiChatNamesTheFieldAtFault(String body, String param) {
        assertRefused("openai-chat", body, param);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {} | model
                    {"model": "m", "messages": []} | max_tokens
                    {"model": "m", "max_tokens": "9", "messages": []} | max_tokens
                    {"model": "m", "max_tokens": 9} | messages
                    {"model": "m", "max_tokens": 9, "messages": ["Invalid content"]} | messages[0]
                    {"model": "m", "max_tokens": 9, "messages": [{"role": "tool", "content": ""}]} | messages[0].role
                    {"model": "m", "max_tokens": 9, "messages": [{"role": "user"}]} | messages[0].content
                    {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": [{}]}]} | messages[0].content[0].type
                    {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": [{"type": "image"}]}]} | messages[0].content[0].source
                    {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": [{"type": "image", "source": {"type": "base64"}}]}]} | messages[0].content[0].source.media_type
                    {"model": "m", "max_tokens": 9, "messages": [{"role": "assistant", "content": [{"type": "tool_use", "id": "1", "name": "f"}]}]} | messages[0].content[0].input
                    {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": [{"type": "tool_result"}]}]} | messages[0].content[0].tool_use_id
                    {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": [{"type": "tool_result", "tool_use_id": "1", "content": [{"type": "text"}]}]}]} | messages[0].content[0].content[0].text
                    {"model": "m", "max_tokens": 9, "messages": [], "system": 1} | system
                    {"model": "m", "max_tokens": 9, "messages": [], "tools": [{"name": "f"}]} | tools[0].input_schema
                    {"model": "m", "max_tokens": 9, "messages": [], "tool_choice": "auto"} | tool_choice
                    {"model": "m", "max_tokens": 9, "messages": [], "tool_choice": {"type": "tool"}} | tool_choice.name
                    {"model": "m", "max_tokens": 9, "messages": [], "thinking": {"type": 1}} | thinking.type
                    {"model": "m", "max_tokens": 9, "messages": [], "stop_sequences": "x"} | stop_sequences
                    """)
    void anthropicNamesTheFieldAtFault(String body, String param) {
        assertRefused("anthropic", body, param);
    }

    private void assertRefused(String dialect, String body, String param) {
        ObjectNode tree = (ObjectNode) Json.read(body);
        Refusal refusal =
                catchThrowableOfType(Refusal.class, () -> dialects.byId(dialect).readRequest(tree));
        assertThat(refusal).isNotNull();
        assertThat(refusal.code()).isEqualTo(ErrorCode.CALLER_BAD_REQUEST);
        assertThat(refusal.param()).contains(param);
        assertThat(refusal.message()).contains(param);
    }
}
