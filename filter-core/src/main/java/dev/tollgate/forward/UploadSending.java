package dev.tollgate.forward;

import dev.tollgate.ErrorCode;
import dev.tollgate.Refusal;
import dev.tollgate.receive.FormScanner;
import dev.tollgate.receive.Upload;
import dev.tollgate.stream.Lane;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A form on its way from a caller to a provider, as fast as the provider takes it. Used only in the call's lane. */
final class UploadSending implements FormScanner.Output {

    /** Decides about the models that forms name. */
    interface Models {

        /**
         * The provider's own name of a model that a form names.
         *
         * @throws Refusal when the caller may not use it, or it is somewhere else
         */
        String nameOf(String model);

        /** @throws Refusal when a form that names no model must not be sent */
        void ending(boolean named);
    }

    private final Upload upload;
    private final Models models;
    private final Lane lane;
    private final Runnable onProgress;
    private final Consumer<Refusal> onFault;
    private final BodyPipe pipe;
    private boolean room = true;
    private boolean reading;
    private boolean over;
    private boolean sent;
    private long taken;

    UploadSending(Upload upload, Models models, Lane lane, Runnable onProgress, Consumer<Refusal> onFault) {
        this.upload = upload;
        this.models = models;
        this.lane = lane;
        this.onProgress = onProgress;
        this.onFault = onFault;
        this.pipe = new BodyPipe(length(), () -> lane.run(this::roomAgain), () -> lane.run(this::allSent));
    }

    BodyPipe pipe() {
        return pipe;
    }

    /** Whether the provider has been given all of it. */
    boolean isSent() {
        return sent;
    }

    /** Whether the provider is being waited for, rather than the caller. */
    boolean isHeldBack() {
        return !room;
    }

    /** Bytes of the caller's so far. */
    long taken() {
        return taken;
    }

    /** What the form will be long, where that can be known before its end: its model may have another name there. */
    private long length() {
        Optional<String> model = upload.formModel();
        boolean settled = upload.ended() || upload.scanner() == null || model.isPresent();
        if (!settled || upload.declared() < 0) {
            return -1;
        }
        return upload.declared()
                + model.map(name -> (long) utf8(models.nameOf(name)).length - utf8(name).length)
                        .orElse(0L);
    }

    void start() {
        guarded(() -> {
            upload.head().forEach(this::put);
            if (upload.ended()) {
                end(upload.formModel().isPresent());
            } else {
                readOn();
            }
        });
    }

    private void put(Upload.Piece piece) {
        if (piece.bytes() != null) {
            bytes(piece.bytes().duplicate());
        } else if (piece.model() != null) {
            model(piece.model());
        }
    }

    private void end(boolean named) {
        if (upload.scanner() != null && upload.ended()) {
            models.ending(named);
        }
        over = true;
        pipe.finish();
    }

    private void readOn() {
        if (over || reading || !room || upload.source() == null) {
            return;
        }
        reading = true;
        upload.source().read().whenComplete((piece, failure) -> lane.run(() -> took(piece, failure)));
    }

    private void took(Optional<ByteBuffer> piece, @Nullable Throwable failure) {
        reading = false;
        if (over) {
            return;
        }
        onProgress.run();
        if (failure != null) {
            fault(failure);
            return;
        }
        guarded(() -> {
            FormScanner scanner = upload.scanner();
            if (piece.isEmpty()) {
                if (scanner != null) {
                    scanner.end();
                }
                end(true);
            } else if (scanner != null) {
                scanner.feed(piece.get(), this);
            } else {
                bytes(piece.get());
            }
        });
        readOn();
    }

    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (Refusal refusal) {
            fault(refusal);
        }
    }

    private void fault(Throwable failure) {
        over = true;
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        onFault.accept(
                cause instanceof Refusal refusal
                        ? refusal
                        : new Refusal(ErrorCode.CALLER_CANCELLED, "the caller left before its request was whole"));
    }

    // --- what the scanner hands on

    @Override
    public void bytes(ByteBuffer bytes) {
        taken += bytes.remaining();
        room = pipe.put(bytes) && room;
    }

    @Override
    public void model(String value) {
        bytes(ByteBuffer.wrap(utf8(models.nameOf(value))));
    }

    @Override
    public void ending() {
        models.ending(upload.scanner() != null && upload.scanner().found());
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    // --- what the pipe tells

    private void roomAgain() {
        room = true;
        onProgress.run();
        readOn();
    }

    private void allSent() {
        sent = true;
        onProgress.run();
    }

    /** Sends nothing more. */
    void stop() {
        over = true;
    }
}
