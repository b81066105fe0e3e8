package dev.tollgate.dialect;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tollgate.json.JsonDocument;
import java.time.InstantSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How much a request asks for, in the words of each dialect. */
class AskedOutputTest {
    private final Dialects dialects = new Dialects(InstantSource.system());

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "openai-chat|{'max_tokens':7}|7|1",
                "openai-chat|{'max_completion_tokens':9,'n':3}|9|3",
                "openai-chat|{'max_tokens':7,'max_completion_tokens':9}|9|1",
                "openai-chat|{'max_tokens':null,'n':null}|-1|1",
                "openai-chat|{'max_tokens':0}|-1|1",
                "openai-chat|{'max_tokens':-5,'n':-2}|-1|1",
                "openai-chat|{'max_tokens':99999999999999999999}|-1|1",
                "openai-chat|{}|-1|1",
                "openai-responses|{'max_output_tokens':7}|7|1",
                "openai-completions|{'max_tokens':7,'n':2,'best_of':3,'prompt':['a','b']}|7|6",
                "openai-completions|{'max_tokens':7,'prompt':[1,2,3]}|7|1",
                "openai-completions|{'prompt':[[1],[2]]}|-1|2",
                "openai-completions|{'prompt':'a'}|-1|1",
                "anthropic|{'max_tokens':7}|7|1",
                "gemini|{'generationConfig':{'maxOutputTokens':7,'candidateCount':2}}|7|2",
                "gemini|{'generationConfig':{}}|-1|1",
                "gemini|{'generationConfig':7}|-1|1",
                "bedrock|{'inferenceConfig':{'maxTokens':7}}|7|1",
                "cohere|{'max_tokens':7}|7|1",
                "ollama|{'options':{'num_predict':7}}|7|1",
                "ollama|{'options':{'num_predict':-1}}|-1|1",
            })
    void eachDialectSaysInItsOwnWordsHowMuchAnAnswerMayHave(String dialect, String request, long most, long answers) {
        Dialect spoken = dialects.byId(dialect);
        JsonDocument body = JsonDocument.parse(request.replace((char) 39, '"').getBytes(UTF_8));

        assertThat(spoken.mostOutput(body).orElse(-1)).isEqualTo(most);
        assertThat(spoken.answers(body)).isEqualTo(answers);
    }
}
