package dev.tollgate;

import dev.tollgate.dialect.Complaint;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** Writes short whole answers: refusals in the caller's dialect, and the gateway's own documents. */
final class Answers {

    /** A limit that is whole again next week is not waited for; some SDKs would. */
    private static final Duration LONGEST_WAIT = Duration.ofHours(1);

    private Answers() {}

    /** Answers with a document. */
    static CompletionStage<Void> send(Exchange exchange, int status, String contentType, byte[] body) {
        return send(exchange, status, List.of(new Header("content-type", contentType)), body);
    }

    /**
     * Answers with a refusal.
     *
     * @param extra headers to send besides those of the refusal itself
     * @param named whether the gateway's own headers may be sent
     */
    static CompletionStage<Void> refuse(
            Exchange exchange, Endpoint endpoint, Refusal refusal, String callId, List<Header> extra, boolean named) {
        byte[] verbatim = refusal.verbatim();
        byte[] body = verbatim != null ? verbatim : endpoint.dialect().errorBody(refusal, callId);
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("content-type", "application/json"));
        headers.add(new Header("x-request-id", callId));
        headers.addAll(endpoint.dialect().errorHeaders(refusal, callId));
        refusal.retryAfter().ifPresent(wait -> addRetryAfter(headers, wait));
        if (retryIsVain(refusal)) {
            headers.add(new Header("x-should-retry", "false"));
        }
        headers.addAll(extra);
        if (named) {
            headers.add(new Header("x-tollgate-call-id", callId));
            headers.add(new Header("x-tollgate-error", refusal.code().id()));
        }
        return send(exchange, endpoint.dialect().errorStatus(refusal), headers, body);
    }

    private static CompletionStage<Void> send(Exchange exchange, int status, List<Header> headers, byte[] body) {
        List<Header> all = new ArrayList<>(headers);
        all.add(new Header("content-length", String.valueOf(body.length)));
        exchange.head(status, all);
        if (body.length == 0 || exchange.method().equals("HEAD")) {
            return exchange.end();
        }
        return exchange.write(ByteBuffer.wrap(body)).thenCompose(written -> exchange.end());
    }

    /** Both forms of the wait that SDKs read; whole seconds are rounded up, so that who waits that long gets through. */
    private static void addRetryAfter(List<Header> headers, Duration wait) {
        long millis = Math.max(1, wait.plusNanos(999_999).toMillis());
        headers.add(new Header("retry-after", String.valueOf((millis + 999) / 1000)));
        headers.add(new Header("retry-after-ms", String.valueOf(millis)));
    }

    /** Whether the provider's 429 is about an account that is spent, which no wait mends. */
    private static boolean isOutOfMoney(Refusal refusal) {
        return Complaint.of(
                        refusal.status(),
                        refusal.providerType().orElse(null),
                        refusal.providerCode().orElse(null),
                        refusal.message())
                == Complaint.SPENT;
    }

    /** Whether the same request would fail again: all but waits and overload, which pass. */
    private static boolean retryIsVain(Refusal refusal) {
        return switch (refusal.code()) {
            case PROVIDER_RATE_LIMITED -> isOutOfMoney(refusal);
            case POLICY_RATE_LIMITED ->
                refusal.retryAfter()
                        .filter(wait -> wait.compareTo(LONGEST_WAIT) > 0)
                        .isPresent();
            case POLICY_CONCURRENCY_LIMITED,
                    PROVIDER_OVERLOADED,
                    GATEWAY_OVERLOADED,
                    GATEWAY_LIMITER_UNAVAILABLE,
                    GATEWAY_LEDGER_UNAVAILABLE,
                    GATEWAY_DRAINING,
                    CALLER_TIMEOUT -> false;
            default -> true;
        };
    }
}
