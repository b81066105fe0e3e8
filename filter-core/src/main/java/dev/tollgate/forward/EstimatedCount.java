package dev.tollgate.forward;

import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Header;
import dev.tollgate.Refusal;
import dev.tollgate.dialect.TokenCounting;
import dev.tollgate.dialect.TokenEstimate;
import dev.tollgate.dialect.Unstreamed;
import dev.tollgate.dialect.WriteTerms;
import dev.tollgate.json.Json;
import dev.tollgate.provider.Quirks;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** The gateway's own answer to how many tokens a chat has, where no target can tell. */
final class EstimatedCount implements Reply {
    private final Forwarder forwarder;
    private final Call call;
    private final byte[] answer;

    /** @throws Refusal when the request cannot be read in its own dialect */
    EstimatedCount(Forwarder forwarder, Call call, TokenCounting callers) {
        this.forwarder = forwarder;
        this.call = call;
        WriteTerms terms = new WriteTerms(Quirks.NONE, "", 1);
        this.answer = Json.write(
                callers.writeCount(TokenEstimate.of(Unstreamed.read(callers::readRequest, call.body())), terms));
    }

    @Override
    public CompletionStage<Void> streamBack() {
        return call.account().close(200, null).thenCompose(settled -> send());
    }

    private CompletionStage<Void> send() {
        List<Header> headers = new ArrayList<>();
        headers.add(new Header("content-type", "application/json"));
        headers.add(new Header("content-length", String.valueOf(answer.length)));
        headers.addAll(forwarder.answerHeaders.ofOwn(call));
        call.sentStatus(200);
        call.firstByte();
        call.exchange().head(200, headers);
        return call.exchange()
                .write(ByteBuffer.wrap(answer))
                .thenCompose(taken -> call.exchange().end())
                .handle((done, failure) -> failure)
                .thenCompose(EstimatedCount::outcome);
    }

    private static CompletionStage<Void> outcome(@Nullable Throwable failure) {
        return failure == null
                ? CompletableFuture.completedFuture(null)
                : CompletableFuture.failedFuture(
                        new Refusal(ErrorCode.CALLER_CANCELLED, "the caller left before the answer was whole"));
    }
}
