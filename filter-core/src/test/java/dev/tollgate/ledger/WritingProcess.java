package dev.tollgate.ledger;

import dev.tollgate.config.Settings;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** A process that writes calls as fast as it can, and prints the id of each once it is durable. */
final class WritingProcess {
    private static final int UNDER_WAY = 64;

    private WritingProcess() {}

    public static void main(String[] arguments) throws InterruptedException {
        Settings.Ledger settings = new Settings.Ledger(Path.of(arguments[0]));
        Journal journal = Journal.open(settings, InstantSource.system(), entry -> {});
        java.util.concurrent.Semaphore slots = new java.util.concurrent.Semaphore(UNDER_WAY);
        for (long i = 0; ; i++) {
            String call = arguments[1] + '-' + i;
            String attempt = Entry.attemptId(call, 1);
            slots.acquire();
            journal.note(Rows.started(attempt));
            journal.write(List.of(Rows.ended(attempt), Rows.called(call))).whenComplete((done, failure) -> {
                if (failure == null) {
                    System.out.println(call);
                }
                slots.release();
            });
        }
    }
}
