package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.Exchange;
import dev.tollgate.Header;
import dev.tollgate.account.Used;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** A JSON document that a provider has answered with, which the gateway reads before the caller does. */
public final class DocumentReply implements Reply {
    private final Tries tries;
    private final RelayAttempt attempt;
    private final int status;
    private final List<Header> providers;
    private final byte[] body;
    private final @Nullable UploadSending sending;

    DocumentReply(
            Tries tries,
            RelayAttempt attempt,
            int status,
            List<Header> providers,
            byte[] body,
            @Nullable UploadSending sending) {
        this.tries = tries;
        this.attempt = attempt;
        this.status = status;
        this.providers = providers;
        this.body = body;
        this.sending = sending;
    }

    /** The document. */
    public byte[] body() {
        return body;
    }

    /** The name of the provider that answered. */
    public String provider() {
        return attempt.candidate().provider().name();
    }

    /** The same answer with another document. */
    public DocumentReply with(byte[] other) {
        return new DocumentReply(tries, attempt, status, providers, other, sending);
    }

    @Override
    public CompletionStage<Void> streamBack() {
        Call call = tries.call();
        attempt.charge().close(null, Used.UNKNOWN);
        return call.account().close(status, null).thenCompose(written -> send(call));
    }

    private CompletionStage<Void> send(Call call) {
        Exchange exchange = call.exchange();
        List<Header> headers = new ArrayList<>(RelayHeaders.of(tries, attempt, providers));
        headers.add(new Header("content-length", String.valueOf(body.length)));
        call.moved(sending == null ? -1 : sending.taken(), body.length);
        call.sentStatus(status);
        call.firstByte();
        exchange.head(status, headers);
        return Delivery.of(tries, body, () -> call.upload().discard());
    }
}
