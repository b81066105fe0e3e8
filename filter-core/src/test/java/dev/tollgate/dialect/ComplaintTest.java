package dev.tollgate.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ComplaintTest {

    /** Status, the provider's type and code, its message; what it is about. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            400 | invalid_request_error | context_length_exceeded | Your input exceeds the context window | CONTEXT_WINDOW
            400 | invalid_request_error | invalid_request_error | This model's maximum context length is 65536 tokens | CONTEXT_WINDOW
            400 | invalid_request_error | | prompt is too long: 213462 tokens > 200000 maximum | CONTEXT_WINDOW
            400 | invalid_request_error | | input length and `max_tokens` exceed context limit: 1 + 2 > 3 | CONTEXT_WINDOW
            400 | INVALID_ARGUMENT | | The input token count (1) exceeds the maximum number of tokens allowed (2) | CONTEXT_WINDOW
            400 | ValidationException | | Input is too long for requested model. | CONTEXT_WINDOW
            400 | exceed_context_size_error | 400 | request (9 tokens) exceeds the available context size (5 tokens) | CONTEXT_WINDOW
            400 | TOO_MANY_TOKENS | | too many tokens: size limit exceeded by 3 tokens | CONTEXT_WINDOW
            413 | | | This endpoint's maximum context length is 200000 tokens | CONTEXT_WINDOW
            429 | | | too many tokens per minute | OTHER
            413 | request_too_large | | Request exceeds the maximum size | OTHER
            400 | | content_filter | The response was filtered due to the prompt triggering the content management policy | CONTENT_POLICY
            400 | invalid_request_error | content_policy_violation | Your request was rejected by our safety system | CONTENT_POLICY
            400 | invalid_request_error | | Output blocked by content filtering policy | CONTENT_POLICY
            400 | invalid_request_error | invalid_prompt | your prompt was flagged as potentially violating our usage policy | CONTENT_POLICY
            400 | data_inspection_failed | data_inspection_failed | Input data may contain inappropriate content. | CONTENT_POLICY
            403 | | 403 | meta requires moderation on OpenInference. Your input was flagged | CONTENT_POLICY
            429 | insufficient_quota | insufficient_quota | You exceeded your current quota | SPENT
            429 | rate_limit_error | enforced_spend_limit_reached | You have reached your spend limit | SPENT
            402 | | | Payment required | SPENT
            402 | billing_error | | Billing | SPENT
            400 | invalid_request_error | | Your credit balance is too low to access the API | SPENT
            403 | | | Your team has used all available credits | SPENT
            400 | INVALID_ARGUMENT | API_KEY_INVALID | API key not valid. Please pass a valid API key. | BAD_KEY
            400 | | invalid-argument | Incorrect API key provided. | BAD_KEY
            400 | invalid_request_error | empty_array | Invalid 'messages' | OTHER
            429 | requests | rate_limit_exceeded | Rate limit reached | OTHER
            500 | server_error | | The context window of the server is broken | OTHER
            401 | authentication_error | | invalid x-api-key | OTHER
            """)
    void errorsAreWhatTheyAreAbout(int status, String type, String code, String message, Complaint about) {
        assertThat(Complaint.of(status, type, code, message)).isEqualTo(about);
    }
}
