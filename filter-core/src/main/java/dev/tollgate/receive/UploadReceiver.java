package dev.tollgate.receive;

import dev.tollgate.BodySource;
import dev.tollgate.Call;
import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.json.JsonDocument;
import dev.tollgate.stream.Lane;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads what is needed of the body of a call that is not translated: all of a JSON document, and of a form as much as may be
 * held while it is decided where it goes.
 */
public final class UploadReceiver {
    /** The most of a form that is held, in bytes. */
    static final int MOST_HELD = 64 * 1024;

    private static final Pattern FORM = Pattern.compile(
            "multipart/form-data *; *boundary=(?:\"([0-9A-Za-z'()+_,./:=? -]{1,70})\"|([0-9A-Za-z'+_.-]{1,70}))",
            Pattern.CASE_INSENSITIVE);

    /**
     * Reads the body of a call.
     *
     * @param named whether a form of this call names a model
     */
    public CompletionStage<Call> read(Call call, boolean named) {
        call.askedForBody();
        if (!call.exchange().method().equals("POST")) {
            return call.exchange().readBody(0).handle((nothing, some) -> call.uploads(Upload.NONE));
        }
        String type = call.exchange().header("content-type").orElse("").strip();
        if (type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
            return form(call, type, named).thenApply(call::uploads);
        }
        if (!type.isEmpty() && !isJson(type)) {
            // Refused before anything is read: what the caller still sends is thrown away by whoever tells it.
            BodySource unwanted = call.exchange().body(0);
            call.uploads(new Upload(null, null, List.of(), false, null, unwanted));
            return CompletableFuture.failedFuture(new Refusal(
                    ErrorCode.CALLER_BAD_REQUEST, "send application/json or multipart/form-data with a boundary"));
        }
        long cap = call.setup().settings().server().maxBodyBytes();
        return call.exchange().readBody(cap).thenApply(bytes -> call.uploads(document(bytes)));
    }

    private static boolean isJson(String type) {
        String media = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return media.equals("application/json") || media.endsWith("+json");
    }

    private static Upload document(byte[] bytes) {
        return bytes.length == 0 ? Upload.NONE : Upload.of(JsonDocument.parse(bytes));
    }

    private CompletionStage<Upload> form(Call call, String type, boolean named) {
        BodySource source =
                call.exchange().body(call.setup().settings().server().maxUploadBytes());
        Matcher form = FORM.matcher(type);
        if (!form.matches()) {
            call.uploads(new Upload(null, null, List.of(), false, null, source));
            return CompletableFuture.failedFuture(
                    new Refusal(ErrorCode.CALLER_BAD_REQUEST, "the form's boundary is missing or malformed"));
        }
        String boundary = form.group(1) != null ? form.group(1) : form.group(2);
        // Written anew, so that the provider cannot read another boundary out of it than the gateway has.
        String told = "multipart/form-data; boundary=" + (form.group(1) != null ? '"' + boundary + '"' : boundary);
        call.uploads(new Upload(told, null, List.of(), false, null, source));
        return new Beginning(source, told, named ? new FormScanner(boundary) : null).read();
    }

    /** The beginning of a form while it is read. */
    private static final class Beginning {
        private final BodySource source;
        private final String type;
        private final @Nullable FormScanner scanner;
        private final Upload.Gathering gathered = new Upload.Gathering();
        private final CompletableFuture<Upload> begun = new CompletableFuture<>();
        private final Lane lane = new Lane(begun::completeExceptionally);

        Beginning(BodySource source, String type, @Nullable FormScanner scanner) {
            this.source = source;
            this.type = type;
            this.scanner = scanner;
        }

        CompletionStage<Upload> read() {
            lane.run(this::next);
            return begun;
        }

        private void next() {
            source.read().whenComplete((piece, failure) -> lane.run(() -> take(piece, failure)));
        }

        private void take(Optional<ByteBuffer> piece, @Nullable Throwable failure) {
            if (failure != null) {
                begun.completeExceptionally(failure);
            } else if (piece.isEmpty()) {
                if (scanner != null) {
                    scanner.end();
                }
                finish(true);
            } else {
                feed(piece.get());
                if (gathered.size >= MOST_HELD) {
                    finish(false);
                } else {
                    next();
                }
            }
        }

        private void feed(ByteBuffer bytes) {
            if (scanner == null) {
                gathered.bytes(bytes);
            } else {
                scanner.feed(bytes, gathered);
            }
        }

        private void finish(boolean ended) {
            begun.complete(new Upload(type, null, gathered.pieces, ended, scanner, source));
        }
    }
}
